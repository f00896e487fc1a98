"""Choose and order the communes of a list as its address asks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machxa_web.commune.shapes import Row
from machxa_web.languages import msg

SORTS: Mapping[str, str] = {
    "readiness": msg("least ready first"),
    "name": msg("by name"),
    "age": msg("longest without readings first"),
}
_GRAVEST = ("stopped", "partly", "unclear", "unseen", "weak", "planned", "never", "off", "well")
_MOST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Say which communes are shown: of a province, or what a text may mean; of a state ("" any); in which order."""

    province: str
    q: str
    serving: str
    sort: str

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Choice:
        """Return the choice of an address; what it does not know is left out. A search keeps the likeliest first."""
        text, serving = asked.get("q", "").strip()[:_MOST_TEXT], asked.get("serving", "")
        sort = asked.get("sort", "") if text == "" else asked.get("sort", "found")
        return cls(
            province=asked.get("province", "")[:10],
            q=text,
            serving=serving if serving in _GRAVEST else "",
            sort=sort if sort in SORTS or sort == "found" else "readiness",
        )


def chosen(rows: Sequence[Row], choice: Choice) -> tuple[Row, ...]:
    """Return the rows of a choice; they keep the order they come in where nothing else decides."""
    found = [row for row in rows if choice.serving in ("", row.serving)]
    if choice.sort == "readiness":
        found.sort(key=lambda row: (_GRAVEST.index(row.serving), -1.0 if row.ratio is None else row.ratio))
    elif choice.sort == "age":
        found.sort(key=lambda row: 0.0 if row.last is None else row.last.timestamp())
    return tuple(found)
