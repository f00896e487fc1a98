"""Tell why this computer goes, when it slept, and how it went when it could not say so."""
