"""Show what the impact model assumes and the documents that come of it."""
