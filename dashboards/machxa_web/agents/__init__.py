"""Pages of agents and gateways: who reports and how well, roles, certificates, what is being rolled out."""
