"""Hold what one site says of one system."""

from __future__ import annotations

BAD = frozenset({"down", "hang", "error", "untrusted"})


class Vote:
    """Hold one site's word: its state, since when, and who carries its line."""

    __slots__ = ("provider", "since", "state")

    def __init__(self, state: str, since: int, provider: str) -> None:
        """Take a word."""
        self.state = state
        self.since = since
        self.provider = provider
