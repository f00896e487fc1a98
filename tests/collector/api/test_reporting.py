"""A phone without an account reports for one unit, once; nobody takes it for more than it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.desks.reporting import MOST_DOUBTFUL
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.words import Cause
from machxa_collector.pages import pages
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.gates import HOUR_MS, GateKeys, Link, gate_keys
from machxa_collector.registry.people import Role
from machxa_collector.store import following, gates, incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import put_assets
from tests.collector.effects.scene import CHAU_THANH, OTHER, SOFTWARE, at
from tests.collector.stores import fresh_store

KEYS = gate_keys((b"s" * 32,))
BASE = "https://may-chu.xa.example"
TOLD = {"what": "printer", "how": "unusable"}
HOSTILE = "<script>alert(1)</script>\u202e=HYPERLINK()"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one centre with its pages for all tests here."""
    folder: Path = tmp_path_factory.mktemp("reporting")
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url=BASE, follow_redirects=False) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture
def centre(served: tuple[Centre, TestClient]) -> Centre:
    served[0].now_ms += 2 * HOUR_MS  # what one test sent is no flood for the next
    return served[0]


@pytest.fixture
def phone(served: tuple[Centre, TestClient]) -> TestClient:
    served[1].cookies.clear()
    return served[1]


def link(centre: Centre, unit: str = CHAU_THANH, hours: int = 24, **more: str) -> str:
    until = centre.now_ms // HOUR_MS + hours
    version = gates.version_of(centre.store, unit)
    return f"/report/{KEYS.link(Link(unit=unit, version=version, until=until, **more))}"


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="([\w-]{24}-\w+-\w+)"', page)
    assert found is not None, page
    return found[1]


def sent(phone: TestClient, path: str, **more: str) -> str:
    """Return the address of a new report."""
    key = key_on(phone.get(f"{path}?what=printer&how=unusable").text)
    answer = phone.post(path, data={**TOLD, "key": key, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def reports(centre: Centre, unit: str = CHAU_THANH) -> list[tuple[str, str | None, str, str]]:
    found = following.of_unit(centre.store, unit, 100)
    return [(one.category, one.symptom, one.reporter, one.state) for one in found]


def test_three_taps_report_and_the_same_form_sent_again_is_the_same_report(centre: Centre, phone: TestClient) -> None:
    unit, path = "28756", link(centre, "28756")
    what = phone.get(path).text
    how = phone.get(f"{path}?what=printer").text
    walk = re.search(r'href="\?what=printer&amp;(k=[\w-]{24})"', what)
    assert walk is not None
    send = phone.get(f"{path}?what=printer&how=unusable&{walk[1]}").text
    form = {**TOLD, "key": key_on(send)}

    first = phone.post(path, data=form)
    again = phone.post(path, data={**form, "note": "sửa rồi gửi lại"})
    script = phone.post(path, data=form, headers={"Accept": "application/json"})
    status = phone.get(first.headers["location"])

    assert key_on(phone.get(f"{path}?what=printer&how=unusable&{walk[1]}").text) == form["key"]  # back, in a browser
    assert [len(re.findall(pattern, page)) for pattern, page in ((r'class="tile"', what), (r'class="row"', how))] == [
        9,
        5,
    ]
    assert (first.status_code, again.status_code, script.status_code) == (303, 303, 200)
    assert script.json() == {"status": again.headers["location"]} == {"status": f"{first.headers['location']}?known=1"}
    assert reports(centre, unit) == [("printer", "unusable", "unit link", "unverified")]
    assert "Chưa xác minh" in status.text
    assert "<svg" in status.text
    assert status.headers["cache-control"] == "no-store"


def test_what_is_asked_is_told_and_nothing_else_is_ever_asked(centre: Centre, phone: TestClient) -> None:
    path = link(centre, "28777")
    page = phone.get(f"{path}?what=printer&how=unusable").text

    location = sent(
        phone, path, note=HOSTILE, waiting="6-20", since="30", paper="yes", **{"stage-scan": "yes", "stage-sign": "yes"}
    )

    (kept,) = following.of_unit(centre.store, "28777", 5)
    assert (kept.waiting, kept.stages, kept.began_at) == ("6-20", "scan,sign", centre.now_ms - 1_800_000)
    assert location.endswith("?paper=1")
    assert "/paper" in phone.get(location).text
    fields = {name.partition("-")[0] for name in re.findall(r'name="([\w-]+)"', page)} - {"viewport"}
    assert fields == {"key", "what", "how", "since", "waiting", "stage", "note", "paper", "photo"}
    assert not re.search(r"IP|sê-ri|serial|số CCCD|họ tên", page)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": "short"}, 422),
        ({"key": "k" * 65}, 422),
        ({"what": "weather"}, 422),
        ({"what": ""}, 422),
        ({"how": "badly"}, 422),
        ({"waiting": "1000"}, 422),
        ({"since": "-5"}, 422),
        ({"note": "x" * 201}, 422),
        ({"note": "x" * 4001}, 413),
        ({"incident": "../x"}, 422),
        ({"incident": "0123456789abcdef", "what": ""}, 409),
    ],
)
def test_what_is_no_report_is_refused_in_words(
    centre: Centre, phone: TestClient, change: dict[str, str], status: int
) -> None:
    answer = phone.post(link(centre, "28783"), data={**TOLD, "key": "k" * 24, **change})

    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert reports(centre, "28783") == []


def test_a_link_ends_with_its_time_and_with_its_version(centre: Centre, phone: TestClient) -> None:
    unit, entry = "28789", Entry(at=centre.now_ms, actor="lan", action="report.revoke")
    late, good = link(centre, unit, hours=-1), link(centre, unit)
    code = KEYS.code(unit, 1)

    before = [phone.get(one).status_code for one in (late, good)]
    gates.revoke(centre.store, unit, entry)
    after = [phone.get(good).status_code, phone.post(good, data={**TOLD, "key": "k" * 24}).status_code]
    typed = [phone.post("/report", data={"code": one}).status_code for one in (code, KEYS.code(unit, 2))]

    assert (before, after, typed) == ([404, 200], [404, 404], [403, 303])
    assert reports(centre, unit) == []


def test_nobody_opens_a_form_with_what_we_did_not_sign(centre: Centre, phone: TestClient) -> None:
    foreign = GateKeys((b"x" * 32,))
    made = Link(unit=CHAU_THANH, version=1, until=centre.now_ms // HOUR_MS + 9)
    paths = [foreign.link(made), "x", "A" * 24, KEYS.link(replace(made, unit="99999"))]

    assert [phone.get(f"/report/{one}").status_code for one in paths] == [404] * 4
    assert phone.get(f"/report/s/{foreign.report('0' * 32)}").status_code == 404


def test_who_guesses_a_code_waits_longer_and_longer_and_a_slip_is_no_guess(centre: Centre, phone: TestClient) -> None:
    unit = "28807"
    wrong = KEYS.code(unit, 7)
    slip = KEYS.code(unit, 1)[:-1] + "?"

    slips = [phone.post("/report", data={"code": slip}).status_code for _ in range(8)]
    guesses = [phone.post("/report", data={"code": wrong}).status_code for _ in range(6)]
    held = phone.post("/report", data={"code": KEYS.code(unit, 1)})
    centre.now_ms += 61_000
    opened = phone.post("/report", data={"code": KEYS.code(unit, 1).lower()})

    assert (slips, guesses) == ([422] * 8, [403] * 5 + [429])
    assert (held.status_code, "chờ" in held.text) == (429, True)
    assert opened.status_code == 303
    assert phone.get(opened.headers["location"]).status_code == 200


def test_a_flood_over_one_link_is_refused_and_a_colleague_is_heard_all_the_same(
    centre: Centre, phone: TestClient
) -> None:
    unit, path = "28810", link(centre, "28810")
    for number in range(MOST_DOUBTFUL):
        assert phone.post(path, data={**TOLD, "key": f"{number:024}"}).status_code == 303

    flooded = phone.post(path, data={**TOLD, "key": "f" * 24})
    known = phone.post(path, data={**TOLD, "key": f"{0:024}"})
    seat(centre, phone, somebody(centre, Role.CLERK, scope=unit, login="flood"), Role.CLERK)
    colleague = phone.post(path, data={**TOLD, "key": "c" * 24})

    assert (flooded.status_code, "hãy gọi điện" in flooded.text) == (429, True)
    assert (known.status_code, colleague.status_code) == (303, 303)
    assert reports(centre, unit).count(("printer", "unusable", "flood", "confirmed")) == 1


def test_who_is_signed_in_needs_no_link_and_counts_at_once(centre: Centre, phone: TestClient) -> None:
    seat(centre, phone, somebody(centre, Role.CLERK, scope="28840", login="minh"), Role.CLERK)

    path = phone.get("/report").headers["location"]
    sent(phone, path)

    assert reports(centre, "28840") == [("printer", "unusable", "minh", "confirmed")]


def test_what_is_known_is_told_and_me_too_is_one_more_report_of_it(centre: Centre, phone: TestClient) -> None:
    asset, _ = put_assets(centre.store, OTHER, 1, seed=4)[0]
    now = centre.now_ms
    software = replace(SOFTWARE, started_at=now - 600_000, noticed_at=now, ended_at=None)
    printer = replace(
        software, id="cd" * 8, cause=Cause.DEVICE, subject=asset, units=(OTHER,), state="blocked", noticed_at=now
    )
    incidents.save(centre.store, [software, printer])
    act = Act(at=now, actor="an.secret", kind=ActKind.ACKNOWLEDGE)
    incidents.add_act(centre.store, software.id, act, Entry(at=now, actor="an", action="incident.acknowledge"))

    page = phone.get(link(centre, OTHER)).text
    keys = re.findall(r'name="key" value="([\w-]+)"', page)
    too = phone.post(link(centre, OTHER), data={"key": keys[0], "incident": software.id, "what": ""})
    device = phone.post(link(centre, OTHER), data={"key": keys[1], "incident": printer.id, "what": "printer"})

    assert "Tỉnh đang xử lý." in page
    assert "Chưa ai nhận xử lý." in page
    assert "an.secret" not in page
    assert (too.status_code, device.status_code, len(set(keys))) == (303, 303, 2)
    told = [(one.category, one.system, one.device, one.incident) for one in following.of_unit(centre.store, OTHER, 5)]
    assert set(told) == {("one_stop", "dossier", None, software.id), ("printer", None, asset, printer.id)}
    status = phone.get(too.headers["location"]).text
    assert 'aria-current="step">Đang xử lý' in status
    assert "an.secret" not in status
    incidents.save(centre.store, [replace(software, ended_at=now + 1), replace(printer, ended_at=now + 1)])
    assert 'aria-current="step">Đã xong' in phone.get(too.headers["location"]).text


def test_what_works_again_is_said_and_what_does_not_is_a_report_of_its_own(centre: Centre, phone: TestClient) -> None:
    status = sent(phone, link(centre, "28858"))

    fixed = phone.post(f"{status}/fixed")
    over = phone.get(status).text
    again = [phone.post(f"{status}/again").headers["location"] for _ in range(2)]
    old = phone.get(status).text

    assert (fixed.status_code, "dùng lại được" in over) == (303, True)
    assert again[0] == again[1] != status
    assert again[0] in old
    assert [state for _, _, _, state in reports(centre, "28858")].count("fixed") == 1
    assert len(reports(centre, "28858")) == 2
