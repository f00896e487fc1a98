"""Take in what agents measured, keep it, and answer for it."""
