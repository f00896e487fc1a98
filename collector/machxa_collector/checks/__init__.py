"""Know the systems that communes work with: who owns them, what stops without them, and what agents check of them."""
