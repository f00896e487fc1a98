"""Say of each supply of a printer what is left, in a share where it is measured and in a word where not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from machxa_web.plain import plain
from machxa_web.reader import Newest

_MOST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Hold one supply; ratio None: level says in a fixed word why nothing is measured."""

    name: str
    ratio: float | None
    level: str


def supplies_of(body: Mapping[str, object], newest: Iterable[Newest]) -> tuple[Supply, ...]:
    """Return the supplies that a printer's facts name, with their newest shares; what RFC 3805 says by -3 is a word."""
    measured = {one.labels.get("supply", ""): one.value for one in newest if one.name == "machxa.printer.supply"}
    rows = body.get("cartridges")
    found = []
    for row in (rows if isinstance(rows, list) else [])[:_MOST]:
        if isinstance(row, Mapping):
            index, level = str(row.get("machxa_index", "")), row.get("machxa_level")
            name = plain(str(row.get("name") or row.get("type") or index), 60)
            said = level if isinstance(level, str) and level else "not_said"
            found.append(Supply(name=name, ratio=measured.pop(index, None), level=said))
    found += [Supply(name=index, ratio=value, level="not_said") for index, value in sorted(measured.items())][:_MOST]
    return tuple(found)
