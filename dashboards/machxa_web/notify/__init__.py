"""Show people their notices, let them choose how they are told, and let administrators look after the channels."""
