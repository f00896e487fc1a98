"""A photograph goes with a report or after it; whatever becomes of the photograph, the report is kept and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from machxa_collector.api.app import create_app
from machxa_collector.api.uploads import AT_ONCE
from machxa_collector.pages import pages
from machxa_collector.registry.gates import HOUR_MS
from machxa_collector.store import following, photos
from machxa_web.reporting.forms import MOST_PHOTO_BYTES
from tests.collector.api.conftest import Centre
from tests.collector.api.test_reporting import BASE, TOLD, link, sent
from tests.collector.effects.scene import at
from tests.collector.registry.test_pictures import JPEG, png
from tests.collector.stores import fresh_store

NOT_KEPT = "Báo cáo đã được giữ. Ảnh thì chưa:"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one centre with its pages for all tests here."""
    folder: Path = tmp_path_factory.mktemp("photographs")
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=False)
    with TestClient(create_app(deps, pages(deps)), base_url=BASE, follow_redirects=False) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture
def centre(served: tuple[Centre, TestClient]) -> Centre:
    served[0].now_ms += 2 * HOUR_MS
    return served[0]


@pytest.fixture
def phone(served: tuple[Centre, TestClient]) -> TestClient:
    served[1].cookies.clear()
    return served[1]


def kept(centre: Centre, unit: str) -> tuple[int, int]:
    """Return how many reports of a unit are kept, and how many photographs with them."""
    ids = [one.id for one in following.of_unit(centre.store, unit, 50)]
    return len(ids), len(photos.having(centre.store, ids))


def test_a_photograph_goes_with_the_report_in_one_form_and_sent_again_it_is_one(
    centre: Centre, phone: TestClient
) -> None:
    path, form = link(centre, "28858"), {**TOLD, "key": "w" * 24}
    chosen = {"photo": ("x.png", png(tail=b"\0" * 200_000), "image/png")}

    first, again = (phone.post(path, data=form, files=chosen) for _ in range(2))
    page = phone.get(first.headers["location"]).text

    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"] + "?known=1")
    assert ("Đã có ảnh" in page, NOT_KEPT in page, kept(centre, "28858")) == (True, False, (1, 1))


def test_without_a_photograph_the_form_is_taken_as_ever(centre: Centre, phone: TestClient) -> None:
    empty = {"photo": ("", b"", "application/octet-stream")}  # as browsers send a field with nothing chosen

    answer = phone.post(link(centre, "28861"), data={**TOLD, "key": "w" * 24}, files=empty)

    assert (answer.status_code, "?" in answer.headers["location"]) == (303, False)
    assert kept(centre, "28861") == (1, 0)


@pytest.mark.parametrize(
    ("unit", "content", "why"),
    [
        pytest.param("28901", b"MZ" + b"\0" * 100, "không phải JPEG hoặc PNG", id="a program"),
        pytest.param("28903", b"\xff\xd8\xff" + b"\0" * 9, "không phải JPEG hoặc PNG", id="half a picture"),
        pytest.param("28915", b"x" * (MOST_PHOTO_BYTES + 1), "lớn hơn 6 MB", id="a little too large"),
        pytest.param("28921", b"x" * (2 * MOST_PHOTO_BYTES), "lớn hơn 6 MB", id="far too large"),
    ],
)
def test_a_report_is_kept_whose_photograph_is_not_and_its_page_says_why(
    centre: Centre, phone: TestClient, unit: str, content: bytes, why: str
) -> None:
    form = {**TOLD, "key": "w" * 24, "note": "kẹt giấy"}

    answer = phone.post(link(centre, unit), data=form, files={"photo": ("x.jpg", content, "image/jpeg")})
    page = phone.get(answer.headers["location"]).text

    assert (answer.status_code, kept(centre, unit)) == (303, (1, 0))
    assert (NOT_KEPT in page, why in page, "/photo" in page) == (True, True, True)
    assert [one.text for one in following.of_unit(centre.store, unit, 5)] == ["kẹt giấy"]


def test_what_is_no_report_is_none_with_a_photograph_either(centre: Centre, phone: TestClient) -> None:
    chosen = {"photo": ("x.png", png(), "image/png")}

    wrong = phone.post(link(centre, "28879"), data={**TOLD, "key": "w" * 24, "what": "weather"}, files=chosen)
    foreign = phone.post("/report/" + "A" * 24, files={"photo": ("x.png", b"x" * 70_000, "image/png")})

    assert (wrong.status_code, foreign.status_code, kept(centre, "28879")) == (422, 413, (0, 0))


def test_while_too_many_files_come_in_the_report_is_kept_and_its_photograph_asked_for_later(centre: Centre) -> None:
    deps = centre.deps(loopback_open=False)
    app, path, edge = create_app(deps, pages(deps)), link(centre, "28945"), "-" * 30
    fields = {**TOLD, "key": "w" * 24}
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{told}\r\n' for name, told in fields.items()
    ]
    photo = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="x.png"\r\n\r\n'
    body = ("".join(parts) + photo).encode() + b"x" * 100_000 + f"\r\n--{edge}--\r\n".encode()
    length = (b"content-length", str(len(body)).encode())
    typed = (b"content-type", f"multipart/form-data; boundary={edge}".encode())
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "scheme": "https", "client": ("192.0.2.8", 1), "server": ("may-chu.xa.example", 443),
        "headers": [(b"host", b"may-chu.xa.example"), typed, length],
    }  # fmt: skip
    started: list[Message] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)

    async def whole() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def crowd() -> None:
        reading = asyncio.Semaphore(0)

        async def slow() -> Message:
            reading.release()
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        waiting = [asyncio.create_task(app(dict(scope), slow, send)) for _ in range(AT_ONCE)]
        for _ in waiting:
            await asyncio.wait_for(reading.acquire(), 30)
        await app(dict(scope), whole, send)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(crowd())

    (answer,) = started
    assert (answer["status"], kept(centre, "28945")) == (303, (1, 0))
    assert dict(answer["headers"])[b"location"].endswith(b"?photo=busy")


def test_after_sending_it_is_taken_on_the_reports_page_which_says_what_was_wrong(
    centre: Centre, phone: TestClient
) -> None:
    status = sent(phone, link(centre, "28948"))
    large = png(tail=b"\0" * 200_000)

    def tried(content: bytes, where: str = status, name: str = "x.png") -> tuple[int, bool]:
        answer = phone.post(f"{where}/photo", files={"photo": (name, content, "image/png")})
        return answer.status_code, NOT_KEPT in answer.text

    told = [tried(b"MZ" + b"\0" * 100), tried(b"", name=""), tried(b"x" * (2 * MOST_PHOTO_BYTES)), tried(large)]
    other, foreign = tried(JPEG), tried(large, f"{status[:-4]}AAAA")

    assert told == [(415, True), (400, True), (413, True), (303, False)]
    assert (other, foreign) == ((409, True), (413, False))
    assert "Đã có ảnh" in phone.get(status).text
