"""Show the whole product at work on a province that is made up: ``machxa demo``.

A simulated fleet speaks through the real wire and a real broker to a real collector; the books, the dossiers and
the day are invented, and every page says so.
"""
