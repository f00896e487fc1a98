"""Simulate a fleet that speaks through the real wire and outbox: for demo, load and drills."""
