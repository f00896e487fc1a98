"""The duty desk: what it shows to whom, at what cost, what people do there, and what a screen on a wall may see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete, event, or_

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role, read_scope
from machxa_collector.registry.units import Kind, Unit, bundled_units
from machxa_collector.store import api_tokens, sample_duty, seed, tables
from machxa_collector.store.api_tokens import TokenGrant
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import put_assets
from tests.collector.effects.scene import at
from tests.collector.stores import fresh_store

DEVICES = 200
LOOKS = ("FROM changes", "FROM preferences")  # the registry's own look for news, once a second
QUERIES = 20  # with those that make the board anew, which in a running centre is done aside
WEIGHT, POLL = 60_000, 2_000


def communes() -> list[Unit]:
    found = [one for one in bundled_units() if one.kind is Kind.COMMUNE and one.parent == "86" and one.valid_to is None]
    return found[:40]


@contextmanager
def served(folder: Path) -> Iterator[tuple[Centre, TestClient]]:
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(10))
    seed.seed(store, "86", "test", centre.now_ms)
    units = tables.units.c
    others = units.code != "86", or_(units.parent.is_(None), units.parent != "86")
    with store.begin() as connection:  # the other provinces' units only take time
        connection.execute(delete(tables.units).where(*others))
    sample_duty.fill(store, communes(), DEVICES, centre.now_ms, Random(1))
    deps = centre.deps(loopback_open=False)
    with TestClient(
        create_app(deps, pages(deps)), base_url="https://may-chu.xa.example", follow_redirects=False
    ) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one province with troubles for all tests here."""
    with served(tmp_path_factory.mktemp("duty")) as found:
        yield found


def officer(
    found: tuple[Centre, TestClient], login: str, scope: str = "86", role: Role = Role.PROVINCE_IT
) -> TestClient:
    centre, caller = found
    caller.cookies.clear()
    return seat(centre, caller, somebody(centre, role, scope=scope, login=login), role)


def wall_token(centre: Centre) -> str:
    grant = TokenGrant(
        name="tường phòng trực",
        roles=frozenset({Role.PROVINCE_IT}),
        permissions=None,
        scope=read_scope("86"),
        lives_ms=86_400_000,
    )
    with centre.store.begin() as connection:
        return api_tokens.add(connection, "11111111-1111-4111-8111-111111111111", grant, "test", centre.now_ms)


def sent_bytes(client: TestClient, path: str) -> int:
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as response:
        return sum(len(part) for part in response.iter_raw())


@contextmanager
def counted(store: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not any(table in statement for table in LOOKS):
            asked.append(statement)

    event.listen(store, "before_cursor_execute", note)
    yield asked
    event.remove(store, "before_cursor_execute", note)


def test_the_desk_says_what_stops_dossiers_and_where(province: tuple[Centre, TestClient]) -> None:
    text = officer(province, "lan").get("/").text

    strip = re.findall(r"<dt>([^<]+)</dt><dd><a href=\"[^\"]+\"><b>([^<]+)</b>", text)
    assert [title for title, _ in strip] == [
        "xã phục vụ bình thường",
        "sự cố P1, P2 đang mở",
        "hồ sơ đang bị giữ",
        "hồ sơ sắp trễ hạn vì sự cố",
        "xã mất dữ liệu",
    ]
    assert dict(strip)["hồ sơ sắp trễ hạn vì sự cố"] == "chưa rõ"  # no dossier was ever taken in: not 0
    assert "giờ này tuần trước: chưa biết" in text
    assert re.search(
        r"Phần mềm một cửa của tỉnh.*?treo.*?20/124.*?khả năng: Hệ thống của tỉnh \(0,9\)", text, re.DOTALL
    )
    assert ("Quần đảo Hoàng Sa" in text, "Quần đảo Trường Sa" in text) == (True, True)
    assert len(re.findall(r'<use href="#s-\w+"[^>]*><title>', text)) == 124


def test_an_answer_costs_as_many_questions_for_many_devices_as_for_few(province: tuple[Centre, TestClient]) -> None:
    centre, caller = province[0], officer(province, "hoa")
    caller.get("/")
    with counted(centre.store) as few:
        caller.get("/")
    for number, unit in enumerate(communes()):
        put_assets(centre.store, unit.code, 60, seed=500 + number)

    with counted(centre.store) as many:
        caller.get("/")

    assert (many, len(few) <= QUERIES) == (few, True)


def test_whoever_has_one_commune_sees_nothing_of_another(province: tuple[Centre, TestClient]) -> None:
    own, *others = communes()
    leader = officer(province, "binh", scope=own.code, role=Role.LEADER)

    text = leader.get("/").text + leader.get("/desk/live").text

    assert own.full_name in text
    assert [one.full_name for one in others if f"{one.full_name}<" in text or f"{one.full_name}:" in text] == []
    assert "/desk/acts" not in text.partition("<tbody>")[0].partition("banner")[2]


def test_polling_an_unchanged_desk_is_light_and_a_desk_with_all_it_loads_too(
    province: tuple[Centre, TestClient],
) -> None:
    caller = officer(province, "minh")
    page = caller.get("/").text
    live = re.search(r'hx-get="([^"]+)"', page)
    assert live is not None
    address = live.group(1).replace("&amp;", "&")
    first = caller.get(address)

    again = caller.get(address, headers={"if-none-match": first.headers["etag"]})
    loads = {found.replace("&amp;", "&") for found in re.findall(r'"(/static/[^"]+)"', page)}

    size = len(again.content) + sum(len(name) + len(value) + 4 for name, value in again.headers.items())
    assert (again.status_code, again.headers["machxa-at"], 2 * size < POLL) == (304, str(at(10)), True)
    assert sent_bytes(caller, "/") + sum(sent_bytes(caller, one) for one in loads) <= WEIGHT


def test_filters_stand_in_the_address_and_hide_no_number(province: tuple[Centre, TestClient]) -> None:
    caller = officer(province, "dung")

    all_rows, grave, none = (
        re.findall(r'class="sev (P\d)"', caller.get(path).text) for path in ("/?all=1", "/?severity=P1", "/?layer=LAN")
    )

    assert (set(all_rows) > {"P1", "P2", "P3"}, grave, none) == (True, ["P1"], [])
    assert all_rows == sorted(all_rows)
    assert "Bộ lọc đang ẩn" in caller.get("/?layer=LAN").text


def test_several_incidents_are_taken_note_of_at_once(province: tuple[Centre, TestClient]) -> None:
    caller = officer(province, "thu")
    before = caller.get("/?severity=P2").text
    picked = re.findall(r'"checkbox" name="(i\.[0-9a-f]{16})"', before)[:2]
    form = {"kind": "own", "owner": "Tổ trực 2", **dict.fromkeys(picked, "1")}

    answer = caller.post("/desk/acts?severity=P2", data=form)
    after = caller.get("/?severity=P2").text
    nobody = caller.post("/desk/acts", data={"kind": "own", "owner": "x"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/?severity=P2&done=2")
    assert (before.count("Tổ trực 2"), after.count("Tổ trực 2")) == (0, 2)
    assert (nobody.status_code, "hãy chọn" in nobody.text) == (422, True)


def test_a_wall_s_token_opens_the_desk_alone_and_shows_no_names(province: tuple[Centre, TestClient]) -> None:
    centre, caller = province
    officer(province, "tuan").get("/")  # its session stays in the browser, and is not asked on a wall
    secret = wall_token(centre)
    picked = re.findall(r'"checkbox" name="(i\.[0-9a-f]{16})"', caller.get("/").text)[:1]
    caller.post("/desk/acts", data={"kind": "acknowledge", picked[0]: "1"})

    named, without = caller.get("/").text, caller.get("/?kiosk=1")
    caller.cookies.clear()
    shown = caller.get(f"/?kiosk=1&token={secret}")
    refused = [
        caller.get(f"{path}?kiosk=1&token={secret}").status_code for path in ("/incidents", "/assets", "/api/v1/assets")
    ]
    with centre.store.begin() as connection:
        api_tokens.revoke(connection, "11111111-1111-4111-8111-111111111111", centre.now_ms)
    gone = caller.get(f"/?kiosk=1&token={secret}")

    assert ("tuan" in named, "tuan" in shown.text) == (True, False)
    assert (without.status_code, shown.status_code, refused, gone.status_code) == (401, 200, [401, 401, 401], 401)
    assert re.fullmatch(r"20;url=/\?turn=1&lang=vi&kiosk=1&token=[\w-]+", shown.headers["refresh"])
    assert len(re.findall(r'<li class="P\d">', shown.text)) == 5
