"""Hold what may be spent on a plan: units' own money, and the shared sources with what each may pay for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from machxa_collector.planning.needs import Line
from machxa_collector.planning.words import Action, Item

MOST_FURTHER = 3  # shared sources besides the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold a shared source: its ceiling in đồng, and which classes, actions and units it may pay for; None: all."""

    name: str
    vnd: int
    items: frozenset[Item] | None = None
    actions: frozenset[Action] | None = None
    units: frozenset[str] | None = None

    def may_pay(self, line: Line) -> bool:
        """Return whether the source may pay for a line."""
        return (
            (self.items is None or line.item in self.items)
            and (self.actions is None or line.action in self.actions)
            and (self.units is None or line.unit in self.units)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """Hold what may be spent, in đồng: by each unit of its own, and from shared sources; own_items None: all.

    The first shared source (shared_vnd) may pay for everything; further ones for what each says, a centralised
    purchase list for one. minimum_per_1000: F16's đồng that each unit gets for each 1,000 dossiers of a year before
    what saves most a đồng is asked, so that small units are not left out; None: the province has not said.
    """

    shared_vnd: int
    own_vnd: Mapping[str, int] = field(default_factory=dict)
    own_items: frozenset[Item] | None = None
    shared_source: str = "tỉnh"
    own_source: str = "xã"
    further: tuple[Source, ...] = ()
    minimum_per_1000: int | None = None

    def shared(self) -> Iterator[Source]:
        """Yield the shared sources, the first one first."""
        yield Source(name=self.shared_source, vnd=self.shared_vnd)
        yield from self.further

    def mask(self, line: Line) -> int:
        """Return which further sources may pay for a line, as bits."""
        return sum(1 << at for at, source in enumerate(self.further) if source.may_pay(line))
