"""Give the register's pages what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import assets, labels, register, stocktakes
from machxa_collector.api import register_shapes as shapes
from machxa_collector.api import stocktake_shapes as counting
from machxa_collector.api.access import principal_of
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission
from machxa_collector.store.asset_list import Wanted
from machxa_web.admin.desk import Trouble

PER_PAGE = 50
_MOST_NAMED = 5


class ApiRegister:
    """Answer machxa_web's RegisterDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        who = principal_of(request)
        self.may_change = who.may(Permission.ASSETS_WRITE)
        self.may_count = who.may(Permission.STOCKTAKES_WRITE)

    def assets(self, asked: Mapping[str, str], cursor: str | None) -> object:
        """Return one page of assets."""
        wanted = Wanted(
            unit=asked["unit"] or None,
            status=asked["status"] or None,
            kind=asked["kind"] or None,
            owner=asked["owner"] or None,
            text=asked["q"],
        )
        return _asked(lambda: assets.assets(self._request, wanted, cursor or "", PER_PAGE))

    def drafts(self, unit: str, cursor: str | None) -> object:
        """Return one page of drafts."""
        return _asked(lambda: register.drafts(self._request, unit, cursor or "", PER_PAGE))

    def decide(self, decisions: Sequence[Mapping[str, str]]) -> object:
        """Settle drafts."""
        made = {"decisions": list(decisions)}
        return _asked(lambda: register.decide(self._request, shapes.DecideDrafts.model_validate(made)))

    def handover(self, of: str, to: str) -> object:
        """Return what would be handed over."""
        return _asked(lambda: register.preview(self._request, shapes.HandoverRequest(of=of, to=to)))

    def hand_over(self, of: str, to: str, version: str, reference: str) -> object:
        """Hand over what was shown."""
        made = {"of": of, "to": to, "version": version, "reference": reference}
        return _asked(lambda: register.hand_over(self._request, shapes.HandoverAct.model_validate(made)))

    def labels(self, unit: str, assets: Sequence[str], cursor: str | None) -> object:
        """Return labels."""
        return _asked(lambda: labels.labels(self._request, list(assets), unit, "", cursor or ""))

    def named(self, code: str) -> object:
        """Return the asset that a label names."""
        return _asked(lambda: labels.named(self._request, code))

    def stocktakes(self, cursor: str | None) -> object:
        """Return one page of stock-takes."""
        return _asked(lambda: stocktakes.stocktakes(self._request, "", cursor or "", PER_PAGE))

    def open(self, unit: str, note: str) -> str:
        """Open a stock-take; return its id."""
        made = {"unit": unit, "note": note}
        return str(_asked(lambda: stocktakes.open_one(self._request, counting.OpenRequest.model_validate(made)))["id"])

    def stocktake(self, stocktake: str) -> object:
        """Return a stock-take whole."""
        return _asked(lambda: stocktakes.one(self._request, stocktake))

    def mark(self, stocktake: str, code: str, room: str, *, damaged: bool) -> object:
        """Keep what was scanned."""
        made = {"code": code, "room": room, "damaged": damaged}
        return _asked(lambda: stocktakes.mark(self._request, stocktake, counting.MarkRequest.model_validate(made)))

    def unmark(self, stocktake: str, mark: int) -> None:
        """Forget a mark."""
        _asked(lambda: stocktakes.unmark(self._request, stocktake, mark))

    def close(self, stocktake: str) -> None:
        """Close a stock-take."""
        _asked(lambda: stocktakes.close(self._request, stocktake))

    def apply(self, stocktake: str, assets: Sequence[str]) -> object:
        """Make proposals an act."""
        made = {"assets": list(assets)}
        return _asked(lambda: stocktakes.apply(self._request, stocktake, counting.ApplyRequest.model_validate(made)))


def register_of(request: Request) -> ApiRegister:
    """Return the desk of who asks."""
    return ApiRegister(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(lambda: _answered(answer), _WHY, "chưa đổi gì")


def _answered(answer: Callable[[], Response]) -> Response:
    """Return an answer; raises Trouble for a problem document, with the faults it names."""
    response = answer()
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    told = json.loads(bytes(response.body))
    faults = told.get("faults") or told.get("conflicts") or []
    vi = "; ".join(f"{one.get('title', '')} {one['vi']}".strip() for one in faults[:_MOST_NAMED])
    raise Trouble(response.status_code, vi or _WHY.get(response.status_code, "không làm được"), str(told["detail"]))


_WHY = {
    404: "không có mục này, hoặc bạn không được xem; chưa đổi gì",
    409: "điều này đã thay đổi từ lúc bạn xem, hoặc đang có đợt kiểm kê mở; hãy xem lại",
    422: "điều ghi trong mẫu không dùng được; chưa đổi gì",
}
