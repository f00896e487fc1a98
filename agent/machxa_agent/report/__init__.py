"""Let a person at this computer report a fault, line or no line, and see what the agent sends."""
