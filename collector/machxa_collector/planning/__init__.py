"""Tell what is outdated, missing, to be transferred, repaired or bought, and plan it under a ceiling. Pure."""
