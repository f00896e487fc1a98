"""Say what an administrative unit is: a value that holds from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Kind(Enum):
    """Tell the tiers apart. A centre is the provincial public service centre: it works like a unit of its own."""

    PROVINCE = "province"
    COMMUNE = "commune"
    CENTRE = "centre"


class UnitType(Enum):
    """Name what the law calls a unit; the value is the word in front of its name."""

    PROVINCE = "tỉnh"
    CITY = "thành phố"
    COMMUNE = "xã"
    WARD = "phường"
    SPECIAL_ZONE = "đặc khu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Centroid:
    """Locate the middle of a unit in WGS 84 degrees, good for a dot on a map of the country and for no boundary."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Describe one unit as it was on each day of [valid_from, valid_to).

    code is text: its leading zeros belong to it. type is None for a centre. valid_from None means since before our
    data begin, valid_to None until further notice. centroid None is unknown. old_names are the units merged into this
    one, with the type they had ("Thị trấn Châu Thành"); old_places are the districts and provinces these lay in.
    source is the legal text that the type rests on, or "derived".
    """

    code: str
    kind: Kind
    type: UnitType | None
    name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    centroid: Centroid | None
    old_names: tuple[str, ...]
    old_places: tuple[str, ...]
    source: str

    @property
    def full_name(self) -> str:
        """Return the name as it is written in a sentence's beginning: "Xã Hòa Minh"."""
        if self.type is None:
            return self.name
        return f"{self.type.value.capitalize()} {self.name}"

    def holds_on(self, day: date) -> bool:
        """Tell whether this is how the unit was on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)
