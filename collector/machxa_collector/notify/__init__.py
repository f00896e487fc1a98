"""Tell people what happens: who, what, when and by which way; kept in an outbox until it is sent."""
