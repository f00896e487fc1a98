"""Give the page of documents what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import outputs as api
from machxa_collector.api.access import principal_of
from machxa_collector.api.output_shapes import OutputRequest
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission

_HEX = frozenset("0123456789abcdef")
_LENGTH = 64


class ApiOutputs:
    """Answer machxa_web's PaperDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.may_issue = principal_of(request).may(Permission.OUTPUTS_ISSUE)

    def given(self) -> object:
        """Return the newest documents."""
        return _asked(lambda: api.outputs(self._request, unit=""))

    def verified(self, sha256: str) -> object:
        """Return what is known of a hash; of what can be none, nothing."""
        if len(sha256) != _LENGTH or not _HEX.issuperset(sha256):
            return {"sha256": sha256, "is_known": False, "is_whole": False, "document": None}
        return _asked(lambda: api.verify(self._request, sha256))

    def issue(self, given: Mapping[str, object]) -> None:
        """Give a document out."""
        _asked(lambda: api.issue(self._request, OutputRequest.model_validate(given)))


def outputs_of(request: Request) -> ApiOutputs:
    """Return the desk of who asks."""
    return ApiOutputs(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(answer, _WHY, "chưa lập văn bản")


_WHY = {
    404: "không có sự cố, đơn vị, hồ sơ trễ hoặc lần làm trên giấy này, hoặc bạn không được xem",
    422: "mẫu còn chỗ chưa dùng được; chưa lập văn bản",
}
