"""Watch a commune's lines where no router can be asked: TSLCD and the Internet apart, without choking either.

``quality``, ``judge``, ``budget`` and ``igd`` are pure, ``dns``, ``hop``, ``ssdp`` and ``download`` ask the network one
thing each, ``watch`` puts them together. Nothing is asked that the configuration does not name.
"""
