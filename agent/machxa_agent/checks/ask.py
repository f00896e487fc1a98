"""Run one check once: resolve, connect to what was resolved, speak as little as will do, hang up."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from machxa_agent.checks import http, timestamp
from machxa_agent.checks.addresses import refusal
from machxa_agent.checks.certificate import days_left
from machxa_agent.checks.stream import Ended, Limits, Plain, Secured, connected, trusting
from machxa_agent.checks.verdict import Stop, Tried
from machxa_wire.catalogue import ANCHOR, DNS, HTTP, TCP, TLS_ONLY, TSP, Check, allows, ipv4

if TYPE_CHECKING:
    import ssl

KINDS = frozenset((ANCHOR, DNS, TCP, TLS_ONLY, HTTP, TSP))
_SESSION_SECONDS = 3600.0  # then a whole handshake looks at the certificate again
_MOST_ADDRESSES = 2
_NO_SUCH_NAME = frozenset(  # gai_strerror(3), and WSAHOST_NOT_FOUND, WSANO_DATA of Windows
    (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), 11001, 11004)
)
_PACKET_BYTES, _SEGMENT_BYTES = 46, 1400
_ALWAYS_PACKETS, _DNS_BYTES = 8, 240  # of a connection's begin, end and acknowledgements; a question for A and AAAA

Address = Tuple[int, bytes, Tuple[object, ...]]
Resolve = Callable[[str, int], List[Address]]
Rule = Callable[[bytes, Sequence[str], int], Optional[Stop]]
Line = Union[Plain, Secured]


class _Kept(NamedTuple):
    session: ssl.SSLSession
    certificate: Optional[bytes]
    at: float


class Asker:
    """Ask hosts; one object keeps TLS sessions, and may be used by several threads, each for another check."""

    def __init__(
        self,
        resolve: Optional[Resolve] = None,
        rule: Rule = refusal,
        limits: Limits = Limits(),  # noqa: B008 - a constant
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        trust: Optional[Callable[[bool], ssl.SSLContext]] = None,
    ) -> None:
        """Prepare; now is the wall clock in seconds since 1970, by which certificates' days are counted."""
        self._resolve, self._rule, self._limits = resolve or resolved, rule, limits
        self._clock, self._now = clock, now
        self._trust = trust or (lambda anyone: trusting(anyone=anyone))
        self._contexts: Dict[bool, ssl.SSLContext] = {}
        self._kept: Dict[Tuple[str, int, str], _Kept] = {}

    def ask(self, check: Check, hosts: Sequence[str]) -> Tried:
        """Return what one try saw; whatever the network does is in it, nothing is raised for it."""
        turn = _Turn(check, self._clock)
        try:
            self._run(turn, check, hosts)
        except Ended as ended:
            turn.tried = replace(turn.tried, stop=ended.stop)
            self._kept.pop((check.host, check.port, check.tls), None)
        finally:
            turn.close()
        return turn.result()

    def _run(self, turn: _Turn, check: Check, hosts: Sequence[str]) -> None:
        if not allows(hosts, check.host, check.port):
            raise Ended(Stop.NOT_ALLOWED)
        addresses = self._allowed(turn, check, hosts)
        if check.kind == DNS:
            return
        turn.begin("tcp", "connect")
        line: Line = turn.take(self._connected(addresses, turn.began + self._limits.whole_seconds))
        turn.end()
        if check.kind == TCP:
            return
        if check.tls != "none":
            turn.begin("tls", "tls")
            line = secured = self._secured(turn, check)
            turn.end()
            if check.kind != TLS_ONLY:
                _page(turn, check, secured, hosts)
            self._keep(check, secured)
        elif check.kind == TSP:
            _stamp(turn, check, line)
        else:
            _page(turn, check, line, hosts)

    def _allowed(self, turn: _Turn, check: Check, hosts: Sequence[str]) -> List[Address]:
        """Return the addresses that may be connected to, of a name resolved once."""
        is_name = ipv4(check.host) is None
        if is_name:
            turn.begin("dns", "dns")
        found = self._resolve(check.host, check.port)
        if is_name:
            turn.end()
        refused = [self._rule(packed, hosts, check.port) for _, packed, _ in found]
        allowed = [one for one, stop in zip(found, refused) if stop is None]
        if not allowed:
            raise Ended(next((stop for stop in refused if stop is not None), Stop.NO_NAME))
        return allowed[:_MOST_ADDRESSES]

    def _connected(self, addresses: Sequence[Address], until: float) -> Plain:
        last = Ended(Stop.UNREACHABLE)
        for family, _, address in addresses:
            try:
                return connected(address, family, until, self._limits, self._clock)
            except Ended as ended:  # noqa: PERF203 - the next address may do
                last = ended
        raise last

    def _secured(self, turn: _Turn, check: Check) -> Secured:
        anyone = check.tls == "any"
        if anyone not in self._contexts:
            self._contexts[anyone] = self._trust(anyone)
        kept = self._kept.get((check.host, check.port, check.tls))
        if kept is not None and (self._is_old(kept)):
            kept = None
        line = Secured(turn.plain(), self._contexts[anyone], check.host, None if kept is None else kept.session)
        told = line.certificate() or (None if kept is None else kept.certificate)
        turn.tried = replace(turn.tried, days_left=None if told is None else days_left(told, self._now()))
        return line

    def _is_old(self, kept: _Kept) -> bool:
        ends = None if kept.certificate is None else days_left(kept.certificate, self._now())
        return self._clock() - kept.at >= _SESSION_SECONDS or (ends is not None and ends < 0)

    def _keep(self, check: Check, line: Secured) -> None:
        """Keep the session as long as one whole handshake is allowed to stand for later ones."""
        key = (check.host, check.port, check.tls)
        session, before = line.session(), self._kept.get(key)
        if session is None:
            return
        is_resumed = before is not None and not self._is_old(before)
        at = before.at if before is not None and is_resumed else self._clock()
        self._kept[key] = _Kept(session, line.certificate() or (before.certificate if before else None), at)


class _Turn:
    """Hold what one try has seen so far."""

    def __init__(self, check: Check, clock: Callable[[], float]) -> None:
        self._clock, self.began = clock, clock()
        self.tried = Tried("dns")
        self._seconds: Dict[str, float] = {}
        self._open: Optional[Tuple[str, float]] = None
        self._line: Optional[Plain] = None
        self._asked_dns = ipv4(check.host) is None

    def begin(self, phase: str, timed: str) -> None:
        self.tried = replace(self.tried, phase=phase)
        self._open = (timed, self._clock())

    def end(self) -> None:
        if self._open is not None:
            self._seconds[self._open[0]] = self._clock() - self._open[1]
            self._open = None

    def take(self, line: Plain) -> Plain:
        self._line = line
        return line

    def plain(self) -> Plain:
        if self._line is None:
            raise Ended(Stop.UNREACHABLE)
        return self._line

    def close(self) -> None:
        if self._line is not None:
            self._line.close()

    def result(self) -> Tried:
        seconds = {**self._seconds, "total": self._clock() - self.began}
        return replace(self.tried, seconds=seconds, traffic_bytes=self._traffic())

    def _traffic(self) -> int:
        """Return the bytes of all packets: those of TCP are counted, their headers and DNS's estimated."""
        if self.tried.stop in (Stop.NOT_ALLOWED, Stop.STUCK):
            return 0
        dns = _DNS_BYTES if self._asked_dns else 0
        if self._line is None:
            return dns if self.tried.phase == "dns" else dns + 3 * _PACKET_BYTES
        carried = self._line.sent_bytes + self._line.received_bytes
        packets = _ALWAYS_PACKETS + 2 * (1 + carried // _SEGMENT_BYTES)
        return dns + carried + packets * _PACKET_BYTES


def resolved(host: str, port: int) -> List[Address]:
    """Return a name's addresses as this computer resolves it: family, packed address, and what to connect to."""
    try:
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    except socket.gaierror as exc:
        raise Ended(Stop.NO_NAME if exc.errno in _NO_SUCH_NAME else Stop.RESOLVER) from exc
    except (OSError, ValueError) as exc:
        raise Ended(Stop.RESOLVER) from exc
    return [(family, socket.inet_pton(family, str(to[0])), to) for family, _, _, _, to in found if _is_plain(to)]


def _is_plain(address: Tuple[object, ...]) -> bool:
    return "%" not in str(address[0])  # no zone: a link's own address is never asked


def _page(turn: _Turn, check: Check, line: Line, hosts: Sequence[str]) -> None:
    """Ask for a page and read until the keyword was seen, or as far as the head where there is none."""
    turn.begin("http", "first_byte")
    line.send(http.request(check.host, check.port, check.path, scheme="http" if check.tls == "none" else "https"))
    told, raw = _head(turn, line)
    location = told.redirect
    if location is not None:
        to, port = http.leads_to(location, check.host, check.port)
        is_foreign = to != check.host and not allows(hosts, to, port)
        turn.tried = replace(turn.tried, redirect="" if to == check.host else to[:100], is_foreign=is_foreign)
    turn.tried = replace(turn.tried, status=told.status)
    if check.keyword is None or location is not None or told.status >= 400:  # noqa: PLR2004 - an error's page says nothing
        return
    wanted = check.keyword.encode("utf-8")
    content, is_whole = http.body(raw, told)
    while wanted not in content and not is_whole and len(raw) < http.MOST_BODY_BYTES:
        more = line.receive()
        if not more:
            break
        raw += more
        content, is_whole = http.body(raw, told)
    turn.tried = replace(turn.tried, has_keyword=wanted in content)


def _stamp(turn: _Turn, check: Check, line: Line) -> None:
    imprint = os.urandom(timestamp.IMPRINT_BYTES)
    turn.begin("tsp", "first_byte")
    question = (timestamp.QUERY, timestamp.query(imprint))
    line.send(http.request(check.host, check.port, check.path, scheme="http", body=question))
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


def _head(turn: _Turn, line: Line) -> Tuple[http.Head, bytes]:
    """Return the head of the answer and what came with it."""
    raw, is_first = b"", True
    while True:
        more = line.receive()
        if is_first:
            turn.end()
            is_first = False
        if not more:
            raise Ended(Stop.NOT_HTTP if raw else Stop.CLOSED)
        raw += more
        try:
            told = http.head(raw)
        except http.NotHttp as exc:
            raise Ended(Stop.NOT_HTTP) from exc
        if told is not None and told.status >= 200:  # noqa: PLR2004 - what is below only announces the answer
            return told, raw
        if told is not None:
            raw = raw[told.size :]
        elif len(raw) > http.MOST_HEAD_BYTES:
            raise Ended(Stop.HEAD)
