"""Give the page of norms what it shows, and keep its changes as versions of the province's own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import Request
from starlette.exceptions import HTTPException

from machxa_collector.api import planning as api
from machxa_collector.api.access import principal_of, refuse_for_some, request_territory
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.planning_shapes import PaperRequest
from machxa_collector.api.units import today
from machxa_collector.desks.asking import asked
from machxa_collector.desks.norm_form import change_of, ends_on, norm_of
from machxa_collector.planning.facts import Commune
from machxa_collector.planning.norms import max_price
from machxa_collector.planning.own_norms import totals
from machxa_collector.planning.rules import Norm, Rules, shipped_rules
from machxa_collector.planning.words import Item
from machxa_collector.purchasing.papers import BadPaper, PaperKind, rules_of
from machxa_collector.purchasing.situation import communes_of
from machxa_collector.registry.people import Permission
from machxa_collector.store import planning
from machxa_web.admin.desk import Trouble

Json = dict[str, object]
MOST_VERSIONS = 10
_RULES = PaperKind.RULES.value
_WHY = {
    403: "định mức là của mọi đơn vị: cần phạm vi cả tỉnh; chưa đổi gì",
    422: "dòng này không dùng được; chưa đổi gì",
}


class StoreNorms:
    """Answer machxa_web's NormDesk from the store."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps

    def standing(self) -> object:
        """Return the norms as they are."""
        day, versions = today(self._deps), self._versions()
        own, is_readable = self._own(versions)
        rules, communes = rules_of(own), self._communes()
        now = totals(communes, rules, day)
        given = shipped_rules()
        shipped = {row.id: row for row in given.norm}
        rows = [_row(row, day, is_own=shipped.get(row.id) != row) for row in rules.norm]
        return {
            "read_on": date.fromisoformat(given.version),
            "source": given.source,
            "rows": sorted(rows, key=_order),
            "versions": [_version(one) for one in versions],
            "totals": _totals(now, now, (rules, rules), day),
            "units": len(communes),
            "base": versions[0].version if versions else 0,
            "why_not": "" if is_readable and not self._why_not() else self._why_not() or "paper",
        }

    def preview(self, said: Mapping[str, str]) -> object:
        """Return what a change would do."""
        versions = self._versions()
        own, _ = self._own(versions)
        before, after = rules_of(own), rules_of(self._changed(said, versions) or "")
        communes, day = self._communes(), self._from(said)
        added = norm_of(said, before) if said.get("what") == "add" else None
        compared = totals(communes, before, day), totals(communes, after, day)
        return {
            "day": day,
            "totals": _totals(*compared, (before, after), day),
            "units": len(communes),
            "base": versions[0].version if versions else 0,
            "row": None if added is None else _row(added, day, is_own=True),
        }

    def keep(self, said: Mapping[str, str], reason: str, base: str) -> None:
        """Keep a change that was previewed over a version."""
        versions = self._versions()
        if base != str(versions[0].version if versions else 0):
            raise Trouble(
                409,
                "có người vừa sửa quy định: hãy xem lại; chưa đổi gì",
                "somebody has changed the rules since: look again; nothing changed",
            )
        content = self._changed(said, versions)
        body = PaperRequest.model_validate
        told = {"content": content, "reason": reason}
        asked(lambda: api.keep(self._request, "rules", body(told)), _WHY, "chưa đổi gì")

    def _changed(self, said: Mapping[str, str], versions: Sequence[planning.Paper]) -> str | None:
        """Return the own rules with a change; None: none hold any more."""
        own, _ = self._own(versions)
        if said.get("what") != "undo":
            return change_of(said, own)
        if not versions:
            raise Trouble(409, "không có lần sửa nào để lấy lại", "there is no change to take back")
        before = versions[1] if len(versions) > 1 else None
        if versions[0].is_gone and (before is None or before.is_gone):
            raise Trouble(409, "không có lần sửa nào để lấy lại", "there is no change to take back")
        return None if before is None or before.is_gone else before.content

    def _from(self, said: Mapping[str, str]) -> date:
        """Return the first day on which a change tells."""
        now = today(self._deps)
        if said.get("what") == "undo":
            return now
        if said.get("what") == "end":
            return max(now, ends_on(said) + timedelta(days=1))
        began = norm_of(said, shipped_rules()).valid_from
        return now if began is None else max(now, began)

    def _own(self, versions: Sequence[planning.Paper]) -> tuple[str, bool]:
        """Return the province's own rules, and whether they can be read: what an older product kept may not."""
        newest = versions[0] if versions else None
        if newest is None or newest.is_gone:
            return "", True
        try:
            rules_of(newest.content)
        except BadPaper:
            return "", False
        return newest.content, True

    def _versions(self) -> Sequence[planning.Paper]:
        return planning.versions(self._deps.store, _RULES, most=MOST_VERSIONS)

    def _communes(self) -> tuple[Commune, ...]:
        live, territory = self._deps.live.current(), request_territory(self._request)
        return communes_of(self._deps.store, live, territory, self._deps.now_ms())

    def _why_not(self) -> str:
        if not principal_of(self._request).may(Permission.ASSETS_WRITE):
            return "role"
        try:
            refuse_for_some(self._request)
        except HTTPException:
            return "territory"
        return ""


def norms_of(request: Request) -> StoreNorms:
    """Return the desk of who asks."""
    return StoreNorms(request)


def _row(row: Norm, day: date, *, is_own: bool) -> Json:
    is_past = row.valid_to is not None and row.valid_to < day
    is_later = row.valid_from is not None and row.valid_from > day
    return {
        "id": row.id,
        "item": row.item.value,
        "titles": [one.value for one in row.titles],
        "per_staff": row.per_staff,
        "per_counter": row.per_counter,
        "per_unit": row.per_unit,
        "max_price_vnd": row.max_price_vnd,
        "purpose": row.purpose,
        "source": row.source,
        "confidence": row.confidence,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "is_own": is_own,
        "state": "past" if is_past else "later" if is_later else "now",
    }


def _order(row: Json) -> tuple[int, int, str]:
    return ("now", "later", "past").index(str(row["state"])), _ITEMS.index(str(row["item"])), str(row["id"])


_ITEMS = [one.value for one in Item]


def _totals(
    before: Mapping[Item, tuple[int, int]],
    after: Mapping[Item, tuple[int, int]],
    rules: tuple[Rules, Rules],
    day: date,
) -> list[Json]:
    return [
        {
            "item": item.value,
            "before": before[item][0] if item in before else None,
            "after": after[item][0] if item in after else None,
            "unknown": (after[item] if item in after else before[item])[1],
            "price_before": max_price(item, rules[0], day),
            "price_after": max_price(item, rules[1], day),
        }
        for item in Item
        if item in before or item in after
    ]


def _version(one: planning.Paper) -> Json:
    return {
        "version": one.version,
        "made_at": iso(one.made_at),
        "made_by": one.made_by,
        "reason": one.reason,
        "is_gone": one.is_gone,
    }
