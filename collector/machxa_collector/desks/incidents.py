"""Give the pages of incidents what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import incidents as api
from machxa_collector.api import judgement
from machxa_collector.api.access import principal_of
from machxa_collector.api.incident_shapes import ActRequest
from machxa_collector.desks import effects as desk_effects
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission

PER_PAGE = 100


class ApiIncidents:
    """Answer machxa_web's IncidentDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.may_handle = principal_of(request).may(Permission.INCIDENTS_HANDLE)

    def page(self, cursor: str | None, unit: str | None, *, is_open: bool | None) -> object:
        """Return one page of incidents."""
        return _asked(
            lambda: api.incidents(self._request, is_open=is_open, unit=unit, cursor=cursor or "", limit=PER_PAGE)
        )

    def one(self, incident: str) -> object:
        """Return one incident whole."""
        return _asked(lambda: api.incident(self._request, incident))

    def beside(self, incident: str) -> object:
        """Return what explains an incident, and when people were told."""
        return desk_effects.beside(self._request, incident)

    def effects(self, incident: str) -> object:
        """Return what an incident does to dossiers."""
        return desk_effects.effects(self._request, incident)

    def act(self, incident: str, kind: str, detail: Mapping[str, object]) -> None:
        """Write down what somebody does."""
        asked = {"kind": kind, **detail}
        _asked(lambda: api.act(self._request, incident, ActRequest.model_validate(asked)))

    def judgement(self) -> object:
        """Return how the judgement does."""
        return _asked(lambda: judgement.judgement(self._request))


def incidents_of(request: Request) -> ApiIncidents:
    """Return the desk of who asks."""
    return ApiIncidents(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(answer, _WHY, "chưa ghi gì")


_WHY = {
    403: "sự cố này chạm cả đơn vị khác: hãy ghi chú hoặc ghi số phiếu, việc còn lại do tỉnh làm",
    404: "không có sự cố này, hoặc bạn không được xem",
    422: "còn thiếu điều cần ghi; chưa ghi gì",
}
