"""Show finance what is needed, what a ceiling buys, why, and what it leaves undone."""
