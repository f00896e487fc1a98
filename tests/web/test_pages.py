from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from machxa_web.pages import create_router
from machxa_web.respond import CONTENT_SECURITY_POLICY
from tests.web.fixture_reader import HOSTILE, NOW, PC, FixtureReader
from tests.web.noisy_reader import NoisyReader

WEIGHT = 60_000  # bytes as served, everything a first visit fetches
POLL = 2_000  # bytes a minute while nothing changes


def client_of(reader: FixtureReader, later: timedelta = timedelta(0)) -> TestClient:
    app = FastAPI()
    app.include_router(create_router(lambda _request: reader, lambda: NOW + later))
    return TestClient(app)


def sent_bytes(client: TestClient, path: str) -> int:
    """Return the body's size as it travels, headers left out."""
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as response:
        return sum(len(part) for part in response.iter_raw())


@pytest.mark.parametrize("reader", [FixtureReader(), NoisyReader()], ids=["ordinary", "heaviest"])
@pytest.mark.parametrize("path", ["/", f"/assets/{PC}?range=24h&lang=en", "/assets"])
def test_a_page_and_all_it_loads_stay_light(reader: FixtureReader, path: str) -> None:
    client = client_of(reader)

    loads = {found.replace("&amp;", "&") for found in re.findall(r'"(/static/[^"]+)"', client.get(path).text)}

    assert sent_bytes(client, path) + sum(sent_bytes(client, one) for one in loads) <= WEIGHT


def test_polling_an_unchanged_page_costs_less_than_2_kb_a_minute() -> None:
    client = client_of(FixtureReader())
    path = re.search(r'hx-get="([^"]+)"', client.get("/").text)
    assert path is not None
    address = path.group(1).replace("&amp;", "&")
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first.headers["etag"]})

    size = len(again.content) + sum(len(name) + len(value) + 4 for name, value in again.headers.items())
    assert (again.status_code, 2 * size < POLL) == (304, True)


@pytest.mark.parametrize(
    "changed",
    [
        FixtureReader(newest_at=NOW - timedelta(seconds=2)),
        FixtureReader(presence="lost"),
        FixtureReader(name="MOTCUA-02"),
        FixtureReader(books=()),
    ],
    ids=["newer readings", "lost", "renamed", "other books"],
)
def test_a_page_that_changed_is_sent_again(changed: FixtureReader) -> None:
    etag = client_of(FixtureReader()).get(f"/assets/{PC}/live").headers["etag"]

    response = client_of(changed).get(f"/assets/{PC}/live", headers={"if-none-match": etag})

    assert response.status_code == 200


def test_a_silent_computer_stops_counting_as_running_even_when_nothing_arrives() -> None:
    etag = client_of(FixtureReader()).get(f"/assets/{PC}/live").headers["etag"]

    response = client_of(FixtureReader(), timedelta(minutes=20)).get(
        f"/assets/{PC}/live", headers={"if-none-match": etag}
    )

    assert 'class="hero lost"' in response.text


def test_the_numbers_are_there_without_javascript() -> None:
    text = client_of(FixtureReader()).get("/").text

    for expected in ("MOTCUA-01", "14:05:10", "42 giây trước", "Hoạt động", "trên 8 GB", "12.345", "OptiPlex 3020"):
        assert expected in text


def test_english_is_chosen_once_and_remembered() -> None:
    client = client_of(FixtureReader())

    chosen, later = client.get("/?lang=en"), client.get("/")

    assert ('<html lang="en">' in chosen.text, '<html lang="en">' in later.text, "Running" in later.text) == (True,) * 3


@pytest.mark.parametrize("lang", ["fr", "", "../../etc", "vi"])
def test_any_other_language_is_vietnamese(lang: str) -> None:
    response = client_of(FixtureReader()).get("/", params={"lang": lang})

    assert ('<html lang="vi">' in response.text, "set-cookie" in response.headers) == (True, False)


def test_hostile_text_is_shown_and_not_run() -> None:
    facts = {"bios": {"smanufacturer": HOSTILE, "smodel": "\ud800</dl>"}}
    reader = FixtureReader(name=HOSTILE, mount="</script><script>x", facts=facts)

    text = client_of(reader).get("/").text

    assert re.findall(r"<script(?! src=| type=\"application/json\")|<img src=x|\u202e|\u200b|</dl></", text) == []


def test_every_newest_value_can_be_read_with_its_labels() -> None:
    text = client_of(FixtureReader(mount="D:\\")).get("/?lang=en").text

    assert ("All 13 newest values" in text, "system.filesystem.mountpoint=D:\\" in text) == (True, True)


def test_several_assets_are_listed_with_their_states() -> None:
    listed = tuple(
        {"id": f"asset-{index}", "name": f"PC {index}", "presence": {"state": state}, "last_seen": NOW.isoformat()}
        for index, state in enumerate(("on", "off", "lost", "unknown"))
    )

    text = client_of(FixtureReader(listed=listed)).get("/").text

    assert re.findall(r'class="badge (\w+)"', text) == ["on", "off", "lost", "unknown"]


def test_an_empty_centre_says_how_to_fill_it() -> None:
    class Empty(FixtureReader):
        def assets(self, cursor: str | None) -> object:  # noqa: ARG002 # there is none
            return {"assets": [], "next": None}

    response = client_of(Empty()).get("/")

    assert ("python3 run.py" in response.text, "machxa token enrol" in response.text) == (True, True)
    assert response.headers["refresh"] == "5"


def test_a_computer_that_never_reported_says_what_to_do() -> None:
    text = client_of(FixtureReader(is_silent=True, facts={}, books=(), presence=None)).get("/").text

    assert ("machxa-agent status" in text, "Chưa rõ" in text, 'class="plot"' in text) == (True, True, False)


@pytest.mark.parametrize(
    "path",
    ["/assets/nothing", "/assets/" + "x" * 5000, "/assets/%00", "/assets/nothing/live", "/assets?cursor=%22%3E"],
)
def test_what_is_not_there_is_answered_with_404(path: str) -> None:
    response = client_of(FixtureReader()).get(path)

    assert (response.status_code, "Không có trang này" in response.text) == (404, True)


def test_pages_forbid_everything_from_elsewhere() -> None:
    headers = client_of(FixtureReader()).get("/").headers

    assert (headers["content-security-policy"], headers["x-content-type-options"]) == (
        CONTENT_SECURITY_POLICY,
        "nosniff",
    )


@pytest.mark.parametrize("name", ["..%2fpages.py", "app.css%00", "%2e%2e/languages.py", "nothing.js"])
def test_no_other_file_can_be_fetched(name: str) -> None:
    assert client_of(FixtureReader()).get(f"/static/{name}").status_code == 404


def test_a_static_file_of_its_version_is_kept_for_ever_and_of_another_is_not() -> None:
    client = client_of(FixtureReader())
    address = re.search(r"/static/app\.css\?v=\w+", client.get("/").text)
    assert address is not None

    kept = [client.get(one).headers["cache-control"] for one in (address.group(), "/static/app.css?v=old")]

    assert kept == ["public, max-age=31536000, immutable", "no-cache"]


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", ""])
def test_a_browser_that_takes_no_gzip_gets_none(accepted: str) -> None:
    response = client_of(FixtureReader()).get("/static/app.css", headers={"accept-encoding": accepted})

    assert "content-encoding" not in response.headers


def test_what_is_compressed_is_the_same_page() -> None:
    client = client_of(FixtureReader())
    with client.stream("GET", "/static/app.css", headers={"accept-encoding": "br, gzip"}) as response:
        packed = b"".join(response.iter_raw())

    assert gzip.decompress(packed) == client.get("/static/app.css", headers={"accept-encoding": "identity"}).content
