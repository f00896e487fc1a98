"""Take files into the registry: keep them, preview them, write them in one act, and give records out as files."""
