"""Take reports from whoever holds a unit's link, code or account, and tell the sender how far a report is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import Request

from machxa_collector.api.access import origin_of, principal_of, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.limits import Held, Limits
from machxa_collector.api.units import today
from machxa_collector.desks.known import contacts, hotline, known_views
from machxa_collector.incidents.acts import Handling
from machxa_collector.judging.reporters import followed
from machxa_collector.registry import calling
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.gates import HOUR_MS, GateKeys, Link, gate_keys, read_code
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.registry.pictures import BadPicture, cleaned
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.reports import Category, Source, Symptom, Told, clean
from machxa_collector.store import following, gates, photos
from machxa_collector.store import reports as stored
from machxa_collector.store.records_read import get
from machxa_collector.store.reports import KeyTaken, Report
from machxa_web.admin.desk import Trouble

BY_LINK = "unit link"  # who a report is from that nobody signed in sent
MOST_DOUBTFUL = 60  # an hour and unit: more than all its people have to say, less than a flood
_SHORT_HOURS = 12  # a link that a code or an account opens
_MORNING_HOUR, _HOUR_SECONDS = 7, 3600
_SYSTEMS = {"one_stop": "dossier"}
_GONE = Trouble(
    404,
    "địa chỉ này không còn dùng được: hãy quét mã mới hoặc gõ mã của đơn vị",
    "this address is out of force: scan a new code, or type your unit's",
)
_NO_REPORT = Trouble(404, "không có báo cáo này", "there is no such report")


@dataclass(frozen=True, slots=True)
class StoreReports:
    """Answer machxa_web's ReportDesk from the store."""

    request: Request

    @property
    def _deps(self) -> Deps:
        deps: Deps = self.request.app.state.deps
        return deps

    @property
    def _keys(self) -> GateKeys:
        return gate_keys(self._deps.seals.keys)

    def own(self, unit: str) -> str | None:
        """Return a link for who is signed in, None for who may not report or has to name a unit first."""
        if not principal_of(self.request).may(Permission.REPORTS_WRITE):
            return None
        units = request_territory(self.request).units
        chosen = unit or (next(iter(units)) if units is not None and len(units) == 1 else "")
        return self._short(chosen) if chosen and self._is_own(chosen) and self._is_unit(chosen) else None

    def by_code(self, code: str) -> str:
        """Return the link that a typed code opens; who guesses waits longer and longer."""
        typed = read_code(code)
        if typed is None:
            raise Trouble(422, "mã chưa đúng: hãy xem lại từng chữ", "the code is not right: look at each letter")
        limits: Limits = self.request.app.state.limits
        try:
            with limits.one_try(f"code of {typed.unit}", origin_of(self.request).address) as tried:
                version = gates.version_of(self._deps.store, typed.unit)
                tried.wrong = not (self._keys.is_code(typed, version) and self._is_unit(typed.unit))
        except Held as held:
            vi, en = f"thử sai nhiều lần: chờ {held.seconds} giây", f"tried too often: wait {held.seconds} s"
            raise Trouble(429, vi, en) from held
        if tried.wrong:
            raise Trouble(403, "mã này không đúng hoặc đã thu hồi", "this code is wrong, or out of force")
        return self._short(typed.unit)

    def gate(self, link: str) -> object:
        """Return the form that a link opens."""
        opened = self._opened(link)
        return {
            "unit": opened.unit,
            "name": self._name(opened.unit),
            "device": self._device(opened),
            "known": known_views(self._deps, opened.unit),
            "hotline": hotline(contacts(self._deps, opened.unit)),
            "is_account": self._is_own(opened.unit),
        }

    def send(self, link: str, said: Mapping[str, str]) -> tuple[str, bool]:
        """Keep a report once, however often its key comes; what was changed since under the same key is not taken."""
        opened = self._opened(link)
        key = f"form.{opened.unit}.{said['key']}"
        known = following.by_key(self._deps.store, key)
        if known is not None:
            return self._keys.report(known.id), False
        self._refuse_flood(opened.unit)
        told = self._told(opened, key, said)
        return self._kept(told, paper=said["paper"])

    def status(self, token: str) -> object:
        """Return how far a report is."""
        one = self._report(token)
        handling, is_over = self._handling(one)
        is_fixed = one.state == stored.FIXED
        here = contacts(self._deps, one.unit or "")
        again = following.again(self._deps.store, one.id)
        return {
            "address": f"{str(self.request.base_url).rstrip('/')}/report/s/{token}",
            "number": number_of(one.id),
            "unit": self._name(one.unit or ""),
            "what": one.category,
            "how": one.symptom,
            "at": iso(one.received_at),
            "step": step_of(one, handling, is_over),
            "is_confirmed": one.confirmed_at is not None,
            "is_measured": one.confirmed_by == following.MEASURED,
            "is_fixed": is_fixed,
            "has_photo": bool(photos.having(self._deps.store, [one.id])),
            "handler": calling.handler(here, handling.owner),
            "until": iso(handling.until),
            "hotline": hotline(here),
            "again": None if again is None else self._keys.report(again.id),
        }

    def fixed(self, token: str) -> None:
        """Say that a report's trouble is over."""
        one = self._report(token)
        if one.state != stored.FIXED:
            following.set_over(self._deps.store, one.id, self._entry("report.fixed", f"reports/{one.id}"))

    def again(self, token: str) -> str:
        """Say that it is not: a new report of the same; the old one stays as it was told."""
        one = self._report(token)
        told_already = following.again(self._deps.store, one.id)
        if told_already is not None:
            return self._keys.report(told_already.id)
        self._refuse_flood(one.unit or "")
        told = Told(
            key=following.again_key(one.id),
            unit=one.unit or "",
            category=Category(one.category),
            symptom=None if one.symptom is None else Symptom(one.symptom),
            text="",
            at=None,
            source=Source.LINK,
            system=one.system,
            device=one.device,
            is_confirmed=self._is_own(one.unit or ""),
        )
        return self._kept(told)[0]

    def photo(self, token: str, content: bytes) -> None:
        """Keep a photograph, cleaned of all but what shows it."""
        one = self._report(token)
        try:
            picture = cleaned(content)
        except BadPicture as exc:
            raise Trouble(415, "ảnh cần là JPEG hoặc PNG còn nguyên; báo cáo vẫn được giữ", str(exc)) from exc
        entry = self._entry("report.photo", f"reports/{one.id}")
        try:
            photos.keep(self._deps.store, EVERYWHERE, one.id, picture, entry)
        except photos.Taken as exc:
            raise Trouble(409, "báo cáo này đã có ảnh khác", "this report has another photograph already") from exc

    def _told(self, opened: Link, key: str, said: Mapping[str, str]) -> Told:
        views = known_views(self._deps, opened.unit) if said["incident"] else []
        too = next((one for one in views if one["id"] == said["incident"]), None)
        if said["incident"] and too is None:
            raise Trouble(409, "sự cố này vừa kết thúc; nếu vẫn hỏng hãy báo mới", "this incident has just ended")
        system = too.get("system") if too is not None else _SYSTEMS.get(said["what"])
        device = too.get("asset") if too is not None else opened.device
        return Told(
            key=key,
            unit=opened.unit,
            category=Category(said["what"] or ("one_stop" if system == "dossier" else "other")),
            symptom=Symptom(said["how"]) if said["how"] else None,
            text=clean(said["note"]),
            at=None,
            source=Source.LINK,
            system=None if system is None else str(system),
            stages=said["stages"] or None,
            waiting=said["waiting"] or None,
            device=None if device is None else str(device),
            incident=said["incident"] or None,
            began_seconds=self._began(said["since"]),
            is_confirmed=self._is_own(opened.unit),
        )

    def _kept(self, told: Told, paper: str = "") -> tuple[str, bool]:
        entry = self._entry("report.send", f"units/{told.unit}")
        if paper:
            entry = replace(entry, detail={"paper": True})
        try:
            kept, is_new = stored.keep(self._deps.store, told, entry)
        except KeyTaken:  # the same key in the same moment with something else: the first stands
            found = following.by_key(self._deps.store, told.key)
            if found is None:
                raise
            kept, is_new = found, False
        return self._keys.report(kept.id), is_new

    def _began(self, since: str) -> int | None:
        if since == "morning":
            here = datetime.fromtimestamp(self._deps.now_ms() / 1000, UTC).astimezone(LOCAL)
            return max(_HOUR_SECONDS, (here.hour - _MORNING_HOUR) * _HOUR_SECONDS + here.minute * 60)
        return int(since) * 60 if since else None

    def _refuse_flood(self, unit: str) -> None:
        """Refuse what nobody stands by where too much of it came; who is signed in is heard always."""
        since = self._deps.now_ms() - HOUR_MS
        if self._is_own(unit) or following.doubtful_since(self._deps.store, unit, since) < MOST_DOUBTFUL:
            return
        vi = "đơn vị này đã gửi quá nhiều báo cáo chưa xác minh trong một giờ: hãy gọi điện, hoặc đăng nhập rồi báo"
        raise Trouble(429, f"chưa gửi: {vi}", "not sent: too many unconfirmed reports in an hour; call, or sign in")

    def _opened(self, text: str) -> Link:
        link = self._keys.read_link(text)
        if link is None or link.until * HOUR_MS < self._deps.now_ms() or not self._is_unit(link.unit):
            raise _GONE
        if link.version != gates.version_of(self._deps.store, link.unit):
            raise _GONE
        return link

    def _report(self, token: str) -> Report:
        id_ = self._keys.read_report(token)
        found = None if id_ is None else following.by_id(self._deps.store, id_)
        if found is None:
            raise _NO_REPORT
        return found

    def _handling(self, one: Report) -> tuple[Handling, bool]:
        """Return how people handle what a report belongs to, and whether that is over."""
        ids = [] if one.incident is None else [one.incident]
        return followed(self._deps.store, ids).get(one.incident or "", (Handling(), False))

    def _short(self, unit: str) -> str:
        version = gates.version_of(self._deps.store, unit)
        return self._keys.link(Link(unit=unit, version=version, until=self._deps.now_ms() // HOUR_MS + _SHORT_HOURS))

    def _is_own(self, unit: str) -> bool:
        """Return whether a colleague is signed in who may report for a unit."""
        if not principal_of(self.request).may(Permission.REPORTS_WRITE):
            return False
        units = request_territory(self.request).units
        return units is None or unit in units

    def _is_unit(self, unit: str) -> bool:
        return bool(self._deps.live.current().units.history(unit))

    def _name(self, unit: str) -> str:
        return unit_name(self._deps, unit)

    def _device(self, opened: Link) -> str | None:
        found = None if opened.device is None else get(self._deps.store, KINDS["assets"], opened.device)
        return None if found is None or found.record["unit"] != opened.unit else str(found.record["name"])

    def _entry(self, action: str, subject: str) -> Entry:
        entry = act(self.request, action, subject)
        return entry if principal_of(self.request).may(Permission.REPORTS_WRITE) else replace(entry, actor=BY_LINK)


def reports_of(request: Request) -> StoreReports:
    """Return the desk of whoever asks."""
    return StoreReports(request)


def number_of(report: str) -> str:
    """Return the number under which people speak of a report."""
    return report[:8].upper()


def unit_name(deps: Deps, code: str) -> str:
    """Return a unit's name in full, its code where the registry has no name."""
    units = deps.live.current().units
    rows = units.history(code)
    found = units.unit(code, today(deps)) or (rows[-1] if rows else None)
    return code if found is None else found.full_name


def step_of(one: Report, handling: Handling, is_over: bool) -> str:  # noqa: FBT001 - as ``followed`` gives it
    """Return how far a report is: done, handling or received."""
    is_done = is_over or one.state == stored.FIXED
    return "done" if is_done else "handling" if handling.is_taken_on else "received"
