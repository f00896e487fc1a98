"""Keep what was measured until the collector has it: one interface, on disk or in memory."""
