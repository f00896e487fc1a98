"""Hold what waits to be retained by the broker, and know what found no room, so that it is published again."""

from __future__ import annotations

import threading

QUEUED_MOST = 250_000  # three messages for each agent of the country

Waiting = tuple[bytes, str, bytes]  # key, topic, payload


class Retained:
    """Keep messages in their order, of each topic the newest; safe from any thread.

    What finds no room is not kept, but its topic is noted (one whole number each) until a later message of it does.
    ``begin_again`` lets the thread that calls it publish everything once more, of which only what was noted is taken:
    each round gets further, however much there is.
    """

    def __init__(self, most: int = QUEUED_MOST) -> None:
        """Hold nothing, and never more than so many messages."""
        self._most = most
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[bytes, bytes]] = {}
        self._lacking: set[int] = set()
        self._wanted: set[int] | None = None
        self._again = 0  # the thread that publishes once more

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @property
    def lacks(self) -> bool:
        """Tell whether something found no room that was not published since."""
        return bool(self._lacking)

    def put(self, key: bytes, topic: str, payload: bytes) -> bool:
        """Take a message; return False when there is no room for it."""
        with self._lock:
            one = hash(topic)
            if self._wanted is not None and threading.get_ident() == self._again and one not in self._wanted:
                return True  # it found room before
            if topic not in self._waiting and len(self._waiting) >= self._most:
                self._lacking.add(one)
                return False
            self._waiting[topic] = (key, payload)
            self._lacking.discard(one)
            return True

    def take(self, most: int) -> list[Waiting]:
        """Return the oldest, at most so many; they wait no longer."""
        with self._lock:
            topics = [topic for topic, _ in zip(self._waiting, range(most), strict=False)]
            return [(key, topic, payload) for topic in topics for key, payload in (self._waiting.pop(topic),)]

    def begin_again(self) -> None:
        """Take from this thread only what found no room before, until ``begin_anew``."""
        with self._lock:
            self._wanted, self._lacking, self._again = self._lacking, set(), threading.get_ident()

    def begin_anew(self) -> None:
        """Take all again: the round is over, and what it did not bring up is of nobody any more."""
        with self._lock:
            self._wanted = None

    def forget(self) -> None:
        """Lack nothing: all is published from the beginning, or nobody publishes any more."""
        with self._lock:
            self._wanted, self._lacking = None, set()
