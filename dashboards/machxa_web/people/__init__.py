"""Sign people in, let them look after their own account, and let administrators look after accounts."""
