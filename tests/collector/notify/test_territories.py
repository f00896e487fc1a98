"""A digest tells what may be seen when it is made, not when it began to wait."""

from __future__ import annotations

from machxa_collector.impact.severity import Severity
from tests.collector.notify.centre import Centre, Post
from tests.collector.notify.incidents import incident

HOOK = {"url": "https://sms.example.vn/hook/s3cret"}


def test_what_no_longer_lies_in_a_territory_is_left_out_of_its_digest(centre: Centre) -> None:
    centre.send = post = Post()
    for name in ("moved", "gone"):
        centre.channel(name, "webhook", HOOK, {"scope": "29374,29398", "quiet": None})
    centre.note(incident(1, Severity.P4))
    centre.note(incident(2, Severity.P4, units=("29398",), subject="29398"))
    centre.turn("09:05")

    centre.channel("moved", "webhook", HOOK, {"scope": "29398", "quiet": None})
    centre.channel("gone", "webhook", HOOK, {"scope": "29401", "quiet": None})
    centre.turn("16:31")

    [letter] = post.sent
    assert [one["labels"]["units"] for one in letter.body["alerts"]] == ["29398"]  # type: ignore[attr-defined] # JSON
    assert "29374" not in str(letter.body)
    assert centre.count("machxa_notify_decided_total", way="dropped", why="not_allowed") == 2
