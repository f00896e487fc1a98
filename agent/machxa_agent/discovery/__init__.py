"""Find devices in the networks that the configuration names, and record one so that its family can be learnt.

``ranges``, ``snmprec`` and ``anonymous`` are pure; ``scan`` and ``record`` ask the network.
"""
