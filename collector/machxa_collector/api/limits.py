"""Slow down who guesses or asks too much, for all threads of the web server together; forgotten at a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from machxa_collector.registry.people.throttle import Buckets, Throttle

WRONG_A_MINUTE_ACCOUNT = 5  # OWASP ASVS 5.0, 6.3.1 and 2.4.1
WRONG_A_MINUTE_ADDRESS = 10
REQUESTS_A_SECOND = 20.0
REQUESTS_AT_ONCE = 200
REQUESTS_A_SECOND_ADDRESS = 50.0  # many communes and thousands of agents stand behind one address
REQUESTS_AT_ONCE_ADDRESS = 1000

_VERIFIED_AT_ONCE = 4  # each takes 19 MiB and a processor
_WAIT_SECONDS = 5.0


@dataclass(slots=True)
class Try:
    """Hold one try of a secret: its guard says in the end whether it was wrong."""

    wrong: bool = True


class Held(Exception):
    """Say that a caller has to wait, in whole seconds, before it is heard again."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"wait {wait_ms} ms")
        self.seconds = max(1, -(-wait_ms // 1000))


class Limits:
    """Count tries and requests."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._accounts = Throttle(WRONG_A_MINUTE_ACCOUNT)
        self._addresses = Throttle(WRONG_A_MINUTE_ADDRESS)
        self._credentials = Buckets(REQUESTS_A_SECOND, REQUESTS_AT_ONCE)
        self._strangers = Buckets(REQUESTS_A_SECOND_ADDRESS, REQUESTS_AT_ONCE_ADDRESS)
        self._verifying = threading.BoundedSemaphore(_VERIFIED_AT_ONCE)

    @contextmanager
    def one_try(self, account: str, address: str) -> Iterator[Try]:
        """Let one try go on, few at once; raises Held for an account or address that was wrong too often."""
        tried = Try()
        self._enter(account, address)
        try:
            if not self._verifying.acquire(timeout=_WAIT_SECONDS):
                tried.wrong = False  # nothing was tried
                raise Held(round(_WAIT_SECONDS * 1000))
            try:
                yield tried
            finally:
                self._verifying.release()
        finally:
            self._leave(account, address, wrong=tried.wrong)

    def count_request(self, credential: str | None, address: str) -> None:
        """Count a request of a credential, else of an address; raises Held when there are too many."""
        with self._lock:
            if credential is None:
                wait = self._strangers.wait_ms(address, self._now_ms())
            else:
                wait = self._credentials.wait_ms(credential, self._now_ms())
        if wait:
            raise Held(wait)

    def _enter(self, account: str, address: str) -> None:
        now = self._now_ms()
        with self._lock:
            wait = self._addresses.enter(address, now)
            if not wait and (wait := self._accounts.enter(account, now)):
                self._addresses.leave(address, now, wrong=False)
        if wait:
            raise Held(wait)

    def _leave(self, account: str, address: str, *, wrong: bool) -> None:
        now = self._now_ms()
        with self._lock:
            self._addresses.leave(address, now, wrong=wrong)
            self._accounts.leave(account, now, wrong=wrong)
            if not wrong:
                self._accounts.forget(account)
