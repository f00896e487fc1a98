"""Carry messages: e-mail, webhook, and what apprise reaches; each with bounded waiting."""
