from __future__ import annotations

import pytest

from tests.web.fixture_desk import ASSET, LINE, FixtureDesk, client_of


def test_an_open_finding_shows_its_evidence_and_what_can_be_decided() -> None:
    text = client_of(FixtureDesk()).get("/admin/identity").text

    for expected in ("Vì sao nói vậy?", "UUID bo mạch", "khác nhau", "WD-1", "0,62", "Là một thiết bị: gộp"):
        assert expected in text


def test_a_device_shows_its_marks_places_merges_and_what_says_nothing() -> None:
    text = client_of(FixtureDesk()).get(f"/admin/identity/{ASSET}").text

    for expected in ("4c4c4544-0001", "To be filled by O.E.M.", "không nói lên gì", "29410", "Hoàn tác lần gộp này"):
        assert expected in text


@pytest.mark.parametrize(
    ("path", "form", "asked", "shown"),
    [
        ("/admin/findings/7/decide", {"decision": "apart"}, ("decide", 7, "apart"), "/admin/identity"),
        (f"/admin/identity/{ASSET}/merge", {"absorb": LINE}, ("merge", ASSET, LINE), f"/admin/identity/{ASSET}"),
        (f"/admin/identity/{ASSET}/unmerge", {"merge": "3"}, ("undo merge", 3), f"/admin/identity/{ASSET}"),
        (f"/admin/identity/{ASSET}/split", {"agent": "g-2"}, ("split", ASSET, "g-2"), "/admin/identity/new"),
        (
            f"/admin/identity/{ASSET}/move",
            {"unit": "29410", "note": "QĐ 5"},
            ("move", ASSET, "29410", "QĐ 5"),
            f"/admin/identity/{ASSET}",
        ),
    ],
    ids=["decide", "merge", "undo", "split", "move"],
)
def test_a_decision_about_a_device_is_one_button(
    path: str, form: dict[str, str], asked: tuple[object, ...], shown: str
) -> None:
    desk = FixtureDesk()

    answer = client_of(desk).post(path, data=form)

    assert (answer.status_code, answer.headers.get("location"), desk.asked) == (303, shown, [asked])
