"""Lay units on a map: places in a drawing from degrees, and the two archipelagos wherever the map ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from machxa_web.duty.shapes import Dot
from machxa_web.languages import msg

WIDTH = 560
_PAD = 26
_INSET = (228, 150)
_MOST_HEIGHT, _LEAST_HEIGHT = 640, 320
_NATION = (102.0, 6.8, 116.6, 23.6)  # west, south, east, north: with both archipelagos
_NEAR_DEGREES = 1.6  # a zone farther than this from the middle of its province stands in the inset


@dataclass(frozen=True, slots=True, kw_only=True)
class Archipelago:
    """Hold one of the two: the code of its special zone, its words, and its islets in degrees."""

    code: str
    name: str
    within: str
    islets: tuple[tuple[float, float], ...]


ARCHIPELAGOS = (  # places of islands, rounded: a sign of where they lie, no survey
    Archipelago(
        code="20333",
        name=msg("Hoàng Sa archipelago"),
        within=msg("Đà Nẵng"),
        islets=((112.34, 16.83), (111.61, 16.53), (112.73, 16.67), (111.2, 15.78), (112.0, 16.45)),
    ),
    Archipelago(
        code="22736",
        name=msg("Trường Sa archipelago"),
        within=msg("Khánh Hòa"),
        islets=((111.92, 8.65), (114.33, 11.43), (114.36, 10.38), (114.33, 9.89), (113.84, 7.89), (112.9, 8.86)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Hold a unit with its place in the drawing."""

    dot: Dot
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Hold an archipelago's name in the drawing with its islets; the unit itself, where it is among those shown."""

    name: str
    within: str
    x: float
    y: float
    islets: tuple[tuple[float, float], ...]
    placed: Placed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Hold the drawing: inset is the box (x, y, width, height) of the archipelagos, None where they lie in the map."""

    width: int
    height: int
    placed: tuple[Placed, ...]
    labels: tuple[Label, ...]
    inset: tuple[float, float, int, int] | None
    unplaced: int


def province_map(dots: Sequence[Dot]) -> Map:
    """Return the map of some units of one place, with the archipelagos in a corner."""
    codes = {one.code for one in ARCHIPELAGOS}
    known = [one for one in dots if one.latitude is not None and one.longitude is not None and one.code not in codes]
    west, south, east, north = _bounds(known)
    at = _Frame(west, south, east, north)
    height = round(min(_MOST_HEIGHT, max(_LEAST_HEIGHT, at.height)))
    box = (WIDTH - _INSET[0] - 4.0, height + 4.0, *_INSET)
    inside = _Inset(box[0], box[1])
    own = {one.code: one for one in dots}
    labels = tuple(_label(one, own.get(one.code), inside) for one in ARCHIPELAGOS)
    placed = tuple(_at(one, at, (height - at.height) / 2) for one in known)
    unplaced = sum(one.latitude is None for one in dots)
    return Map(width=WIDTH, height=height + _INSET[1] + 8, placed=placed, labels=labels, inset=box, unplaced=unplaced)


def nation_map(dots: Iterable[Dot]) -> Map:
    """Return the map of the nation; the archipelagos stand where they lie."""
    at = _Frame(*_NATION)
    every = list(dots)
    own = {one.code: one for one in every}
    labels = tuple(_label(one, own.get(one.code), at) for one in ARCHIPELAGOS)
    codes = {one.code for one in ARCHIPELAGOS}
    placed = tuple(_at(one, at, 0.0) for one in every if one.latitude is not None and one.code not in codes)
    unplaced = sum(one.latitude is None for one in every)
    return Map(width=WIDTH, height=round(at.height), placed=placed, labels=labels, inset=None, unplaced=unplaced)


class _Frame:
    """Turn degrees into places of a drawing whose width is given; a degree of longitude is shorter to the north."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self._west, self._north = west, north
        squeeze = cos(radians((south + north) / 2))
        wide, tall = max((east - west) * squeeze, 0.05), max(north - south, 0.05)
        scale = min((WIDTH - 2 * _PAD) / wide, (_MOST_HEIGHT - 2 * _PAD) / tall)
        self._x, self._y = scale * squeeze, scale
        self._left = (WIDTH - wide * scale) / 2
        self.height = tall * scale + 2 * _PAD

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return x and y, to a tenth."""
        x = self._left + (longitude - self._west) * self._x
        return round(x, 1), round(_PAD + (self._north - latitude) * self._y, 1)


class _Inset:
    """Turn degrees of the two archipelagos into places of the corner's box."""

    def __init__(self, left: float, top: float) -> None:
        self._left, self._top = left, top

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return x and y, to a tenth."""
        x = self._left + 14 + (longitude - 111.0) / 4.0 * (_INSET[0] - 140)
        return round(x, 1), round(self._top + 12 + (17.2 - latitude) / 9.8 * (_INSET[1] - 50), 1)


def _label(one: Archipelago, dot: Dot | None, at: _Frame | _Inset) -> Label:
    islets = tuple(at.place(*islet) for islet in one.islets)
    x, y = min(x for x, _ in islets), max(y for _, y in islets)
    middle = (
        islets[0]
        if dot is None or dot.longitude is None or dot.latitude is None
        else at.place(dot.longitude, dot.latitude)
    )
    placed = None if dot is None else Placed(dot=dot, x=middle[0], y=middle[1])
    return Label(name=one.name, within=one.within, x=x, y=y, islets=islets, placed=placed)


def _at(dot: Dot, frame: _Frame, down: float) -> Placed:
    x, y = frame.place(dot.longitude or 0.0, dot.latitude or 0.0)
    return Placed(dot=dot, x=x, y=round(y + down, 1))


def _bounds(dots: Sequence[Dot]) -> tuple[float, float, float, float]:
    if not dots:
        return _NATION
    longitudes = [one.longitude for one in dots if one.longitude is not None]
    latitudes = [one.latitude for one in dots if one.latitude is not None]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
