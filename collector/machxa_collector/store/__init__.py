"""Keep what was committed: tables, migrations, samples, queries. The only SQL of the collector."""
