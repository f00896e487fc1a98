"""Give the pages of availability what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from machxa_collector.api import availability as api
from machxa_collector.api.availability_shapes import InputsQuery, ListQuery
from machxa_collector.desks.asking import asked as ask

PER_PAGE = 60  # rows: a page stays under 60 kB
_WHY = {
    400: "kỳ báo cáo không dùng được: từ ngày đến ngày, nhiều nhất 366 ngày, một tỉnh mỗi lần",
    404: "không có gì mang tên này để tính, hoặc bạn không được xem",
}


class ApiAvailability:
    """Answer machxa_web's AvailabilityDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def report(self, asked: Mapping[str, str]) -> object:
        """Return one page of a report."""
        wanted = {**asked, "limit": PER_PAGE}
        return ask(lambda: api.availability(self._request, ListQuery.model_validate(wanted)), _WHY, "chưa có báo cáo")

    def inputs(self, asked: Mapping[str, str]) -> object:
        """Return what one figure is made of."""
        return ask(lambda: api.inputs(self._request, InputsQuery.model_validate(asked)), _WHY, "chưa có báo cáo")


def availability_of(request: Request) -> ApiAvailability:
    """Return the desk of who asks."""
    return ApiAvailability(request)
