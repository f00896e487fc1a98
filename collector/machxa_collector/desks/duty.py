"""Give the duty desk what it shows: of the board at hand, what somebody may see, and what they do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from machxa_collector.api import incidents as api
from machxa_collector.api.access import is_wall, principal_of, request_territory
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.incident_scope import seen_from
from machxa_collector.api.incident_shapes import ActRequest
from machxa_collector.desks.asking import asked as asked_api
from machxa_collector.desks.duty_views import Json, choices, dot, least, number
from machxa_collector.duty.board import Board, Row, UnitNow
from machxa_collector.duty.figures import NATION, figures
from machxa_collector.duty.rows import SHARED, Wanted, chosen, in_order, is_failing, is_silent, standing_of
from machxa_collector.effects.readiness import Serving
from machxa_collector.incidents.words import Cause
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.units import Kind
from machxa_collector.store import duty as stored
from machxa_collector.store.incidents import NOWHERE
from machxa_web.duty.asking import Asked

MOST_ROWS, MOST_SHORT, _MOST_CALLS = 30, 8, 30
_FEWEST_SHARED = 3  # units of one cause before it stands above all
_TOLD = frozenset({Cause.PROVIDER, Cause.PROVIDER_AREA, Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM})


@dataclass(frozen=True, slots=True)
class _Sight:
    """Hold what somebody sees: codes None is everything, place the province shown or "" for all."""

    codes: frozenset[str] | None
    place: str
    with_nowhere: bool


class StoreDuty:
    """Answer machxa_web's DutyDesk for who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._is_wall = is_wall(request)
        asking = principal_of(request)
        self.may_handle = asking.may(Permission.INCIDENTS_HANDLE) and not self._is_wall
        self._territory: Territory = request_territory(request)

    def devices(self) -> Sequence[str]:
        """Return the ids of the devices that may be seen, two at most."""
        return stored.few_devices(self._deps.store, self._territory)

    def version(self) -> tuple[str, int]:
        """Return what changes with anything shown, and as of when it is (ms since 1970 UTC)."""
        board = self._board()
        hour = self._deps.now_ms() // 3_600_000
        mine = hash((self._territory, self.may_handle, self._is_wall))
        return f"{board.version}-{hour}-{mine}", board.at

    def act(self, incident: str, kind: str, detail: Mapping[str, object]) -> None:
        """Write down what somebody does about an incident."""
        given = {"kind": kind, **detail}
        asked_api(lambda: api.act(self._request, incident, ActRequest.model_validate(given)), _WHY, "chưa ghi gì")

    def again(self) -> None:
        """Let what was done be seen at once."""
        self._deps.duty.again()

    def duty(self, asked: Asked, language: str) -> Json:
        """Return the desk as it is asked for."""
        place, wanted = asked.place, _wanted(asked)
        board = self._board()
        sight = self._sight(board, place)
        units = [one for code, one in board.units.items() if sight.codes is None or code in sight.codes]
        rows = in_order([row for row in board.rows if self._is_seen(row, sight)])
        shown = [row for row in rows if chosen(row, wanted)]
        listed = shown[:MOST_ROWS]
        calls = self._calls(listed)
        banner = next((row for row in rows if self._is_shared(row, sight)), None)
        return {
            "at": iso(board.at),
            "version": board.version,
            "place": sight.place,
            "place_name": self._name(sight.place),
            "provinces": self._provinces(board) if not sight.place or place else [],
            "strip": self._strip(board, sight, units),
            "dots": [dot(one, board) for one in units],
            "rows": [self._row(row, board, sight, language, calls) for row in listed],
            "left_out": len(shown) - len(listed),
            "unfiltered": len(rows),
            "banner": None if banner is None else self._row(banner, board, sight, language, {}),
            "failing": [self._short(row, board, language) for row in rows if is_failing(row)][:MOST_SHORT],
            "silent": [
                self._short(row, board, language)
                for row in sorted(rows, key=lambda row: -row.incident.witnesses)
                if is_silent(row)
            ][:MOST_SHORT],
            "reports": [] if self._is_wall else self._reports(board, sight),
            "choices": choices(board, rows, language),
            "may_handle": self.may_handle,
            "is_reckoned": board.reckoned_at is not None,
            "graded_at": iso(board.grades.at),
            "is_late_graded": board.grades.is_late_reckoned,
            "has_devices": any(one.heard.agents for one in units),
        }

    def _board(self) -> Board:
        """Return the board, the same for all of one answer."""
        known: Board | None = getattr(self._request.state, "duty_board", None)
        if known is None:
            known = self._request.state.duty_board = self._deps.duty.board()
        return known

    def _sight(self, board: Board, place: str) -> _Sight:
        """Return what is looked at: a province, where one was asked for, is home, or is all that may be seen."""
        home, mine = self._deps.live.current().home, self._territory.units
        if mine is not None:
            parents = {board.units[code].unit.parent for code in mine if code in board.units}
            home = next(iter(parents)) if len(parents) == 1 else home
        chosen_ = home or "" if place == "" else "" if place == "all" else place
        if not chosen_:
            return _Sight(mine, "", self._territory.with_nowhere)
        inside = frozenset(code for code, one in board.units.items() if one.unit.parent == chosen_)
        codes = inside if mine is None else inside & mine
        return _Sight(codes, chosen_, self._territory.with_nowhere and chosen_ == home)

    def _is_seen(self, row: Row, sight: _Sight) -> bool:
        if sight.codes is None or not sight.codes.isdisjoint(row.incident.units):
            return True
        return sight.with_nowhere and set(row.incident.units) <= {NOWHERE}

    def _is_shared(self, row: Row, sight: _Sight) -> bool:
        if row.incident.cause not in SHARED or row.incident.suppressed_by is not None:
            return False
        return row.incident.cause is Cause.CENTRE or len(self._here(row, sight)) >= _FEWEST_SHARED

    def _here(self, row: Row, sight: _Sight) -> list[str]:
        return [code for code in row.incident.units if sight.codes is None or code in sight.codes]

    def _strip(self, board: Board, sight: _Sight, units: Sequence[UnitNow]) -> Json:
        now = figures(board, sight.codes)
        before = self._deps.duty.before().get(sight.place) if self._is_whole(sight) else None
        some = "some" if board.reckoned_at is not None else "reckoning"
        return {
            "normal": number("normal", now, before),
            "grave": number("grave", now, before),
            "held": number("held", now, before, some, now.held_least),
            "at_risk": number("at_risk", now, before, some if board.has_dossiers else "no_dossiers", now.at_risk_least),
            "no_data": number("no_data", now, before),
            "total": round(now.total or 0),
            "with_data": round(now.with_data or 0),
            "off": sum(one.serving is Serving.OFF and one.unit.kind is Kind.COMMUNE for one in units),
        }

    def _is_whole(self, sight: _Sight) -> bool:
        """Return whether all of the place is seen: only of that was kept what the strip showed."""
        return self._territory.with_nowhere and (sight.place != NATION or sight.codes is None)

    def _provinces(self, board: Board) -> list[Json]:
        mine = self._territory.units
        found: dict[str, list[UnitNow]] = {}
        for code, one in board.units.items():
            if one.unit.kind is Kind.COMMUNE and one.unit.parent and (mine is None or code in mine):
                found.setdefault(one.unit.parent, []).append(one)
        if len(found) < 2:  # noqa: PLR2004 - one is no choice
            return []
        return [self._province(code, its) for code, its in found.items()]

    def _province(self, code: str, its: Sequence[UnitNow]) -> Json:
        places = [one.unit.centroid for one in its if one.unit.centroid is not None]
        return {
            "code": code,
            "name": self._name(code) or code,
            "total": len(its),
            "normal": sum(one.serving in (Serving.WELL, Serving.OFF) for one in its),
            "stopped": sum(one.serving is Serving.STOPPED for one in its),
            "with_data": sum(one.heard.on > 0 for one in its),
            "held": sum(least(one.held) for one in its),
            "latitude": sorted(one.latitude for one in places)[len(places) // 2] if places else None,
            "longitude": sorted(one.longitude for one in places)[len(places) // 2] if places else None,
        }

    def _name(self, code: str) -> str | None:
        rows = self._deps.live.current().units.history(code)
        return rows[-1].full_name if rows else None

    def _calls(self, rows: Sequence[Row]) -> Mapping[str, tuple[str, str]]:
        """Return whom to call where one unit is concerned; a screen on a wall calls nobody."""
        if self._is_wall:
            return {}
        units = {row.incident.units[0] for row in rows[:_MOST_CALLS] if len(row.incident.units) == 1}
        return stored.phones(self._deps.store, units) if units else {}

    def _row(self, row: Row, board: Board, sight: _Sight, language: str, calls: Mapping[str, tuple[str, str]]) -> Json:
        one, said = row.incident, row.handling
        here = self._here(row, sight)
        held = [row.held[code] for code in here if code in row.held]
        is_known = (
            board.reckoned_at is not None
            and all(part.figure is not None for part in held)
            and bool(held or not row.stages)
        )
        first = here[0] if here else None
        seen = seen_from(one, self._territory)
        return {
            "id": one.id,
            "severity": one.severity.name,
            "cause": one.cause.value,
            "layer": one.layer.value,
            "subject": one.subject,
            "subject_name": self._subject(row, board, language),
            "state": one.state,
            "units": len(here) if self._territory.units is None else len(one.units),
            "unit": first,
            "unit_name": None if first is None else self._name(first),
            "confidence": one.confidence,
            "witnesses": one.witnesses,
            "started_at": iso(one.started_at),
            "worked_hours": row.worked_hours,
            "stages": [(stage.value, stops) for stage, stops in row.stages.items()],
            "held": sum(least(part) for part in held) if is_known else None,
            "held_least": sum(least(part) for part in held),
            "dossier_hours": sum(least(row.hours[code]) for code in here if code in row.hours),
            "providers": len(row.providers),
            "found": "both" if one.reports and one.witnesses else "people" if one.reports else "machine",
            "owner": None if self._is_wall else said.owner,
            "taken_by": None if self._is_wall else said.acknowledged_by,
            "until": iso(said.until),
            "standing": standing_of(said, self._deps.now_ms()),
            "is_whole": seen.is_whole,
            "learning": one.learning,
            "unstable": one.unstable,
            "is_told": one.cause in _TOLD and one.severity.value <= 3,  # noqa: PLR2004 - notices.boards tells from P3
            "call": calls.get(first) if first is not None and len(one.units) == 1 else None,
        }

    def _subject(self, row: Row, board: Board, language: str) -> str | None:
        if row.incident.subject in board.systems:
            return board.systems[row.incident.subject][0 if language == "vi" else 1]
        return row.name or self._name(row.incident.subject)

    def _short(self, row: Row, board: Board, language: str) -> Json:
        one = row.incident
        first = one.units[0] if one.units else None
        return {
            "href": f"/incidents/{one.id}",
            "title": self._subject(row, board, language) or one.subject,
            "where": None if first is None else self._name(first),
            "said": one.state,
            "at": iso(one.started_at),
        }

    def _reports(self, board: Board, sight: _Sight) -> list[Json]:
        seen = [
            one
            for one in board.reports
            if (one.unit is None and sight.with_nowhere) or sight.codes is None or one.unit in sight.codes
        ]
        return [
            {
                "href": f"/incidents?unit={one.unit}" if one.unit else "/incidents",
                "title": one.category,
                "where": None if one.unit is None else self._name(one.unit),
                "said": one.symptom or "",
                "at": iso(one.received_at),
                "text": one.text,
                "waiting": one.waiting,
            }
            for one in seen[:MOST_SHORT]
        ]


def _wanted(asked: Asked) -> Wanted:
    return Wanted(
        severity=asked.severity,
        layer=asked.layer,
        system=asked.system,
        provider=asked.provider,
        free=asked.free,
        effect=not asked.everything,
    )


def duty_of(request: Request) -> StoreDuty:
    """Return the desk of who asks."""
    return StoreDuty(request)


_WHY = {
    403: "sự cố này chạm cả đơn vị khác: hãy ghi chú hoặc ghi số phiếu, việc còn lại do tỉnh làm",
    404: "không có sự cố này, hoặc bạn không được xem",
    422: "còn thiếu điều cần ghi; chưa ghi gì",
}
