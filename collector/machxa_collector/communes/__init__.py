"""Put together what is shown of one commune: where its service breaks, layer by layer, and how its day went."""
