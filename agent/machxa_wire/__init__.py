"""Hold the contract between agents and collector: records, topics, codec, limits. Standard library only."""
