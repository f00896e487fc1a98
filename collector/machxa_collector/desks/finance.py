"""Give the finance pages plans as far as somebody may see them, and keep what they decide through the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import planning as api
from machxa_collector.api import planning_attached as api_attached
from machxa_collector.api.access import principal_of, request_scope, request_territory
from machxa_collector.api.deps import Deps
from machxa_collector.api.planning_attached import file_view
from machxa_collector.api.planning_shapes import PaperRequest
from machxa_collector.api.units import today
from machxa_collector.availability import TooWide
from machxa_collector.desks.asking import asked
from machxa_collector.planning.bundles import Lock
from machxa_collector.planning.ceilings import Ceilings, Source
from machxa_collector.planning.overrides import ACTIONS, EXCEPTIONS, Override
from machxa_collector.planning.words import Action, Item
from machxa_collector.purchasing import written
from machxa_collector.purchasing.contracts import contracts
from machxa_collector.purchasing.evidence import line_of, subjects_of
from machxa_collector.purchasing.kept import Busy, Unmade, part_of
from machxa_collector.purchasing.papers import PaperKind, Scenario, read_previous, read_scenario
from machxa_collector.purchasing.shown import Shown
from machxa_collector.purchasing.situation import scenario as scenario_of
from machxa_collector.purchasing.views import heads, lines, tables
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.people import Permission
from machxa_collector.store import planning as stored
from machxa_collector.store import planning_attached as attached
from machxa_web.admin.desk import Trouble
from machxa_web.finance.desk import Computing, Further, Which

View = dict[str, object]
_NO_SCENARIO = Trouble(404, "không có phương án này", "no scenario is kept under this name")
_NO_LINE = Trouble(
    404, "kế hoạch không có dòng này, hoặc bạn không được xem", "the plan has no such line, or you may not see it"
)
_NOT_YET = Trouble(
    503,
    "chưa lưu gì: đang đọc số liệu của các đơn vị, xin bấm lưu lại sau vài giây",
    "nothing was saved: units are still being read, send the form again in a few seconds",
)
_BUSY = Trouble(
    503,
    "đang lập nhiều kế hoạch cùng lúc; xin thử lại sau một phút, chưa mất gì",
    "several plans are being made; try again in a minute, nothing is lost",
)


class StoreFinance:
    """Answer machxa_web's FinanceDesk from the plans at hand."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._territory = request_territory(request)
        scope, home = request_scope(request), self._deps.live.current().home
        sees_all = scope.is_wide and (home is None or scope.covers(home, None))
        self.may_attach = principal_of(request).may(Permission.ASSETS_WRITE)
        self.may_change = sees_all and self.may_attach

    def scenarios(self) -> object:
        """Return the kept scenarios, and which papers are missing."""
        kept = stored.named(self._deps.store, PaperKind.SCENARIO.value)
        missing = [kind.value for kind in (PaperKind.PRICES, PaperKind.UNITS) if not self._has(kind)]
        return {
            "scenarios": [self._scenario_view(one) for one in kept],
            "missing": [*missing, *(["scenario"] if not kept else [])],
        }

    def overview(self, which: Which) -> object:
        """Return the head of a plan, its classes, and what its money does."""
        one = self._plan(which)
        return {"head": self._head(one, which), "classes": heads.classes_view(one), "money": heads.money_view(one)}

    def lines(self, which: Which, asked: Mapping[str, str], start: int, most: int) -> object:
        """Return one page of lines."""
        one, before = self._plan(which), stored.newest(self._deps.store, PaperKind.PREVIOUS.value)
        last = None if before is None else read_previous(before.content.encode())
        return {"head": self._head(one, which), **lines.lines_view(one, lines.filters_of(asked), start, most, last)}

    def line(self, which: Which, line: str) -> object:
        """Return a line with all that stands behind it."""
        one = self._plan(which)
        found, settled = lines.line_view(one, line), line_of(one.outcome, line)
        if found is None or settled is None:
            raise _NO_LINE
        subjects = subjects_of(settled)
        kept = stored.newest(self._deps.store, PaperKind.SCENARIO.value, which.scenario) if which.scenario else None
        return {
            "head": self._head(one, which),
            **found,
            "scenario": None if kept is None else self._scenario_view(kept),
            "exceptions": EXCEPTIONS,
            "actions": [action.value for action in ACTIONS],
            "subjects": subjects,
            "files": [file_view(each) for each in attached.of(self._deps.store, self._territory, subjects)],
        }

    def units(self, which: Which, item: str, start: int) -> object:
        """Return what each unit has of a class."""
        one = self._plan(which)
        return {"head": self._head(one, which), "told": tables.units_view(one, item, start)}

    def transfers(self, which: Which, start: int) -> object:
        """Return transfers."""
        one = self._plan(which)
        return {"head": self._head(one, which), "told": tables.transfers_view(one, start)}

    def charts(self, which: Which, start: int) -> object:
        """Return ages, five years, and need by dossiers."""
        one = self._plan(which)
        return {
            "head": self._head(one, which),
            "ages": tables.ages_view(one),
            "years": tables.years_view(one),
            "dossiers": tables.dossiers_view(one, start),
        }

    def contracts(self, first: date, last: date) -> object:
        """Return lines under contract."""
        try:
            rows = contracts(self._deps.live, self._territory, first, last, self._deps.now_ms())
        except TooWide as exc:
            raise Trouble(422, "khoảng ngày quá dài", str(exc)) from exc
        return {"first": first, "last": last, "rows": rows}

    def save(self, name: str, ceilings: Mapping[str, str], further: Sequence[Further], reason: str) -> None:
        """Keep a scenario with new ceilings and what another one decided of lines."""
        said = (
            self._said(ceilings["of"])
            if ceilings["of"]
            else Scenario(name="", ceilings=Ceilings(shared_vnd=0), locks={})
        )
        money = replace(
            said.ceilings,
            shared_vnd=int(ceilings["shared_vnd"]),
            shared_source=ceilings["shared_source"] or said.ceilings.shared_source,
            further=tuple(_source(one) for one in further),
            own_items=frozenset(map(Item, ceilings["own_items"].split())) or None,
            minimum_per_1000=int(ceilings["minimum_per_1000"]) if ceilings["minimum_per_1000"] else None,
        )
        if ceilings["own_vnd"]:
            try:
                units = [unit.commune.code for unit in self._plan(Which("", None)).outcome.needs.units]
            except Computing:
                raise _NOT_YET from None
            money = replace(money, own_vnd=dict.fromkeys(units, int(ceilings["own_vnd"])))
        self._keep(replace(said, name=name, ceilings=money), reason)

    def decide(self, scenario: str, line: str, decision: Mapping[str, str]) -> None:
        """Lock a line, decide otherwise, or take it back."""
        said = self._said(scenario)
        reason, actor = decision["reason"], principal_of(self._request).name
        try:
            if decision["way"] in ("in", "out"):
                lock = Lock(line=line, way=decision["way"], reason=reason, actor=actor)
                changed = written.with_lock(said, lock)
            elif decision["way"] == "free":
                changed = written.without(written.without(said, line), _decided(line))
            else:
                changed = written.with_override(said, self._override(line, decision, actor))
        except ValueError as exc:
            raise Trouble(422, f"chưa lưu gì: {_decided(line)} không nhận quyết định này", str(exc)) from exc
        self._keep(changed, reason)

    def undo(self, scenario: str, version: int) -> None:
        """Let the version before the newest hold again."""
        two = stored.versions(self._deps.store, PaperKind.SCENARIO.value, scenario, 2)
        if not two or two[0].version != version:
            raise Trouble(
                409, "phương án đã đổi từ lúc bạn xem; chưa đổi gì", "the scenario has changed since; nothing changed"
            )
        if len(two) == 1:
            raise Trouble(409, "không có bản nào trước bản này", "there is no version before this one")
        content = None if two[1].is_gone else two[1].content
        self._put(scenario, content, f"hoàn tác bản {version}")

    def attach(self, subject: str, name: str, content: bytes) -> None:
        """Keep a file behind a price or an asset."""
        asked(lambda: api_attached.kept(self._request, subject, name, content), _WHY_FILE, "chưa lưu gì")

    def detach(self, number: int) -> None:
        """Take a file away."""

        def taken() -> Response:
            api_attached.take_away(self._request, number)
            return Response(b"{}")

        asked(taken, _WHY_FILE, "chưa đổi gì")

    def _override(self, line: str, decision: Mapping[str, str], actor: str) -> Override:
        quantity = decision["quantity"]
        return Override(
            line=_decided(line),
            reason=decision["reason"],
            actor=actor,
            on=today(self._deps),
            quantity=int(quantity) if quantity.isdecimal() and len(quantity) < 5 else None,  # noqa: PLR2004 - pieces
            action=Action(decision["action"]) if decision["action"] else None,
            exceptions=frozenset([decision["exception"]] if decision["exception"] else ()),
        )

    def _plan(self, which: Which) -> Shown:
        if which.scenario and stored.newest(self._deps.store, PaperKind.SCENARIO.value, which.scenario) is None:
            raise _NO_SCENARIO
        try:
            found = self._deps.plans.shown(which.scenario, which.ceiling)
        except Busy:
            raise _BUSY from None
        except Unmade as exc:
            raise Trouble(500, "không lập được kế hoạch; lý do ở nhật ký của trung tâm", f"no plan: {exc}") from exc
        if found is None:
            raise Computing
        return part_of(found, self._territory)

    def _head(self, one: Shown, which: Which) -> View:
        registry = self._deps.live.current()
        home = None if registry.home is None else registry.units.unit(registry.home, today(self._deps))
        return {**heads.head_view(one, which.ceiling), "province": None if home is None else home.full_name}

    def _scenario_view(self, paper: stored.Paper) -> View:
        kept_on = datetime.fromtimestamp(paper.made_at / 1000, LOCAL).date()
        said = read_scenario(paper.name, paper.content, paper.made_by, kept_on)
        return {
            "name": paper.name,
            "shared_vnd": said.ceilings.shared_vnd,
            "shared_source": said.ceilings.shared_source,
            "own_vnd": sum(said.ceilings.own_vnd.values()),
            "locks": len(said.locks),
            "overrides": len(said.overrides),
            "versions": [
                {"version": one.version, "made_at": one.made_at, "made_by": one.made_by, "reason": one.reason}
                for one in stored.versions(self._deps.store, PaperKind.SCENARIO.value, paper.name, 5)
            ],
        }

    def _said(self, name: str) -> Scenario:
        found = scenario_of(self._deps.store, name) if name else None
        if found is None:
            raise _NO_SCENARIO
        return found

    def _has(self, kind: PaperKind) -> bool:
        return stored.newest(self._deps.store, kind.value) is not None

    def _keep(self, said: Scenario, reason: str) -> None:
        self._put(said.name, written.written(said), reason)

    def _put(self, name: str, content: str | None, reason: str) -> None:
        def put() -> Response:
            asked_for = PaperRequest(name=name, content=content, reason=reason)
            return api.keep(self._request, "scenario", asked_for)

        asked(put, _WHY, "chưa lưu gì")


def finance_of(request: Request) -> StoreFinance:
    """Return the desk of who asks."""
    return StoreFinance(request)


def _decided(line: str) -> str:
    """Return what an override of a line is about: the asset, or all pieces of the class that a unit lacks."""
    parts = line.split(":")
    return ":".join(parts[:3]) if parts[0] == "gap" else line


def _source(told: Further) -> Source:
    return Source(
        name=told.name,
        vnd=told.vnd,
        items=frozenset(map(Item, told.items)) or None,
        actions=frozenset(map(Action, told.actions)) or None,
        units=frozenset(told.units) or None,
    )


_WHY_FILE = {
    403: "chỉ người xem được cả tỉnh mới gắn tệp vào bảng giá; chưa lưu gì",
    404: "không có tài sản hoặc tệp này, hoặc bạn không được xem; chưa lưu gì",
    409: "đã đủ 12 tệp: hãy gỡ bớt một tệp trước; chưa lưu gì",
    415: "tệp không phải PDF, JPEG hay PNG nguyên vẹn; chưa lưu gì",
}
_WHY = {
    403: "chỉ người xem được cả tỉnh mới đổi được phương án; chưa lưu gì",
    404: "không có phương án này; chưa lưu gì",
    422: "phương án còn chỗ chưa dùng được; chưa lưu gì",
}
