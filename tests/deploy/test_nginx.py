"""The front as shipped: what an honest user and the collector's memory notice of attacks, and what it hides."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import ssl
import subprocess
import tempfile
import zipfile
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.deploy import attackers, front
from tests.deploy.attackers import Attack, Target
from tests.deploy.front import Front

Answer = TypeVar("Answer")

MOST_SECONDS = 4.0  # it is below 1 s alone, and has been 2 beside two other files of tests
MOST_GROWTH_BYTES = 50 * 1024 * 1024
SESSION = "/api/v1/session"
IMPORTS = "/api/v1/imports/assets"
BOMB = gzip.compress(b" " * 40_000_000)  # 39 kB
SLOW: Sequence[Attack] = (
    *repeat(attackers.slow_head, 100),
    *repeat(attackers.slow_body, 100),
    *repeat(attackers.idle, 100),
)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(front.find() is None, reason="nginx is not installed: apt-get install nginx"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Front]:
    with tempfile.TemporaryDirectory(prefix="machxa-") as folder, front.running(Path(folder)) as made:
        yield made  # not in pytest's own folder: nginx's workers, who are somebody else, cannot go there


@pytest.fixture
def door(served: Front) -> Target:
    return Target(served.https, ssl.create_default_context(cafile=str(served.certificate)))


def run_apart(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine in a thread of its own: a browser of another test may hold this one's event loop."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


def status(target: Target, method: str, path: str, headers: str = "", body: bytes = b"", length: int = -1) -> int:
    return run_apart(attackers.answer(target, method, path, headers, body, length))


async def whole(target: Target, path: str, headers: str) -> bytes:
    """Return a whole answer, asked in HTTP/1.0 so that its body is in one piece."""
    reader, writer = await target.open()
    writer.write(f"GET {path} HTTP/1.0\r\nHost: {front.NAME}\r\n{headers}\r\n".encode())
    told = await reader.read()
    writer.close()
    return told


async def posted(target: Target, path: str, body: bytes) -> bytes:
    """Return a whole answer to a body."""
    reader, writer = await target.open()
    head = (
        f"POST {path} HTTP/1.0\r\nHost: {front.NAME}\r\nAuthorization: Bearer x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    told = await reader.read()
    writer.close()
    return told


def large(megabytes: int) -> Attack:
    async def attack(target: Target) -> None:
        await attackers.answer(target, "POST", SESSION, "", b"x" * 65_536, megabytes * 1_000_000)

    return attack


def sheet_bomb() -> bytes:
    """Return a workbook of half a megabyte that unpacks to half a gigabyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr(
            "[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
        )
        packed.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _ in range(500):
                sheet.write(b"<row><c><v>1</v></c></row>" * 40_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "attacks"),
    [
        ("300 slow connections", SLOW),
        ("200 MB uploads", [*repeat(large(200), 4)]),
        ("gzip bombs", [*repeat(attackers.post(SESSION, BOMB, "Content-Encoding: gzip\r\n"), 8)]),
        ("deep JSON", [*repeat(attackers.post(SESSION, b"[" * 60_000), 4)]),
        ("imports of nobody", [*repeat(attackers.post(IMPORTS, b"x" * 19_000_000, "Authorization: Bearer x\r\n"), 4)]),
        ("all of it", [*SLOW, large(200), attackers.post(SESSION, b"[" * 60_000)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_honest_user_and_the_memory_notice_little(
    served: Front, door: Target, name: str, attacks: Sequence[Attack]
) -> None:
    run_apart(attackers.under_attack(door, served.token, (), 2.0))
    before = served.peak_bytes()

    took = run_apart(attackers.under_attack(door, served.token, attacks, 12.0))

    grown = served.peak_bytes() - before
    print(
        f"{name}: {len(took)} answers, p99 {attackers.p99(took):.3f} s, "
        f"longest {max(took):.3f} s, +{grown / 1e6:.1f} MB"
    )
    assert attackers.p99(took) < MOST_SECONDS
    assert grown < MOST_GROWTH_BYTES


def test_workbooks_that_unpack_without_end_are_refused(served: Front, door: Target) -> None:
    bomb, token = sheet_bomb(), f"Authorization: Bearer {served.other_token}\r\n"
    if status(door, "POST", IMPORTS, f"{token}Content-Type: text/csv\r\n", b"a") == 404:
        pytest.skip("this collector takes no imports")
    headers = f"{token}Content-Type: application/octet-stream\r\n"
    run_apart(attackers.under_attack(door, served.token, (), 2.0))
    before = served.peak_bytes()

    async def attack(target: Target) -> None:
        await attackers.answer(target, "POST", IMPORTS, headers, bomb)

    refused = status(door, "POST", IMPORTS, headers, bomb)
    took = run_apart(attackers.under_attack(door, served.token, [*repeat(attack, 3)], 12.0))

    grown = served.peak_bytes() - before
    print(
        f"workbook bombs of {len(bomb) / 1e6:.1f} MB: status {refused}, {len(took)} answers, "
        f"p99 {attackers.p99(took):.3f} s, +{grown / 1e6:.1f} MB"
    )
    assert 400 <= refused < 500
    assert attackers.p99(took) < MOST_SECONDS
    assert grown < MOST_GROWTH_BYTES


@pytest.mark.parametrize(
    ("expected", "path", "headers", "body", "length"),
    [
        (413, SESSION, "", b"x" * 65_536, 200_000_000),
        (413, IMPORTS, "Authorization: Bearer x\r\n", b"x" * 65_536, 200_000_000),
        (401, IMPORTS, "", b"x" * 65_536, 1_000_000),
        (413, IMPORTS, "Authorization: Bearer x\r\n", b"x" * 65_536, 1_000_000),
        (415, SESSION, "Content-Encoding: gzip\r\n", BOMB, -1),
        (415, SESSION, "Content-Encoding: br\r\n", b"x", -1),
        (400, SESSION, "Content-Type: application/json\r\n", b"[" * 60_000, -1),
        (400, SESSION, "X-Large: " + 33_000 * "x" + "\r\n", b"", -1),
        (400, SESSION, "Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n", -1),
    ],
    ids=[
        "200 MB", "200 MB to imports", "imports of nobody", "imports of a made-up token", "gzip", "brotli", "deep JSON",
        "large head", "two lengths",
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused(
    door: Target, expected: int, path: str, headers: str, body: bytes, length: int
) -> None:
    assert status(door, "POST", path, headers, body, length) == expected


def test_a_report_with_a_photograph_reaches_the_collector_and_is_not_cut_off_as_a_form(door: Target) -> None:
    large = b"x" * 100_000  # a form's bound is 64 kB
    paths = (f"/report/{'A' * 24}", f"/report/s/{'A' * 32}/photo", "/api/v1/planning/files", "/dossiers/imports")

    told = [run_apart(posted(door, path, large)) for path in paths]

    assert [b"a request holds at most" in one for one in told] == [True] * len(paths)  # not nginx's word to strangers


def test_the_name_of_the_server_is_needed_and_its_version_hidden(served: Front, door: Target) -> None:
    async def ask(name: str, headers: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.https, ssl=door.tls, server_hostname=name)
        writer.write(f"GET /account/sign-in HTTP/1.1\r\n{headers}Connection: close\r\n\r\n".encode())
        told = await reader.read()
        writer.close()
        return told

    told = run_apart(ask(front.NAME, f"Host: {front.NAME}\r\nX-Forwarded-For: 192.0.2.7\r\n"))
    with pytest.raises(ssl.SSLError):
        run_apart(ask("other.example", "Host: other.example\r\n"))

    assert told.startswith(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n")
    assert told.count(b"\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n") == 1
    assert told.count(b"\r\nX-Content-Type-Options: nosniff\r\n") == 1
    with pytest.raises(ConnectionResetError):
        run_apart(ask(front.NAME, "Host: other.example\r\n"))


def test_who_asks_is_told_by_the_front_and_by_nobody_else(served: Front, door: Target) -> None:
    forged = "X-Forwarded-For: 192.0.2.7\r\nForwarded: for=192.0.2.7\r\nX-Forwarded-Proto: http\r\n"
    body = json.dumps({"login": "nobody", "password": "a wrong password"}).encode()

    refused = status(door, "POST", SESSION, f"{forged}Content-Type: application/json\r\n", body)

    told = run_apart(whole(door, "/api/v1/audit?limit=5", f"Authorization: Bearer {served.token}\r\n"))
    newest = json.loads(told.partition(b"\r\n\r\n")[2])["entries"][0]
    assert refused == 403
    assert (newest["action"], newest["origin"]) == ("sign-in", "127.0.0.1")


def test_nothing_is_compressed_where_a_secret_may_stand_beside_what_was_sent(served: Front, door: Target) -> None:
    takes = "Accept-Encoding: gzip\r\n"
    token = f"Authorization: Bearer {served.token}\r\n"

    secret = run_apart(whole(door, "/account/sign-in", takes))
    plain = run_apart(whole(door, "/api/v1/openapi.json", takes + token))

    assert b"content-encoding" not in secret.partition(b"\r\n\r\n")[0].lower()
    assert b"content-encoding: gzip" in plain.partition(b"\r\n\r\n")[0].lower()


def test_reading_behind_the_front_needs_a_sign_in_and_plain_http_leads_to_tls(served: Front, door: Target) -> None:
    plain = Target(served.http)

    assert status(door, "GET", "/api/v1/assets") == 401
    assert status(door, "GET", "/metrics") == 401
    assert status(plain, "GET", "/") == 308
    assert status(plain, "GET", "/api/v1/assets") == 403


def test_http_2_is_spoken(served: Front) -> None:
    context = ssl.create_default_context(cafile=str(served.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])

    async def chosen() -> str | None:
        _, writer = await asyncio.open_connection("127.0.0.1", served.https, ssl=context, server_hostname=front.NAME)
        agreed = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        writer.close()
        return str(agreed)

    assert run_apart(chosen()) == "h2"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_refused(served: Front, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context(cafile=str(served.certificate))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        status(Target(served.https, context), "GET", "/")


def test_the_same_attack_without_the_front_for_the_record(served: Front) -> None:
    many = [*repeat(attackers.slow_head, 400)]

    took = run_apart(attackers.under_attack(Target(served.bare), served.token, many, 15.0))

    late = sum(one >= MOST_SECONDS for one in took)
    print(f"bare uvicorn, 400 slow heads: {len(took)} tries, {late} unanswered in {MOST_SECONDS:.0f} s")
    assert took != []


def test_the_relays_front_is_a_configuration_that_nginx_takes(served: Front) -> None:
    shipped = (Path(__file__).parents[2] / "deploy/relay/nginx.conf").read_text(encoding="utf-8")
    folder = served.folder / "relay"
    folder.mkdir()
    changes = {
        "/etc/machxa/tls/public": str(served.folder / "server"),
        "/var/lib/nginx": str(folder),
        "/var/log/nginx": str(folder),
        "/run/nginx.pid": str(folder / "nginx.pid"),
    }
    for old, new in changes.items():
        assert old in shipped
        shipped = shipped.replace(old, new)
    (folder / "nginx.conf").write_text(shipped, encoding="utf-8")

    told = subprocess.run(
        [str(front.find()), "-t", "-q", "-c", str(folder / "nginx.conf")], capture_output=True, text=True, check=False
    )

    assert (told.returncode, told.stderr) == (0, "")
