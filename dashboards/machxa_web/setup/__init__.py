"""Pages of the first setting-up: province, units, hours, first token, first computer."""
