"""Keep at hand what the duty desk shows of every unit, so that an answer costs the same for one viewer and for many."""
