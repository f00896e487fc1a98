"""Give the pages of identities what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import identity as api
from machxa_collector.api import identity_shapes as shapes
from machxa_collector.desks.asking import asked

PER_PAGE = 50


class ApiIdentities:
    """Answer machxa_web's IdentityDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def findings(self, cursor: str | None) -> object:
        """Return one page of open findings."""
        return _asked(lambda: api.findings(self._request, is_open=True, cursor=cursor or "", limit=PER_PAGE))

    def identity(self, asset: str) -> object:
        """Return everything that says which device an asset is."""
        return _asked(lambda: api.identity(self._request, asset))

    def decide(self, finding: int, decision: str) -> None:
        """Settle a finding."""
        asked = {"decision": decision}
        _asked(lambda: api.decide(self._request, finding, shapes.DecideRequest.model_validate(asked)))

    def merge(self, asset: str, absorb: str) -> None:
        """Let an asset absorb another record."""
        _asked(lambda: api.merge(self._request, asset, shapes.MergeRequest(absorb=absorb)))

    def undo_merge(self, merge: int) -> None:
        """Take a merge back."""
        _asked(lambda: api.undo(self._request, merge))

    def split(self, asset: str, agent: str) -> str:
        """Give an agent a record of its own again; return its id."""
        return str(_asked(lambda: api.split(self._request, asset, shapes.SplitRequest(agent=agent)))["asset"])

    def move(self, asset: str, unit: str, note: str) -> None:
        """Say that an asset stands in another unit from now on."""
        _asked(lambda: api.move(self._request, asset, shapes.MoveRequest(unit=unit, note=note or None)))


def identities_of(request: Request) -> ApiIdentities:
    """Return the desk of who asks."""
    return ApiIdentities(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(answer, _WHY, "chưa đổi gì")


_WHY = {
    404: "không có thiết bị hoặc mục này, hoặc bạn không được xem",
    409: "việc này trái với điều đã ghi sau đó; chưa đổi gì",
    422: "không có đơn vị này trong địa bàn của bạn; chưa đổi gì",
}
