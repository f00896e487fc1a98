"""Find a commune, a device or a dossier by what somebody types, from the head of every page."""
