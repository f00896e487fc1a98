"""Give the page of assumptions what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import models as api
from machxa_collector.api.access import principal_of
from machxa_collector.api.model_shapes import ModelRequest, PreviewRequest, RestoreRequest
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission

Entries = Sequence[Mapping[str, str]]


class ApiModels:
    """Answer machxa_web's ModelDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.may_change = principal_of(request).may(Permission.MODEL_WRITE)

    def model(self) -> object:
        """Return the version that holds."""
        return _asked(lambda: api.model(self._request))

    def versions(self) -> object:
        """Return all versions."""
        return _asked(lambda: api.versions(self._request))

    def preview(self, entries: Entries) -> object:
        """Return what saving rows would do."""
        return _asked(lambda: api.preview(self._request, PreviewRequest.model_validate({"entries": list(entries)})))

    def save(self, base: int, reason: str, entries: Entries) -> None:
        """Keep rows as the next version."""
        given = {"base": base, "reason": reason, "entries": list(entries)}
        _asked(lambda: api.save(self._request, ModelRequest.model_validate(given)))

    def restore(self, version: int, base: int, reason: str) -> None:
        """Let an older version hold again."""
        given = {"base": base, "reason": reason}
        _asked(lambda: api.restore(self._request, version, RestoreRequest.model_validate(given)))


def models_of(request: Request) -> ApiModels:
    """Return the desk of who asks."""
    return ApiModels(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(answer, _WHY, "chưa lưu gì")


_WHY = {
    403: "bộ giả định dùng chung cho cả tỉnh: chỉ người được xem toàn tỉnh mới sửa được; chưa lưu gì",
    404: "không có phiên bản này",
    409: "đã có người lưu phiên bản khác: hãy xem lại rồi sửa tiếp; chưa lưu gì",
    422: "mẫu còn chỗ chưa dùng được; chưa lưu gì",
}
