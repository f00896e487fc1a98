"""Give the pages of notices what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import channels, notifications, schedules
from machxa_collector.api import notify_shapes as shapes
from machxa_collector.api import schedule_shapes as reports
from machxa_collector.api.access import principal_of, request_scope
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission

PER_PAGE = 50


class ApiNotices:
    """Answer machxa_web's NoticeDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.may_look = principal_of(request).may(Permission.SETTINGS_READ)
        self.may_set = principal_of(request).may(Permission.SETTINGS_WRITE)
        codes = request_scope(request).codes
        self.own_unit = next(iter(codes)) if len(codes) == 1 else ""

    def page(self, cursor: str | None) -> object:
        """Return one page of one's own notices."""
        return _asked(lambda: notifications.mine(self._request, cursor=cursor or "", limit=PER_PAGE))

    def read(self, upto: int) -> None:
        """Say that one has read them up to one."""
        _asked(lambda: notifications.read(self._request, shapes.ReadRequest(upto=upto)))

    def wishes(self) -> object:
        """Return how one is told."""
        return _asked(lambda: notifications.wishes(self._request))

    def wish(self, said: Mapping[str, object]) -> None:
        """Say how one wishes to be told."""
        _asked(lambda: notifications.wish(self._request, shapes.WishesRequest.model_validate(said)))

    def channels(self) -> object:
        """Return all channels."""
        return _asked(lambda: channels.listed(self._request))

    def add(self, said: Mapping[str, object]) -> None:
        """Add a channel."""
        _asked(lambda: channels.add(self._request, shapes.ChannelRequest.model_validate(said)))

    def switch(self, channel: str, *, on: bool) -> None:
        """Switch a channel on or off, and leave it as it is otherwise."""
        _asked(lambda: channels.switch(self._request, channel, on=on))

    def remove(self, channel: str) -> None:
        """Forget a channel."""
        _done(lambda: channels.remove(self._request, channel))

    def test(self, channel: str, to: str | None) -> object:
        """Send a test."""
        return _asked(lambda: channels.test(self._request, channel, shapes.TestRequest(to=to)))

    def policy(self) -> object:
        """Return what holds for all."""
        return _asked(lambda: notifications.policy(self._request))

    def set_policy(self, said: Mapping[str, object]) -> None:
        """Set what holds for all."""
        _asked(lambda: notifications.set_policy(self._request, shapes.PolicyShape.model_validate(said)))

    def schedules(self, *, everyone: bool) -> object:
        """Return one's own reports that come by themselves, or everyone's."""
        return _asked(lambda: schedules.listed(self._request, everyone=everyone))

    def add_schedule(self, said: Mapping[str, object]) -> None:
        """Let a report come."""
        _asked(lambda: schedules.add(self._request, reports.ScheduleRequest.model_validate(said)), _REPORTS)

    def pause_schedule(self, pk: int, *, paused: bool) -> None:
        """Hold a report, or let it go on."""
        _asked(lambda: schedules.pause(self._request, pk, reports.PausedRequest(paused=paused)), _REPORTS)

    def remove_schedule(self, pk: int) -> None:
        """Stop a report."""
        _done(lambda: schedules.remove(self._request, pk), _REPORTS)

    def try_schedule(self, pk: int) -> None:
        """Try anew what failed."""
        _asked(lambda: schedules.again(self._request, pk), _REPORTS)

    def runs(self, pk: int) -> object:
        """Return what became of a report's periods."""
        return _asked(lambda: schedules.runs(self._request, pk), _REPORTS)

    def preview(self, pk: int) -> object:
        """Return the message as it would go now."""
        return _asked(lambda: schedules.preview(self._request, pk), _REPORTS)


def notices_of(request: Request) -> ApiNotices:
    """Return the desk of who asks."""
    return ApiNotices(request)


def _asked(answer: Callable[[], Response], why: Mapping[int, str] | None = None) -> dict[str, object]:
    return asked(answer, _WHY if why is None else why, "chưa ghi gì")


def _done(answer: Callable[[], Response], why: Mapping[int, str] | None = None) -> None:
    """Ask for what has no answer but that it is done."""

    def told() -> Response:
        answer()
        return Response(json.dumps({}))

    _asked(told, why)


_REPORTS = {
    403: "chỉ người được sửa thiết lập mới đặt báo cáo cho người khác; chưa ghi gì",
    404: "không có đơn vị hoặc báo cáo này, hoặc bạn không được xem; chưa ghi gì",
    409: "báo cáo này đã có, đã đủ số báo cáo, hoặc chưa có gì để làm; chưa ghi gì",
    422: "mẫu chưa đúng: bản tin tuần là của tỉnh (mã hai chữ số), người nhận phải xem được đơn vị; chưa ghi gì",
}
_WHY = {
    404: "không có kênh hoặc tài khoản này",
    409: "tên kênh này đã có, hoặc đã đủ số kênh; chưa ghi gì",
    422: "điều ghi trong mẫu không dùng được: xem lại tên, địa chỉ, giờ và số; chưa ghi gì",
}
