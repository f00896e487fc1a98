"""Show the duty desk: how communes serve people now, what stops them, who has it in hand, what will break next."""
