"""Say where somebody may look: the nation, a province, some units, or one commune."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

MOST_UNITS = 200
_PROVINCE = re.compile(r"[0-9]{2}", re.ASCII)
_UNIT = re.compile(r"[0-9]{5}|[0-9]{2}-HCC", re.ASCII)
_NATION = "nation"


class Reach(Enum):
    """Tell territories apart by size."""

    NATION = "nation"
    PROVINCE = "province"
    CLUSTER = "cluster"
    COMMUNE = "commune"


class BadScope(ValueError):
    """Say why a text names no territory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Hold a territory: codes are empty for the nation, one province's, one unit's, or those of a cluster."""

    reach: Reach
    codes: frozenset[str]

    @property
    def is_wide(self) -> bool:
        """Return whether what stands in no unit yet is seen too: by the nation and by provinces."""
        return self.reach in (Reach.NATION, Reach.PROVINCE)

    def covers(self, unit: str | None, province: str | None) -> bool:
        """Return whether a unit is inside.

        unit None is no unit yet; province is the one that the unit lies in (None for a province's own code, and
        where it is not known).
        """
        if unit is None:
            return self.is_wide
        if self.reach is Reach.PROVINCE:
            return unit in self.codes or province in self.codes
        return self.reach is Reach.NATION or unit in self.codes

    def __str__(self) -> str:
        """Return the text that read_scope understands."""
        return " ".join(sorted(self.codes)) or _NATION


NATION = Scope(reach=Reach.NATION, codes=frozenset())


def read_scope(text: str) -> Scope:
    """Return a territory from "nation", a province's code, or the codes of units with spaces or commas between.

    Raises BadScope; whether a code exists is the caller's to ask.
    """
    codes = frozenset(re.split(r"[\s,]+", text.strip()))
    if codes == {_NATION}:
        return NATION
    if len(codes) == 1 and all(map(_PROVINCE.fullmatch, codes)):
        return Scope(reach=Reach.PROVINCE, codes=codes)
    if len(codes) > MOST_UNITS:
        raise BadScope(f"{len(codes)} units, expected {MOST_UNITS} at most; name the province instead")
    for code in codes:
        if not _UNIT.fullmatch(code):
            raise BadScope(f"{code[:20]!r}, expected nation, one province's code (86) or codes of units (29506 29512)")
    return Scope(reach=Reach.COMMUNE if len(codes) == 1 else Reach.CLUSTER, codes=codes)
