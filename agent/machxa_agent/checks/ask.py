"""Run one check once: resolve, connect to what was resolved, speak as little as will do, hang up."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from machxa_agent.checks.addresses import refusal
from machxa_agent.checks.certificate import days_left
from machxa_agent.checks.speak import Line, Turn, page, stamp
from machxa_agent.checks.stream import Ended, Limits, Plain, Secured, connected, trusting
from machxa_agent.checks.verdict import Stop, Tried
from machxa_wire.catalogue import ANCHOR, DNS, HTTP, TCP, TLS_ONLY, TSP, Check, allows, ipv4

if TYPE_CHECKING:
    import ssl

KINDS = frozenset((ANCHOR, DNS, TCP, TLS_ONLY, HTTP, TSP))
_SESSION_SECONDS = 3600.0  # then a whole handshake looks at the certificate again
_PAGE_SECONDS = 3600.0  # then the page itself is looked at again, with its keyword
_DEAR_BYTES = 5000  # a page that costs less is asked for each time
_MOST_ADDRESSES = 2
_NO_SUCH_NAME = frozenset(  # gai_strerror(3), and WSAHOST_NOT_FOUND, WSANO_DATA of Windows
    (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), 11001, 11004)
)

Address = Tuple[int, bytes, Tuple[object, ...]]
Resolve = Callable[[str, int], List[Address]]
Rule = Callable[[bytes, Sequence[str], int], Optional[Stop]]


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
        self._pages: Dict[str, Tuple[Check, float, Optional[int]]] = {}  # that were well, when, with which status
        self._headless: Set[str] = set()  # checks whose server answers a head otherwise than a page

    def ask(self, check: Check, hosts: Sequence[str]) -> Tried:
        """Return what one try saw; whatever the network does is in it, nothing is raised for it.

        A page that was well and dear is asked for by its head alone for an hour; a head that is not as the page's was
        is nothing to judge by, and the page is asked for at once.
        """
        known = self._pages.get(check.id)
        by_head = None
        if known is not None and known[0] == check and self._clock() - known[1] < _PAGE_SECONDS:
            by_head = self._once(check, hosts, "HEAD")
            if by_head.stop is None and by_head.status == known[2]:
                return by_head
        tried = self._once(check, hosts, "POST" if check.kind == TSP else "GET")
        is_well = tried.stop is None and (tried.status or 0) < 400 and tried.has_keyword is not False  # noqa: PLR2004
        self._pages.pop(check.id, None)
        if by_head is not None:
            if is_well:
                self._headless.add(check.id)
            tried = replace(tried, traffic_bytes=tried.traffic_bytes + by_head.traffic_bytes)
        elif is_well and check.kind == HTTP and tried.traffic_bytes > _DEAR_BYTES and check.id not in self._headless:
            self._pages[check.id] = (check, self._clock(), tried.status)
        return tried

    def _once(self, check: Check, hosts: Sequence[str], method: str) -> Tried:
        turn = Turn(check, self._clock, method)
        try:
            self._run(turn, check, hosts)
        except Ended as ended:
            turn.tried = replace(turn.tried, stop=ended.stop)
            self._kept.pop((check.host, check.port, check.tls), None)
        finally:
            turn.close()
        return turn.result()

    def _run(self, turn: Turn, check: Check, hosts: Sequence[str]) -> None:
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
                page(turn, check, secured, hosts)
            self._keep(check, secured)
        elif check.kind == TSP:
            stamp(turn, check, line)
        else:
            page(turn, check, line, hosts)

    def _allowed(self, turn: Turn, check: Check, hosts: Sequence[str]) -> List[Address]:
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

    def _secured(self, turn: Turn, check: Check) -> Secured:
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
