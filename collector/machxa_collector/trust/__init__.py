"""The commands about trust: the audit trail, signed policies, rollouts."""
