"""Say which families a device belongs to, best first, from what it says of itself. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import FrozenSet, List, Optional, Pattern, Tuple

from machxa_agent.snmp.answers import ENTERPRISES, Oid
from machxa_agent.snmp.profiles import Family, Profiles

NET_SNMP: Oid = (*ENTERPRISES, 8072)  # the agent's own number: says nothing of the device


@dataclass(frozen=True)
class Match:
    """Hold a family that fits, and what fitted: the match in sysDescr, how much of sysObjectID, the private tree."""

    family: Family
    described: Optional[re.Match[str]]
    object_length: int
    in_trees: bool

    def group(self, fact: str) -> Optional[str]:
        """Return a fact that stands in sysDescr."""
        return self.described.groupdict().get(fact) if self.described else None


def enterprise(object_id: Optional[Oid]) -> Optional[int]:
    """Return the enterprise number in a sysObjectID, None where there is none."""
    if object_id is None or len(object_id) <= len(ENTERPRISES) or object_id[: len(ENTERPRISES)] != ENTERPRISES:
        return None
    return object_id[len(ENTERPRISES)]


def says_nothing(object_id: Optional[Oid]) -> bool:
    """Return whether a sysObjectID names no maker: missing, 0.0, or the number of net-snmp itself."""
    return enterprise(object_id) in (None, NET_SNMP[-1])


def matches(profiles: Profiles, described: str, object_id: Optional[Oid], trees: FrozenSet[Oid]) -> Tuple[Match, ...]:
    """Return the families that fit, best first: by sysDescr, which lies least, then by sysObjectID, then by tree."""
    found: List[Match] = []
    for family in profiles.families:
        match = _first(family.described, described)
        length = max((len(one) for one in family.objects if object_id and object_id[: len(one)] == one), default=0)
        in_trees = says_nothing(object_id) and bool(trees.intersection(family.makers_trees))
        if match or length or in_trees:
            found.append(Match(family, match, length, in_trees))
    return tuple(sorted(found, key=lambda one: (one.described is None, -one.object_length)))


def _first(patterns: Tuple[Pattern[str], ...], text: str) -> Optional[re.Match[str]]:
    return next((match for match in (pattern.search(text) for pattern in patterns) if match), None)
