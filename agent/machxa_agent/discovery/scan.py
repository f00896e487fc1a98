"""Ask every address of a range what it is: a small SNMP question, a connection to a printer's ports; not too fast."""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from machxa_agent.ipp.client import Unreachable
from machxa_agent.ipp.client import ask as ask_ipp
from machxa_agent.ipp.facts import told
from machxa_agent.ipp.message import NotIpp
from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, Oid, Value, dotted, oid
from machxa_agent.snmp.identity import identity
from machxa_agent.snmp.profiles import Profiles
from machxa_agent.snmp.walk import Silent

logger = logging.getLogger(__name__)
PORTS = (631, 9100, 80)
_ASKED = (mib.SYS_OBJECT_ID_OID, oid(mib.SYS_DESCR), oid(mib.SYS_NAME))
_CONNECT_SECONDS = 0.7
_IPP_SECONDS = 6.0
_AT_ONCE = 32

Ask = Callable[[str, str, Sequence[Oid]], Dict[Oid, Value]]  # host, community, names; raises Silent, OSError


@dataclass(frozen=True)
class Plan:
    """Hold what is asked of whom; communities are never shown, ports may be empty."""

    hosts: Tuple[str, ...]
    communities: Tuple[str, ...] = field(repr=False)
    ports: Tuple[int, ...] = ()
    hosts_per_second: float = 10.0

    def least_seconds(self) -> float:
        """Return how long it takes at the least."""
        return len(self.hosts) / self.hosts_per_second


@dataclass(frozen=True)
class Found:
    """Hold a device that answered; None is for what it did not say.

    community counts from 1 in the plan's list, None where SNMP is off; by says what told the kind: snmp or ipp.
    """

    address: str
    ports: Tuple[int, ...]
    community: Optional[int] = None
    by: Optional[str] = None
    kind: Optional[str] = None
    vendor: Optional[str] = None
    model: Optional[str] = None
    sys_name: Optional[str] = None
    sys_descr: Optional[str] = None
    object_id: Optional[str] = None


def scan(plan: Plan, profiles: Profiles, ask: Optional[Ask], ipp_port: int = 631) -> Iterator[Found]:
    """Yield the devices as they answer; ask is None where no SNMP can be spoken.

    A fixed number of threads ask, and no address is begun before its turn in the plan's pace, so that neither a
    network of silence nor one that answers slowly makes it faster or wider.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    done: queue.SimpleQueue[Optional[Found]] = queue.SimpleQueue()
    for host in plan.hosts:
        waiting.put(host)
    pace = _Pace(plan.hosts_per_second)

    def work() -> None:
        while True:
            try:
                host = waiting.get_nowait()
            except queue.Empty:
                return
            pace.wait()
            found: Optional[Found] = None
            try:
                found = _look(host, plan, profiles, ask, ipp_port)
            except Exception:  # one address must never end the thread that asks the others
                logger.exception("asking %s broke", host)
            done.put(found)

    for number in range(min(_AT_ONCE, len(plan.hosts))):
        threading.Thread(target=work, name=f"discover-{number}", daemon=True).start()
    for _ in plan.hosts:
        found = done.get()
        if found is not None:
            yield found


class _Pace:
    """Let one through each time, so many a second, in whatever thread."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        time.sleep(turn - now)


def _look(host: str, plan: Plan, profiles: Profiles, ask: Optional[Ask], ipp_port: int) -> Optional[Found]:
    for number, community in enumerate(plan.communities if ask else (), 1):
        answers = _asked(host, community, ask)
        if answers is not None:
            return _from_snmp(host, _open_ports(host, plan.ports), number, answers, profiles)
    ports = _open_ports(host, plan.ports)
    if not ports:
        return None
    return (_from_ipp(host, ports, profiles, ipp_port) if ipp_port in ports else None) or Found(host, ports)


def _asked(host: str, community: str, ask: Optional[Ask]) -> Optional[Answers]:
    if ask is None:
        return None
    try:
        return Answers(scalars=ask(host, community, _ASKED))
    except (Silent, OSError):
        return None


def _open_ports(host: str, ports: Sequence[int]) -> Tuple[int, ...]:
    found: List[int] = []
    for port in ports:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            found.append(port)
    return tuple(found)


def _from_snmp(host: str, ports: Tuple[int, ...], number: int, answers: Answers, profiles: Profiles) -> Found:
    is_what = identity(answers, profiles)
    object_id = answers.scalars.get(mib.SYS_OBJECT_ID_OID)
    return Found(
        host, ports, number, "snmp",
        kind=is_what.kind.value if is_what.kind else None, vendor=is_what.vendor, model=is_what.model,
        sys_name=is_what.sys_name, sys_descr=answers.text(mib.SYS_DESCR),
        object_id=dotted(object_id) if isinstance(object_id, tuple) else None,
    )  # fmt: skip


def _from_ipp(host: str, ports: Tuple[int, ...], profiles: Profiles, port: int) -> Optional[Found]:
    try:
        is_what = told(ask_ipp(host, port, _IPP_SECONDS), profiles.makers).device.identity
    except (Unreachable, NotIpp):
        return None
    kind = is_what.kind.value if is_what.kind else None
    return Found(host, ports, None, "ipp", kind, is_what.vendor, is_what.model, is_what.sys_name)
