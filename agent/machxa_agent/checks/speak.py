"""Hold what one try has seen, and speak HTTP and RFC 3161 over its connection, no longer than a check needs."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Callable, Dict, Optional, Sequence, Tuple, Union

from machxa_agent.checks import http, timestamp
from machxa_agent.checks.stream import Ended, Plain, Secured
from machxa_agent.checks.verdict import Stop, Tried
from machxa_wire.catalogue import Check, allows, ipv4

_PACKET_BYTES, _SEGMENT_BYTES = 46, 1400
_ALWAYS_PACKETS, _DNS_BYTES = 8, 240  # of a connection's begin, end and acknowledgements; a question for A and AAAA
_IN_FLIGHT_BYTES = 10_000  # of an answer that is not read to its end: ten segments are on their way already, RFC 6928

Line = Union[Plain, Secured]


class Turn:
    """Hold what one try has seen so far."""

    def __init__(self, check: Check, clock: Callable[[], float], method: str) -> None:
        self._clock, self.began, self.method = clock, clock(), method
        self.tried = Tried("dns")
        self._seconds: Dict[str, float] = {}
        self._open: Optional[Tuple[str, float]] = None
        self._line: Optional[Plain] = None
        self._asked_dns = ipv4(check.host) is None
        self._unread_bytes = 0

    def begin(self, phase: str, timed: str) -> None:
        """Begin a phase, timed under a name."""
        self.tried = replace(self.tried, phase=phase)
        self._open = (timed, self._clock())

    def end(self) -> None:
        """End the phase that is timed."""
        if self._open is not None:
            self._seconds[self._open[0]] = self._clock() - self._open[1]
            self._open = None

    def take(self, line: Plain) -> Plain:
        """Hold the connection, so that it is closed and its bytes are counted."""
        self._line = line
        return line

    def plain(self) -> Plain:
        """Return the connection in clear; raises Ended where there is none."""
        if self._line is None:
            raise Ended(Stop.UNREACHABLE)
        return self._line

    def leave(self, told: http.Head, read_bytes: int) -> None:
        """Hang up before the end of an answer: what is on its way by then is paid for too, unread."""
        left = _IN_FLIGHT_BYTES if told.length is None else told.length - read_bytes
        self._unread_bytes = max(0, min(_IN_FLIGHT_BYTES, left))

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()

    def result(self) -> Tried:
        """Return what was seen."""
        seconds = {**self._seconds, "total": self._clock() - self.began}
        return replace(self.tried, seconds=seconds, traffic_bytes=self._traffic())

    def _traffic(self) -> int:
        """Return the bytes of all packets: those of TCP are counted, their headers and DNS's estimated."""
        if self.tried.stop in (Stop.NOT_ALLOWED, Stop.STUCK):
            return 0
        dns = _DNS_BYTES if self._asked_dns else 0
        if self._line is None:
            return dns if self.tried.phase == "dns" else dns + 3 * _PACKET_BYTES
        carried = self._line.sent_bytes + self._line.received_bytes + self._unread_bytes
        packets = _ALWAYS_PACKETS + 2 * (1 + carried // _SEGMENT_BYTES)
        return dns + carried + packets * _PACKET_BYTES


def page(turn: Turn, check: Check, line: Line, hosts: Sequence[str]) -> None:
    """Ask for a page and read until the keyword was seen, or as far as the head where there is none."""
    turn.begin("http", "first_byte")
    scheme = "http" if check.tls == "none" else "https"
    line.send(http.request(check.host, check.port, check.path, scheme=scheme, method=turn.method))
    told, raw = _head(turn, line)
    location = told.redirect
    if location is not None:
        to, port = http.leads_to(location, check.host, check.port)
        is_foreign = to != check.host and not allows(hosts, to, port)
        turn.tried = replace(turn.tried, redirect="" if to == check.host else to[:100], is_foreign=is_foreign)
    turn.tried = replace(turn.tried, status=told.status)
    is_page = turn.method == "GET" and location is None and told.status < 400  # noqa: PLR2004 - an error's says nothing
    content, is_whole = http.body(raw, told)
    if check.keyword is None or not is_page:
        if turn.method == "GET" and not is_whole:
            turn.leave(told, len(content))
        return
    wanted = check.keyword.encode("utf-8")
    while wanted not in http.text(content, told) and not is_whole and len(raw) < http.MOST_BODY_BYTES:
        more = line.receive()
        if not more:
            break
        raw += more
        content, is_whole = http.body(raw, told)
    turn.tried = replace(turn.tried, has_keyword=wanted in http.text(content, told))
    if not is_whole:
        turn.leave(told, len(content))


def stamp(turn: Turn, check: Check, line: Line) -> None:
    """Ask for a time-stamp of chance."""
    imprint = os.urandom(timestamp.IMPRINT_BYTES)
    turn.begin("tsp", "first_byte")
    question = (timestamp.QUERY, timestamp.query(imprint))
    line.send(http.request(check.host, check.port, check.path, scheme="http", method="POST", body=question))
    told, raw = _head(turn, line)
    turn.tried = replace(turn.tried, status=told.status)
    if told.status != 200:  # noqa: PLR2004 - RFC 3161 3.4
        return
    content, is_whole = http.body(raw, told)
    while not is_whole and len(raw) < http.MOST_BODY_BYTES:
        more = line.receive()
        if not more:
            break
        raw += more
        content, is_whole = http.body(raw, told)
    stamped = timestamp.reply(content, imprint)
    if stamped is None:
        raise Ended(Stop.GARBAGE)
    turn.tried = replace(turn.tried, is_granted=stamped.is_granted)


def _head(turn: Turn, line: Line) -> Tuple[http.Head, bytes]:
    """Return the head of the answer and what came with it; heads that only announce it count for its length."""
    raw, announced_bytes, is_first = b"", 0, True
    while True:
        more = line.receive()
        if is_first:
            turn.end()
            is_first = False
        if not more:
            raise Ended(Stop.NOT_HTTP if raw or announced_bytes else Stop.CLOSED)
        raw += more
        try:
            told = http.head(raw)
            while told is not None and told.status < 200:  # noqa: PLR2004 - it announces, more may have come with it
                announced_bytes += told.size
                raw = raw[told.size :]
                told = http.head(raw)
        except http.NotHttp as exc:
            raise Ended(Stop.NOT_HTTP) from exc
        if told is not None:
            return told, raw
        if announced_bytes + len(raw) > http.MOST_HEAD_BYTES:
            raise Ended(Stop.HEAD)
