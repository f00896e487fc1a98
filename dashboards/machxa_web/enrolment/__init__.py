"""Pages of who is let in: codes for computers, computers that wait for a decision, tokens for programs and screens."""
