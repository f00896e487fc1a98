"""Find the units that a cell of a file may mean: a code, or exactly a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from machxa_collector.registry.units import Units
from machxa_collector.registry.units.fold import spelled, words

Names = dict[tuple[str, ...], tuple[str, ...]]  # the words of a name, and the codes of the units that have it


class UnitNames:
    """Answer for codes and names, with and without the type in front, of today and of every day we know.

    Names are compared with their marks first, wherever the tone stands, then without. A name that repeats stands for
    the unit in the home province, if there is exactly one there.
    """

    def __init__(self, units: Units, home: str | None) -> None:
        """Take the units and the home province, None when there is none."""
        self._units = units
        self._home = home
        self._marked, self._bare = _named(units, spelled), _named(units, words)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the codes of the units of exactly this code or name, several when the name repeats."""
        if self._units.history(text):
            return (text,)
        found = self._marked.get(spelled(text)) or self._bare.get(words(text)) or ()
        if len(found) < 2:  # noqa: PLR2004 - it does not repeat
            return found
        near = tuple(code for code in found if self._home in (code, self._units.history(code)[0].parent))
        return near if len(near) == 1 else found


def _named(units: Units, split: Callable[[str], tuple[str, ...]]) -> Names:
    found: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for code in units.codes:
        for row in units.history(code):
            for name in (row.full_name, row.name):
                found[split(name)][code] = None
    return {name: tuple(codes) for name, codes in found.items()}
