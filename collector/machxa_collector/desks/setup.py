"""Give the pages of setting-up what stands and what is asked: with the registry's own acts, which can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from fastapi import Request
from starlette.exceptions import HTTPException

from machxa_collector.api import enrol_tokens
from machxa_collector.api.access import principal_of, refuse_for_some, request_scope, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.desks.asking import asked
from machxa_collector.desks.registry import StoreDesk, desk_of
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.people import Permission
from machxa_collector.registry.units import Kind, Unit
from machxa_collector.registry.units.collation import sort_key
from machxa_collector.store import arrivals, channels, preferences, seed
from machxa_collector.store import enrol_tokens as stored_tokens
from machxa_collector.store.acting import acting
from machxa_web.admin.desk import Trouble

_SHOWN = 5
_HOURS = "calendars"
_WEEK, _EXTRA = "week", "extra"
_WORKDAYS, _SATURDAY = "T2; T3; T4; T5; T6", "T7"
Json = dict[str, object]


class StoreSetup:
    """Answer machxa_web's SetupDesk for who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self.may_enrol = principal_of(request).may(Permission.AGENTS_MANAGE)

    def standing(self) -> object:
        """Return how far the setting-up is."""
        now, today = self._deps.live.refresh(), self._today()
        home, pilot = now.home, preferences.pilot(self._deps.store)
        province = None if home is None else now.units.unit(home, today)
        hours = {} if home is None or now.is_bundled else self._hours(home)
        territory = request_territory(self._request)
        tokens = stored_tokens.listed(self._deps.store, territory, self._deps.now_ms()) if self.may_enrol else ()
        return {
            "province": None if province is None or now.is_bundled else _named(province),
            "pilot": pilot,
            "week": hours.get(_WEEK),
            "saturday": hours.get(_EXTRA),
            "tokens": len([one for one in tokens if one.approves and one.note != "this computer"]),
            "arrived": self._arrived(),
            "base": str(channels.policy(self._deps.store).get("base_url") or ""),
        }

    def provinces(self) -> Sequence[Json]:
        """Return the country's provinces, in Vietnamese order."""
        units, today = self._deps.live.current().units, self._today()
        there = [unit for code in units.codes if (unit := units.unit(code, today)) and unit.kind is Kind.PROVINCE]
        seen = request_scope(self._request)
        return [_named(one) for one in sorted(there, key=_order) if seen.covers(one.code, None)]

    def communes(self) -> Sequence[Json]:
        """Return the communes of the home province, in Vietnamese order."""
        now = self._deps.live.current()
        below = () if now.home is None else now.units.children(now.home, self._today())
        return [_named(one) for one in sorted(below, key=_order)]

    def arrived(self) -> object:
        """Return the agents that enrolled last."""
        return {"arrived": self._arrived()}

    def choose_province(self, code: str) -> None:
        """Serve a province; an empty registry is filled with the country's units and usual hours."""
        self._for_all()
        known = {str(one["code"]) for one in self.provinces()}
        if code not in known:
            raise Trouble(422, "chọn một tỉnh trong danh sách; chưa ghi gì", "choose a province; nothing was saved")
        actor, now = principal_of(self._request).name, self._deps.now_ms()
        entry = act(self._request, "setup.province", f"units/{code}")
        seed.seed(self._deps.store, code, actor, now)
        with acting(self._deps.store, entry):
            pass
        self._deps.live.refresh()

    def choose_units(self, codes: Sequence[str]) -> None:
        """Say which communes are watched first, none for all."""
        self._for_all()
        known = {str(one["code"]) for one in self.communes()}
        if not known.issuperset(codes):
            raise Trouble(422, "có mã không phải xã của tỉnh; chưa ghi gì", "a code is no commune; nothing was saved")
        with acting(self._deps.store, act(self._request, "setup.units", "", units=len(codes))) as connection:
            preferences.set_pilot(connection, sorted(codes))

    def set_hours(self, sessions: str, saturday: str, valid_from: str, source: str) -> None:
        """Confirm the province's hours of the week, and its Saturday morning or none."""
        desk, home = desk_of(self._request), self._deps.live.current().home
        if home is None:
            raise Trouble(409, "chọn tỉnh trước; chưa ghi gì", "choose the province first; nothing was saved")
        before = self._hours(home)
        shared = {"owner": home, "valid_from": valid_from, "source": source, "confidence": "confirmed"}
        week = {**shared, "rule": _WEEK, "weekdays": _WORKDAYS, "sessions": sessions, "name": "Giờ hành chính"}
        _save(desk, before.get(_WEEK), week)
        extra = before.get(_EXTRA)
        if saturday:
            told = {**shared, "rule": _EXTRA, "weekdays": _SATURDAY, "sessions": saturday, "name": "Sáng thứ Bảy"}
            _save(desk, extra, told)
        elif extra is not None:
            desk.remove(_HOURS, str(extra["id"]), str(extra["version"]))
        self._deps.live.refresh()

    def make_token(self, unit: str, uses: int, days: int) -> object:
        """Make an enrolment token."""
        body = enrol_tokens.EnrolTokenRequest.model_validate
        said = {"unit": unit or None, "uses": uses, "days": days}
        return asked(lambda: enrol_tokens.make(self._request, body(said)), _WHY, "chưa tạo mã")

    def _hours(self, home: str) -> Mapping[str, Json]:
        """Return the province's own row of hours and of Saturday mornings, as people write them."""
        desk = desk_of(self._request)
        page = desk.records(_HOURS, "", home, None)
        rows = [one for one in page["records"] if one["values"].get("owner") == home]  # type: ignore[index] # plain JSON
        found: dict[str, Json] = {}
        for row in rows:
            values = row["values"]
            rule = _WEEK if values.get("rule") == _WEEK else _EXTRA if _is_saturday(values) else ""
            if rule and rule not in found:
                detail = desk.record(_HOURS, str(row["id"]))
                found[rule] = {"id": row["id"], "version": detail["version"], **values}  # type: ignore[index]
        return found

    def _arrived(self) -> Sequence[Json]:
        units, today = self._deps.live.current().units, self._today()

        def named(code: str | None) -> str:
            unit = None if code is None else units.unit(code, today)
            return code or "" if unit is None else unit.full_name

        found = arrivals.newest(self._deps.store, request_territory(self._request), _SHOWN)
        return [
            {
                "name": one.name,
                "asset": one.asset,
                "unit": named(one.unit),
                "enrolled_at": iso(one.enrolled_at),
                "heard_at": iso(one.heard_at),
            }
            for one in found
        ]

    def _today(self) -> date:
        return self._deps.facts.now().astimezone(LOCAL).date()

    def _for_all(self) -> None:
        try:
            refuse_for_some(self._request)
        except HTTPException as exc:
            vi = "chỉ người phụ trách cả tỉnh mới làm bước này; chưa ghi gì"
            raise Trouble(exc.status_code, vi, f"{exc.detail}; nothing was saved") from exc


def setup_of(request: Request) -> StoreSetup:
    """Return the desk of who asks."""
    return StoreSetup(request)


def _save(desk: StoreDesk, before: Json | None, values: Mapping[str, str]) -> None:
    record, version = (None, "") if before is None else (str(before["id"]), str(before["version"]))
    preview = json.loads(json.dumps(desk.preview(_HOURS, record, values), default=str))
    if preview["faults"]:
        vi, en = ("; ".join(one[code] for one in preview["faults"]) for code in ("vi", "en"))
        raise Trouble(422, f"chưa lưu gì: {vi}", f"nothing was saved: {en}")
    if record is None or preview["differences"]:
        desk.save(_HOURS, record, values, version)


def _is_saturday(values: Mapping[str, str]) -> bool:
    return values.get("rule") == _EXTRA and values.get("weekdays") in ("sat", _SATURDAY)


def _order(one: Unit) -> tuple[str, str, str]:
    return sort_key(one.name)


def _named(one: Unit) -> Json:
    return {"code": one.code, "name": one.full_name}


_WHY = {422: "chọn đơn vị của bạn, 1 đến 500 máy, 1 đến 30 ngày; chưa tạo mã"}
