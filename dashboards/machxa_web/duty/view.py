"""Put together what the duty desk draws: the map's layer, its list, the strip's arrows, the wall's turn. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from machxa_web.duty import words
from machxa_web.duty.asking import Asked
from machxa_web.duty.map import Map, Placed, nation_map, province_map
from machxa_web.duty.shapes import Dot, Duty, Number
from machxa_web.incidents.words import WORDS
from machxa_web.outputs.words import STAGES

MOST_LINKED = 260  # dots with a link of their own; more are drawn as one path each state
MOST_LISTED = 200
WALL_LOOKS = ("state", "line", "old")
WALL_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Hold a number of the strip with its words; arrow is "up", "down", "same" or "" where nothing is known."""

    key: str
    title: str
    number: Number
    arrow: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """Hold a value of the map's layer with how many units have it."""

    value: str
    shape: str
    words: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Hold the map: linked dots, those drawn without a link as a path for each shape, and the layer's legend."""

    map: Map
    linked: tuple[Placed, ...]
    paths: tuple[tuple[str, str], ...]
    legend: tuple[Legend, ...]
    listed: tuple[Dot, ...]
    left_out: int
    shapes: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold everything the templates show."""

    duty: Duty
    asked: Asked
    cells: tuple[Cell, ...]
    drawn: Drawn
    words: Mapping[str, object] = field(default_factory=lambda: _WORDS)

    def value(self, dot: Dot) -> str:
        """Return a dot's value in the layer that is shown."""
        return str(getattr(dot, self.asked.look))


def page_of(duty: Duty, asked: Asked) -> Page:
    """Return the page; on a wall the layer turns with each reading."""
    if asked.is_wall:
        asked = Asked(place=asked.place, look=WALL_LOOKS[asked.turn % len(WALL_LOOKS)], is_wall=True, turn=asked.turn)
    return Page(duty=duty, asked=asked, cells=tuple(_cells(duty)), drawn=_drawn(duty, asked))


def _cells(duty: Duty) -> Sequence[Cell]:
    strip = duty.strip
    return [
        _cell("normal", words.TITLES["normal"], strip.normal, "#list"),
        _cell("grave", words.TITLES["grave"], strip.grave, "#incidents"),
        _cell("held", words.TITLES["held"], strip.held, "#incidents"),
        _cell("at_risk", words.TITLES["at_risk"], strip.at_risk, "/dossiers"),
        _cell("no_data", words.TITLES["no_data"], strip.no_data, "#list"),
    ]


def _cell(key: str, title: str, number: Number, href: str) -> Cell:
    return Cell(key=key, title=title, number=number, arrow=arrow(number), href=href)


def arrow(number: Number) -> str:
    """Return which way a number went against a week ago; "" where one of the two is not known."""
    if number.now is None or number.before is None:
        return ""
    change = round(number.now) - round(number.before)
    return "up" if change > 0 else "down" if change < 0 else "same"


def _drawn(duty: Duty, asked: Asked) -> Drawn:
    values, shapes = words.VALUES[asked.look], words.SHAPES[asked.look]
    found = province_map(duty.dots) if duty.place else nation_map(duty.dots)
    graveness = {shape: rank for rank, shape in enumerate(words.GRAVE)}

    def shape_of(dot: Dot) -> str:
        return shapes[str(getattr(dot, asked.look))]

    def rank(dot: Dot) -> tuple[int, float, str]:
        return graveness[shape_of(dot)], -(dot.held or 0.0), dot.name

    in_order = sorted(duty.dots, key=rank)
    few = {dot.code for dot in in_order[:MOST_LINKED]}
    linked = [one for one in found.placed if one.dot.code in few]
    plain: dict[str, list[str]] = {}
    for one in found.placed:
        if one.dot.code not in few:
            plain.setdefault(shape_of(one.dot), []).append(f"M{one.x:g} {one.y:g}h0")
    counts = Counter(str(getattr(dot, asked.look)) for dot in duty.dots)
    return Drawn(
        map=found,
        linked=tuple(sorted(linked, key=lambda one: (-graveness[shape_of(one.dot)], one.dot.code))),
        paths=tuple((shape, "".join(parts)) for shape, parts in sorted(plain.items())),
        legend=tuple(
            Legend(value=value, shape=shapes[value], words=values[value], count=counts[value]) for value in values
        ),
        listed=tuple(in_order[:MOST_LISTED]),
        left_out=max(0, len(in_order) - MOST_LISTED),
        shapes=shapes,
        values=values,
    )


_WORDS: Mapping[str, object] = {
    **WORDS,
    "duty": words.STATES,
    "stages": STAGES,
    "layers": words.LAYERS,
    "standings_of": words.STANDINGS,
    "found": words.FOUND,
    "waiting": words.WAITING,
    "why": words.WHY,
    "looks": words.LOOKS,
    "graded": words.GRADED,
    "lines": words.LINES,
    "categories": words.CATEGORIES,
}
