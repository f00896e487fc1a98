"""Show a clerk the own unit, and take what they do: stand by reports, declare sessions, count, print a poster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request

from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.acts import act, address_of
from machxa_collector.api.answers import iso
from machxa_collector.api.calendar_views import calendar_days
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.units import today
from machxa_collector.desks.known import contacts, hotline
from machxa_collector.desks.reporting import StoreReports, number_of, step_of, unit_name
from machxa_collector.effects.paper import ledger_of
from machxa_collector.incidents.acts import Handling
from machxa_collector.judging.reporters import followed
from machxa_collector.registry.gates import HOUR_MS, Link, gate_keys
from machxa_collector.registry.people import Permission
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.reports import clean
from machxa_collector.store import declared, following, gates, paper
from machxa_collector.store.gates import Counted
from machxa_collector.store.record_acts import Act
from machxa_collector.store.records import Conflict, Refused
from machxa_collector.store.records_read import get
from machxa_web.admin.desk import Trouble
from machxa_web.days import day_of
from machxa_web.reporting.words import STOCK

MOST_REPORTS, MOST_PAPERS, MOST_SESSIONS = 20, 20, 20
MOST_COUNT = 100_000
DAYS_SHOWN, DAYS_BACK, DAYS_AHEAD = 8, 7, 60
MOST_HOURS_OF_A_SESSION = 12
POSTER_MONTHS = (1, 3, 6, 12, 24)
_DAYS_OF_A_MONTH, _SHORTEST, _LONGEST = 31, 3, 200
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NO_UNIT = Trouble(404, "không có đơn vị này, hoặc bạn không được xem", "there is no such unit, or it is not yours")


@dataclass(frozen=True, slots=True)
class StoreUnit:
    """Answer machxa_web's UnitDesk from the store, within the territory of who asks."""

    request: Request

    @property
    def _deps(self) -> Deps:
        deps: Deps = self.request.app.state.deps
        return deps

    def mine(self, unit: str) -> object:
        """Return a clerk's page, or the units to choose from."""
        units = request_territory(self.request).units
        chosen = unit or (next(iter(units)) if units is not None and len(units) == 1 else "")
        if not chosen:
            few = sorted(units)[:200] if units is not None else []
            return {"units": [self._unit(one) for one in few]}
        self._check(chosen)
        person = principal_of(self.request)
        may_report = person.may(Permission.REPORTS_WRITE)
        return {
            "units": [],
            "unit": self._unit(chosen),
            "link": StoreReports(self.request).own(chosen) if may_report else None,
            "reports": self._reports(chosen),
            "days": self._days(chosen),
            "declared": self._declared(chosen),
            "papers": self._papers(chosen),
            "stock": self._stock(chosen),
            "may_report": may_report,
            "may_declare": person.may(Permission.SESSIONS_DECLARE),
            "may_link": person.may(Permission.REPORTS_LINK),
        }

    def confirm(self, report: str) -> None:
        """Stand by a report."""
        entry = act(self.request, "report.confirm", f"reports/{report}")
        if not following.confirm(self._deps.store, request_territory(self.request), report, entry):
            raise Trouble(
                404, "không có báo cáo này, hoặc đã có người xác nhận", "no such report, or somebody did before"
            )

    def declare(self, unit: str, said: Mapping[str, str]) -> None:
        """Declare an extra session of one day."""
        self._check(unit)
        day, hours, reason = self._session(said)
        try:
            declared.declare(self._deps.store, unit, day, hours, reason, self._act())
        except Refused as exc:
            vi, en = ("; ".join(getattr(one.told, code) for one in exc.faults) for code in ("vi", "en"))
            raise Trouble(422, f"chưa khai: {vi}", f"not declared: {en}") from exc
        self._deps.live.refresh()

    def undeclare(self, batch: str) -> None:
        """Take a declared session back."""
        owner = declared.owner_of(self._deps.store, batch)
        units = request_territory(self.request).units
        if owner is None or (units is not None and owner not in units):
            raise Trouble(404, "không có buổi này, hoặc đã rút lại", "there is no such session, or it is taken back")
        try:
            declared.take_back(self._deps.store, batch, self._act())
        except (Conflict, Refused) as exc:
            raise Trouble(409, "buổi này đã được sửa ở sổ đăng ký: rút ở đó", "it was changed in the registry") from exc
        self._deps.live.refresh()

    def count(self, unit: str, said: Mapping[str, str]) -> None:
        """Write down what was counted, with the role of who did."""
        self._check(unit)
        found = {item: said.get(item, "").strip() for item in STOCK if said.get(item, "").strip()}
        if not found:
            raise Trouble(422, "chưa ghi số nào", "no figure was given")
        if any(not (text.isascii() and text.isdigit() and int(text[:7]) <= MOST_COUNT) for text in found.values()):
            raise Trouble(422, f"số đếm cần từ 0 đến {MOST_COUNT}; chưa ghi gì", f"counts are 0 to {MOST_COUNT}")
        now, role = self._deps.now_ms(), self._role()
        for item, text in found.items():
            entry = act(self.request, "stock.count", f"units/{unit}", item=item, count=int(text))
            gates.count(self._deps.store, unit, Counted(item=item, count=int(text), at=now, role=role), entry)

    def poster(self, unit: str, device: str, months: str) -> object:
        """Return what a poster says; that it was made is written down."""
        self._check(unit)
        if not (months.isascii() and months.isdigit() and int(months) in POSTER_MONTHS):
            raise Trouble(422, "chọn thời hạn của mã", "choose how long the code holds")
        asset = get(self._deps.store, KINDS["assets"], device) if device else None
        if device and (asset is None or asset.record["unit"] != unit):
            raise Trouble(422, "thiết bị này không đứng ở đơn vị", "this asset is not the unit's")
        days = int(months) * _DAYS_OF_A_MONTH
        version, until = gates.version_of(self._deps.store, unit), self._deps.now_ms() // HOUR_MS + days * 24
        keys = gate_keys(self._deps.seals.keys)
        link = keys.link(Link(unit=unit, version=version, until=until, device=None if asset is None else asset.id))
        gates.note(self._deps.store, act(self.request, "report.poster", f"units/{unit}", months=int(months)))
        base = str(self.request.base_url).rstrip("/")
        return {
            "unit": unit,
            "name": unit_name(self._deps, unit),
            "address": f"{base}/report/{link}",
            "short": f"{base}/report",
            "code": keys.code(unit, version),
            "until": (today(self._deps) + timedelta(days=days)).isoformat(),
            "device": None if asset is None else str(asset.record["name"]),
            "hotline": hotline(contacts(self._deps, unit)),
        }

    def revoke(self, unit: str) -> None:
        """Put a unit's links and code out of force."""
        self._check(unit)
        gates.revoke(self._deps.store, unit, act(self.request, "report.revoke", f"units/{unit}"))

    def _check(self, unit: str) -> None:
        units = request_territory(self.request).units
        if (units is not None and unit not in units) or not self._deps.live.current().units.history(unit):
            raise _NO_UNIT

    def _unit(self, code: str) -> dict[str, object]:
        return {"code": code, "name": unit_name(self._deps, code)}

    def _reports(self, unit: str) -> list[dict[str, object]]:
        keys, me = gate_keys(self._deps.seals.keys), principal_of(self.request).name
        found = following.of_unit(self._deps.store, unit, MOST_REPORTS)
        standing = followed(self._deps.store, {one.incident for one in found if one.incident})
        return [
            {
                "id": one.id,
                "step": step_of(one, *standing.get(one.incident or "", (Handling(), False))),
                "address": keys.report(one.id),
                "number": number_of(one.id),
                "what": one.category,
                "how": one.symptom,
                "at": iso(one.received_at),
                "state": one.state,
                "is_mine": one.reporter == me,
                "is_confirmed": one.confirmed_at is not None,
                "incident": one.incident,
                "source": one.source,
                "agent": one.agent,
            }
            for one in found
        ]

    def _days(self, unit: str) -> list[dict[str, object]]:
        first = today(self._deps)
        try:
            found = calendar_days(self._deps.live, unit, first, first + timedelta(days=DAYS_SHOWN - 1))
        except NotThere:
            return []
        days: list[dict[str, object]] = []
        for one in found["days"]:  # type: ignore[attr-defined] # a view is plain JSON
            extra = [hours for hours in one["actual"] if hours not in one["official"]]
            days.append({"day": one["day"], "kind": one["kind"], "hours": one["actual"], "extra": extra})
        return days

    def _declared(self, unit: str) -> list[dict[str, object]]:
        found = declared.upcoming(self._deps.store, unit, today(self._deps) - timedelta(days=DAYS_BACK), MOST_SESSIONS)
        return [
            {"day": one.day.isoformat(), "hours": ", ".join(one.hours), "reason": one.reason, "batch": one.batch}
            for one in found
        ]

    def _papers(self, unit: str) -> list[dict[str, object]]:
        spells = paper.newest(self._deps.store, {unit}, MOST_PAPERS)
        left = paper.left_to_enter(self._deps.store, {unit})
        found = [ledger_of(self._deps.facts, one, [line for line in left if line.spell == one.pk]) for one in spells]
        return [
            {
                "id": one.spell.pk,
                "since": iso(one.spell.started_at),
                "is_over": one.spell.ended_at is not None,
                "left": one.left,
                "red": len(one.red),
            }
            for one in reversed(found)  # the oldest first: it is the most urgent
            if one is not None and (one.left or one.spell.ended_at is None)
        ]

    def _stock(self, unit: str) -> list[dict[str, object]]:
        found = gates.counted(self._deps.store, unit)
        return [
            {"item": item, "count": found[item].count, "at": iso(found[item].at), "role": found[item].role}
            if item in found
            else {"item": item}
            for item in STOCK
        ]

    def _session(self, said: Mapping[str, str]) -> tuple[date, str, str]:
        if not said.get("day"):
            raise Trouble(422, "chưa chọn ngày; chưa khai gì", "choose the day; nothing was declared")
        day = day_of(said["day"], ("chưa khai gì", "nothing was declared"))
        first, last = said.get("from", ""), said.get("to", "")
        if not (_CLOCK.fullmatch(first) and _CLOCK.fullmatch(last) and first < last):
            raise Trouble(422, "giờ cần ghi như 07:30 đến 11:30; chưa khai gì", "hours are written 07:30 to 11:30")
        now = today(self._deps)
        if not now - timedelta(days=DAYS_BACK) <= day <= now + timedelta(days=DAYS_AHEAD):
            vi = f"chỉ khai được từ {DAYS_BACK} ngày trước đến {DAYS_AHEAD} ngày sau; chưa khai gì"
            raise Trouble(422, vi, f"a session lies {DAYS_BACK} days back to {DAYS_AHEAD} ahead; nothing was declared")
        if int(last[:2]) - int(first[:2]) > MOST_HOURS_OF_A_SESSION:
            raise Trouble(422, "một buổi dài nhất 12 giờ; chưa khai gì", "a session has 12 hours at most")
        reason = clean(said.get("reason", "")).replace("\n", " ")
        if not _SHORTEST <= len(reason) <= _LONGEST:
            raise Trouble(422, "ghi căn cứ từ 3 đến 200 chữ; chưa khai gì", "say on what decision it rests")
        return day, f"{first}-{last}", reason

    def _role(self) -> str:
        """Return in which role somebody counts: the nearest to the unit that they have."""
        held = {role.value for role in principal_of(self.request).roles}
        return next((role for role in ("clerk", "leader", "province_it") if role in held), "admin")

    def _act(self) -> Act:
        return Act(actor=principal_of(self.request).name, at_ms=self._deps.now_ms(), origin=address_of(self.request))


def unit_of(request: Request) -> StoreUnit:
    """Return the desk of who asks."""
    return StoreUnit(request)
