"""Run the agent as a Windows service: what the system orders, whose rights it has, how it is registered."""
