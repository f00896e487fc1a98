"""Ask what cannot run an agent, over SNMP: printers, routers, switches, access points, UPSes, storage.

``session`` speaks the protocol and is the only module that imports pysnmp; ``walk`` asks for scalars and columns
within bounds; ``ask`` chooses what to ask; everything else turns the answers into facts and does no input or output.
"""
