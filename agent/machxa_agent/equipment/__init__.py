"""Look at what hangs on this computer: its printers, scanners, signing tokens, certificates, and what must run here."""
