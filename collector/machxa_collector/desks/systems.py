"""Give the pages of systems what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from fastapi import Request

from machxa_collector.api import system_hours as api
from machxa_collector.api import systems
from machxa_collector.api.system_hour_shapes import GroupBy
from machxa_collector.desks.asking import asked
from machxa_collector.strips.keeper import WEEK_HOURS

_WHY = {
    400: "trang này không còn: hãy bắt đầu lại từ đầu danh sách",
    404: "máy trạm không kiểm tra hệ thống nào mang tên này",
}
_NOTHING = "chưa có gì để xem"


class ApiSystems:
    """Answer machxa_web's SystemDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def systems(self) -> object:
        """Return the catalogue of systems."""
        return asked(lambda: systems.systems(self._request), _WHY, _NOTHING)

    def hours(self, hours: int) -> object:
        """Return the last hours of all systems that agents check."""
        return asked(lambda: api.all_hours(self._request, hours), _WHY, _NOTHING)

    def one(self, system: str, by: str, cursor: str | None) -> object:
        """Return a week of one system, and a page of its sites' groups."""
        return asked(
            lambda: api.hours_of_one(self._request, system, WEEK_HOURS, GroupBy(by), cursor or ""), _WHY, _NOTHING
        )


def systems_of(request: Request) -> ApiSystems:
    """Return the desk of who asks."""
    return ApiSystems(request)
