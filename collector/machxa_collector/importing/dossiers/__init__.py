"""Take dossiers and their counts in from files: which column is what, what may never be in it, rows judged whole."""
