"""Play a scenario, or a recorded week, through the whole judgement on a simulated clock: ``machxa drill``.

The only part of the collector that knows ``machxa_fleet``, the world that makes the records.
"""
