"""Feed the impact model from the store: incidents, devices, counts, calendars, paper; and answer what was asked."""
