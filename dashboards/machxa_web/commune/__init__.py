"""Show a commune: how ready it is, layer by layer, how its day goes, what stands there and what it lacks."""
