"""Show people what the collector knows: server-rendered pages in Vietnamese and English."""
