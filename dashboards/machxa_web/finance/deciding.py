"""Take what finance decides: a scenario's ceilings, locks and other decisions on lines, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.sheet import Sheet
from machxa_web.finance.asking import further_of, millions_of, own_items_of, query
from machxa_web.finance.desk import FinanceDeskOf, FinanceGuards, Further, Which
from machxa_web.finance.pages import PLACE
from machxa_web.finance.shapes import Source
from machxa_web.finance.words import EVERY

Form = Annotated[Mapping[str, str], Depends(form_of)]
_LONGEST_NAME = 60
_SHARED = "Ngân sách tỉnh"  # as a scenario calls it that names none
_LONGEST_REASON = 500
_DECISIONS = ("way", "quantity", "action", "exception", "reason")
_NO_REASON = Trouble(422, "cần ghi lý do, ít nhất 3 chữ; chưa lưu gì", "a reason of 3 letters; nothing was saved")


def add_deciding_routes(router: APIRouter, desk_of: FinanceDeskOf, sheet: Sheet, guards: FinanceGuards) -> None:
    """Give a router what the forms of the finance pages send to."""

    def save(request: Request, form: Form) -> Response:
        """Keep a scenario under a name."""
        name = form.get("name", "").strip()[:_LONGEST_NAME]
        if not name:
            raise Trouble(422, "cần tên phương án, như A; chưa lưu gì", "a scenario has a name; nothing was saved")
        ceilings = {
            "shared_vnd": str(millions_of(form.get("million", ""))),
            "of": form.get("plan", "")[:_LONGEST_NAME],
            "shared_source": form.get("shared_source", "").strip()[:_LONGEST_NAME],
            **{
                name: str(millions_of(said)) if (said := form.get(field, "").strip()) else ""
                for name, field in (("own_vnd", "own_million"), ("minimum_per_1000", "minimum_million"))
            },
            "own_items": " ".join(own_items_of(form)),
        }
        further, reason = further_of(form), _reason(form)
        if form.get("look"):
            told = _looked_at(ceilings, further)
            return sheet(request, "finance_keep.html", name=name, form=form, words=EVERY, told=told)
        desk_of(request).save(name, ceilings, further, reason)
        return RedirectResponse(f"{PLACE}?{query(Which(name, None), done='scenario')}", 303)

    def decide(request: Request, form: Form) -> Response:
        """Lock a line, decide otherwise, or take such a decision back."""
        name, line = form.get("plan", "")[:_LONGEST_NAME], form.get("line", "")[:200]
        said = {part: form.get(part, "").strip()[:_LONGEST_REASON] for part in _DECISIONS}
        desk_of(request).decide(name, line, {**said, "reason": _reason(form)})
        return RedirectResponse(f"{PLACE}/line?{query(Which(name, None), line=line, done='decision')}", 303)

    def undo(request: Request, form: Form) -> Response:
        """Let the version of a scenario before the newest hold again."""
        name, text = form.get("plan", "")[:_LONGEST_NAME], form.get("version", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - what a version can be
            raise Trouble(422, "mẫu bị thiếu; chưa lưu gì", "the form is not whole; nothing was saved")
        desk_of(request).undo(name, int(text))
        return RedirectResponse(f"{PLACE}?{query(Which(name, None), done='undone')}", 303)

    sheet.add(
        router,
        "POST",
        {f"{PLACE}/save": save, f"{PLACE}/decide": decide, f"{PLACE}/undo": undo},
        guards.deciding,
    )


def _looked_at(ceilings: Mapping[str, str], further: Sequence[Further]) -> dict[str, object]:
    """Return what a form would keep, as the page shows it before."""
    first = Further(
        name=ceilings["shared_source"] or _SHARED, vnd=int(ceilings["shared_vnd"]), items=(), actions=(), units=()
    )
    own = Further(name="", vnd=0, items=tuple(ceilings["own_items"].split()), actions=(), units=())
    told = {name: int(ceilings[name]) if ceilings[name] else None for name in ("own_vnd", "minimum_per_1000")}
    return {
        "sources": [_source(one) for one in (first, *further)],
        "own": _source(own),
        "own_vnd": told["own_vnd"],
        "minimum_vnd": told["minimum_per_1000"],
    }


def _source(one: Further) -> Source:
    return Source(
        name=one.name,
        ceiling_vnd=one.vnd,
        paid_vnd=0,
        items=one.items or None,
        actions=one.actions or None,
        units=one.units or None,
    )


def _reason(form: Mapping[str, str]) -> str:
    reason = form.get("reason", "").strip()[:_LONGEST_REASON]
    if len(reason) < 3:  # noqa: PLR2004 - as the audit trail asks
        raise _NO_REASON
    return reason
