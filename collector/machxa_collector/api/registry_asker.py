"""Say who asks of the registry, and which places they may see."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.registry.people import Permission, Principal, Reach, Scope
from machxa_collector.registry.records import KINDS, Field, Form, RecordKind, Value
from machxa_collector.registry.units import Units
from machxa_collector.store.record_history import Seen
from machxa_collector.store.records_read import Filter

_EVERYWHERE = frozenset({"units"})  # what there is in the country is everybody's to see


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Hold who asks, when, and from which address."""

    principal: Principal
    now_ms: int
    origin: str = ""

    def fields(self, kind: RecordKind) -> tuple[Field, ...]:
        """Return the fields that may be seen: money only by who may see costs."""
        costs = self.principal.may(Permission.COSTS_READ)
        return tuple(field for field in kind.fields if costs or field.form is not Form.MONEY)

    def may_write(self, kind: RecordKind) -> bool:
        """Return whether records of this kind may be changed, wherever they are."""
        needed = Permission.UNITS_WRITE if kind.name in ("units", "calendars") else Permission.ASSETS_WRITE
        return self.principal.may(needed)

    def allowed(self, kind: RecordKind) -> tuple[str, ...]:
        """Return what may be done with records of this kind in one's territory: "change", "import", "export"."""
        changes = self.may_write(kind)
        may = {
            "change": changes,
            "import": changes and self.principal.may(Permission.IMPORTS_WRITE),
            "export": self.principal.may(Permission.EXPORTS_READ),
        }
        return tuple(name for name, is_allowed in may.items() if is_allowed)

    def sees(self, units: Units, kind: RecordKind, place: Value) -> bool:
        """Return whether a record that lies there may be seen; a province's calendar is seen by all that keep it."""
        if kind.name in _EVERYWHERE or self.covers(units, place):
            return True
        if kind.name != "calendars" or self.principal.scope.reach is Reach.NATION:
            return False
        return place in {_province(units, code) for code in self.principal.scope.codes}

    def covers(self, units: Units, place: Value) -> bool:
        """Return whether a place lies in the territory of who asks."""
        code = None if place is None else str(place)
        return self.principal.scope.covers(code, None if code is None else _province(units, code))

    def seen_acts(self, units: Units) -> Seen | None:
        """Return which acts on the registry may be seen; None: all."""
        if self.principal.scope.reach is Reach.NATION:
            return None
        places = {name: self.chosen(units, kind, "", "") for name, kind in KINDS.items() if name not in _EVERYWHERE}
        return Seen(actor=self.principal.name, kinds=_EVERYWHERE, places=places)

    def chosen(self, units: Units, kind: RecordKind, unit: str, text: str) -> Filter:
        """Return what to list: all that may be seen, or of it what lies in one unit or province."""
        scope = self.principal.scope
        asked = within(units, unit) if unit else None
        if kind.name in _EVERYWHERE or scope.reach is Reach.NATION:
            return Filter(places=asked, text=text)
        seen = _territory(units, scope)
        if kind.name == "calendars":
            seen |= {province for code in scope.codes if (province := _province(units, code)) is not None}
        return Filter(
            places=seen if asked is None else seen & asked, with_nowhere=scope.is_wide and asked is None, text=text
        )


def within(units: Units, code: str) -> frozenset[str]:
    """Return a unit's code, and of a province those of all that ever lay in it; empty for no unit of ours."""
    return frozenset(one for one in units.codes if code in (one, units.history(one)[0].parent))


def _territory(units: Units, scope: Scope) -> frozenset[str]:
    if scope.reach is not Reach.PROVINCE:
        return scope.codes
    return frozenset(one for code in scope.codes for one in within(units, code))


def _province(units: Units, code: str) -> str | None:
    history = units.history(code)
    return history[0].parent if history else None
