"""Show how systems, lines, units and devices served, and what each figure is made of."""
