"""Record a device: the columns that profiles ask for, and its maker's private tree, within bounds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Dict, List, Optional, Set, Tuple

from machxa_agent.discovery.anonymous import anonymous
from machxa_agent.discovery.snmprec import Row, Unreadable, rows
from machxa_agent.snmp.answers import ENTERPRISES, Oid, oid
from machxa_agent.snmp.ask import ask
from machxa_agent.snmp.device import device
from machxa_agent.snmp.identity import matched
from machxa_agent.snmp.identity import read as read_fact
from machxa_agent.snmp.places import object_id
from machxa_agent.snmp.profiles import Profiles
from machxa_agent.snmp.session import Community
from machxa_agent.snmp.target import Limits, Target
from machxa_agent.snmp.walk import Complaint, Reply, Silent, Walker

MOST_ROWS = 5000  # of private trees
_SYSTEM = oid("1.3.6.1.2.1.1")
LIMITS = Limits(seconds=180.0, answer_bytes=8_000_000)


@dataclass(frozen=True)
class Recording:
    """Hold the rows, ready to be given away; leaks names rows in which something of the original is left."""

    rows: Tuple[Row, ...]
    leaks: Tuple[str, ...]
    model: Optional[str]
    complaints: Tuple[Complaint, ...]


class _Recorder(Community):
    """Exchange messages as a session does, and keep what came, with its types."""

    def __init__(self, target: Target, limits: Limits) -> None:
        self.kept: Dict[Oid, Row] = {}
        super().__init__(target, limits)

    def _accepted(self, raw: bytes, asked: int, version: Optional[int]) -> Optional[Tuple[int, Reply]]:
        reply = super()._accepted(raw, asked, version)
        if reply is not None:
            try:
                self.kept.update((row.name, row) for row in rows(raw))
            except Unreadable:
                self.complaints.add(Complaint.UNREADABLE)
        return reply


def record(target: Target, profiles: Profiles, limits: Limits = LIMITS) -> Recording:
    """Return a device's recording without serials, addresses, names and places; raises Silent, OSError."""
    link = _Recorder(target, limits)
    try:
        walker = Walker(link)
        answers = ask(walker, profiles)
        complaints = set(link.complaints)
        _private(walker, link, _makers(object_id(answers), answers.trees))
    finally:
        link.close()
    known = device(answers, profiles).identity
    # the profiles know where serial numbers stand that no pattern would show
    serials: List[Optional[str]] = [known.serial]
    for match in matched(answers, profiles):
        places = [source for source in match.family.serial if source.at is not None]
        serials += [read_fact(answers, source, {}) for source in places] + [match.group("serial")]
    told = {one.encode() for one in serials if one}
    keep = [one for one in (known.vendor, known.model) if one]
    changed, left = anonymous(tuple(link.kept.values()), secrets.token_bytes(32), told, keep)
    return Recording(tuple(changed), tuple(left), known.model, tuple(sorted(complaints, key=lambda one: one.name)))


def _makers(found: Optional[Oid], trees: frozenset[Oid]) -> Set[Oid]:
    makers = {tree for tree in trees if tree[: len(ENTERPRISES)] == ENTERPRISES}
    if found is not None and len(found) > len(ENTERPRISES):
        makers.add(found[: len(ENTERPRISES) + 1])
    return makers


def _private(walker: Walker, link: _Recorder, makers: Set[Oid]) -> None:
    """Read the system group and private trees; one that goes on, or a device that stops, ends it with what there is."""
    left = MOST_ROWS
    for tree in (_SYSTEM, *sorted(makers)):
        before = len(link.kept)
        try:
            walker.columns([tree], {}, left)
        except Silent:
            return
        left -= len(link.kept) - before
        if left <= 0:
            return
