"""mosquitto 2 as Mạch Xã ships it: its configuration, and how to run it beside a collector."""
