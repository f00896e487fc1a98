"""See computers and printers come and go on the gateway's own network, whether or not they run an agent.

``judge`` and ``arp`` are pure, ``reach`` asks one address once, ``work`` puts them together in one thread.
"""
