"""Ask printers over IPP, whose SNMP is off: RFC 8010 (how it is written) and RFC 8011 (what it means).

``message`` writes and reads what travels, ``facts`` turns it into what SNMP would have said, both pure; ``client``
asks, and is the only one that knows a network.
"""
