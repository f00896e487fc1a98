"""Keep a collector going for years: copies of its store, and a look at what is wrong with it."""
