"""Plan over a store: the commands, the benchmark, and what reads and writes around the pure planning."""
