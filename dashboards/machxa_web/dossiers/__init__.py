"""Show where figures of dossiers come from and how old they are, and take files of dossiers in."""
