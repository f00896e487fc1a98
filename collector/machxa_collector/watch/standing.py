"""Hold where something stands and since when: the newest transition counts, whatever order they come in. Pure."""

from __future__ import annotations


class Standing:
    """Hold a state word, its reasons, and since when it is true, milliseconds since 1970 UTC; was: the word before."""

    __slots__ = ("reasons", "since", "state", "was")

    def __init__(self, state: str, since: int, reasons: tuple[str, ...] = ()) -> None:
        """Begin in a state."""
        self.state = state
        self.since = since
        self.reasons = reasons
        self.was: str | None = None

    def take(self, state: str, at: int, reasons: tuple[str, ...] = ()) -> bool:
        """Take a transition; return whether anything changed. One that is older than what is known is passed over."""
        if at < self.since or (state == self.state and reasons == self.reasons):
            return False
        if state != self.state:
            self.was, self.state, self.since = self.state, state, at
        self.reasons = reasons
        return True
