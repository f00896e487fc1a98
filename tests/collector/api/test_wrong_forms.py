"""A form that cannot be used is answered with the field that is wrong and how it is written, in both languages."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre

WISHES = {
    "least": "P3", "least_digest": "P4", "digest": "07:30", "budget": "12", "quiet_from": "21:00", "quiet_to": "06:00",
}  # fmt: skip
SLIP = {"kind": "slip", "incident": "ab" * 8, "unit": "29374"}
PAPER = {"unit": "29374", "reason": "mất điện"}
CASES = (
    ("/notices/wishes", {**WISHES, "digest": "99:99"}, "giờ nhận tin tổng hợp cần ghi như 07:30", "as 07:30, 16:30"),
    ("/notices/wishes", {**WISHES, "quiet_from": "9h"}, "giờ yên tĩnh cần ghi như 21:00", "quiet hours are written"),
    ("/notices/policy", {"base_url": "abc"}, "địa chỉ trang cần bắt đầu bằng https://", "begins with https://"),
    ("/notices/channels", {"kind": "webhook", "id": "Móc", "url": "https://a/b"}, "tên chỉ gồm chữ thường", "small"),
    ("/outputs", {**SLIP, "incident": "abab"}, "sự cố cần mã ở cuối địa chỉ trang", "16 digits and letters"),
    ("/paper", {**PAPER, "incident": "xyz"}, "sự cố cần mã ở cuối địa chỉ trang", "16 digits and letters"),
    ("/outputs", {"kind": "brief", "unit": "86", "day": "hôm nay"}, "ngày cần ghi như 30/11/2026", "day/month/year"),
    ("/outputs", {"kind": "fair", "unit": "29374", "month": "13/2026"}, "tháng cần ghi như 11/2026", "month/year"),
    ("/paper", {**PAPER, "started_at": "sáng nay"}, "cần ghi như 30/11/2026 08:15", "such as 30/11/2026 08:15"),
    ("/paper", {**PAPER, "reason": "x"}, "lý do cần từ 3 đến 500 chữ", "the reason takes 3 to 500"),
)


@pytest.fixture(name="caller")
def _caller(centre: Centre) -> TestClient:
    deps = centre.deps(loopback_open=True)
    caller = TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470", follow_redirects=False)
    caller.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
    return caller


def test_a_wrong_form_is_answered_with_its_field(caller: TestClient) -> None:
    for path, form, vi, en in CASES:
        answers = [caller.post(f"{path}?lang={language}", data=form) for language in ("vi", "en")]

        assert [one.status_code for one in answers] == [422, 422], path
        assert vi in answers[0].text, path
        assert en in answers[1].text, path
