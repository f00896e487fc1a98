"""Take reports from a phone without an account, follow them, and show a clerk the own unit."""
