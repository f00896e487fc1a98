"""A GLPI server is told each device's inventory when it changed, as its agent tells it, and no more often."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, event, update

from machxa_collector.registry.records import KINDS
from machxa_collector.sinks.config import Glpi
from machxa_collector.sinks.glpi import GlpiServer
from machxa_collector.sinks.influx import SinkError
from machxa_collector.sinks.inventorying import Inventorying
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.starting import made
from machxa_collector.store import health, merging, records_read, source_ages, tables
from machxa_collector.store.glpi_inventory import inventories_of
from tests.agent.inventory import whole_complaints
from tests.collector import pki
from tests.collector.builders import MIDNIGHT, enrol
from tests.collector.inventories import PC, tell
from tests.collector.store.test_devices import PRINTER, told

FACTS: dict[str, object] = {"versionclient": "machxa-agent_v1", "bios": PC["bios"], "storages": PC["storages"]}


@dataclass
class Played:
    """Answer as front/inventory.php does: what does not fit the format is 400, what fits is taken."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    fails_with: int | None = None
    poison: str = ""
    packed: bool = True
    url: str = ""
    ca: Path | None = None

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        self.headers.append(headers)
        if self.fails_with is not None:
            return self.fails_with, {"status": "error", "message": "not now", "expiration": 24}
        assert headers["Content-Type"] == "application/x-compress-zlib"
        uuid.UUID(headers["GLPI-Agent-ID"])
        whole = json.loads(zlib.decompress(body))
        wrong = whole_complaints(whole)
        if wrong or whole["deviceid"] == self.poison:
            return 400, {"status": "error", "message": f"JSON does not validate. {wrong}", "expiration": 24}
        self.taken.append(whole)
        return 200, {"status": "ok", "expiration": 24}


@contextmanager
def glpi(folder: Path | None = None) -> Iterator[Played]:
    """Run a server, encrypted where a folder for its certificate is given."""
    played = Played()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = played.answer(dict(self.headers), body)
            text = json.dumps(said).encode()
            text = zlib.compress(text) if played.packed else text
            self.send_response(status)
            self.send_header("Location", played.url)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if folder is not None:
        files = pki.written(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        played.ca = files.ca
    scheme = "http" if folder is None else "https"
    played.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/front/inventory.php"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Bench:
    """Hold a store with a computer and its printer, a played server, and what tells it, on one clock."""

    store: Engine
    played: Played
    now_ms: int = MIDNIGHT + 600_000
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.pc = enrol(self.store, "VP-01")
        tell(self.store, self.pc, FACTS, MIDNIGHT)
        self.printer = told(self.store, self.pc, 2, PRINTER)
        self.meters = SinkMeters(self.registry)

    def turn(self) -> bool:
        """Look once, as a collector does that was just started."""
        server = GlpiServer(Glpi(name="glpi", url=self.played.url))
        self.now_ms += 1000
        return Inventorying("glpi", server, self.store, self.meters, lambda: self.now_ms).turn()

    def counted(self, name: str) -> float:
        return self.registry.get_sample_value(f"machxa_sink_{name}", {"sink": "glpi"}) or 0.0

    def told(self) -> list[str]:
        return sorted(one["deviceid"] for one in self.played.taken)


@pytest.fixture
def bench(store: Engine) -> Iterator[Bench]:
    with glpi() as played:
        yield Bench(store, played)


def test_each_device_is_told_once_and_again_when_it_has_changed(bench: Bench) -> None:
    assert bench.turn()
    first = bench.told()
    assert bench.turn()
    assert bench.told() == first == sorted([bench.pc.asset, bench.printer])

    tell(bench.store, bench.pc, {**FACTS, "storages": [{"serial": "S9"}]}, MIDNIGHT + 60_000, seq=3)
    assert bench.turn()

    assert bench.told() == sorted([*first, bench.pc.asset])
    by_type = {one["itemtype"]: one for one in bench.played.taken}
    assert by_type["Computer"]["content"]["storages"] == [{"serial": "S9"}]
    assert by_type["Printer"]["content"]["network_device"]["serial"] == "NTKA012345"
    assert {one["GLPI-Agent-ID"] for one in bench.played.headers} == set(first)
    assert (bench.counted("inventories_total"), bench.counted("lag_seconds")) == (3, 0)


def test_many_computers_are_read_together_and_one_that_is_merged_meanwhile_is_not_told(bench: Bench) -> None:
    others = [enrol(bench.store, f"VP-{number}") for number in range(2, 6)]
    for seq, one in enumerate(others, start=9):
        tell(bench.store, one, {"bios": {"ssn": f"S{seq}"}}, MIDNIGHT)
    assert bench.turn()
    asked: list[str] = []
    event.listen(bench.store, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert bench.turn()
    stored = records_read.get_many(bench.store, KINDS["assets"], [one.asset for one in others[:2]])
    with bench.store.begin() as connection:
        merging.merge(connection, others[0].asset, others[1].asset, "lan", MIDNIGHT, {})

    assert sum("FROM facts" in one for one in asked) == 1
    assert inventories_of(bench.store, tuple(stored.values())).keys() == {others[0].asset}


def test_what_a_unit_has_no_more_is_not_told(bench: Bench) -> None:
    with bench.store.begin() as connection:
        gone = update(tables.assets).where(tables.assets.c.id == bench.printer)
        connection.execute(gone.values(status="disposed"))

    assert bench.turn()
    assert bench.told() == [bench.pc.asset]


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
def test_a_server_that_does_not_take_costs_its_lag_and_gets_everything_afterwards(bench: Bench, status: int) -> None:
    bench.played.fails_with = status
    assert not bench.turn()
    bench.now_ms += 600_000
    assert not bench.turn()
    lag = bench.counted("lag_seconds")
    behind = dict(health.health(bench.store, bench.now_ms, 7).sinks)
    since = source_ages.sinks(bench.store, bench.now_ms)

    bench.played.fails_with, bench.played.packed = None, False
    assert bench.turn()

    assert (lag, behind, since) == (601, {"glpi": 601.0}, {"glpi": MIDNIGHT + 601_000})
    assert source_ages.sinks(bench.store, bench.now_ms) == {"glpi": bench.now_ms}
    assert bench.told() == sorted([bench.pc.asset, bench.printer])
    assert (bench.counted("lag_seconds"), bench.counted("failures_total")) == (0, 4)


def test_an_inventory_that_is_refused_for_good_waits_for_its_change_and_holds_up_no_other(bench: Bench) -> None:
    bench.played.poison = bench.pc.asset
    assert bench.turn()
    assert bench.turn()
    refused = bench.counted("refused_reports_total")
    bench.played.poison = ""
    assert bench.turn()
    unchanged = bench.told()

    tell(bench.store, bench.pc, {**FACTS, "storages": []}, MIDNIGHT + 60_000, seq=3)
    assert bench.turn()

    assert (refused, unchanged) == (1, [bench.printer])
    assert bench.told() == sorted([bench.pc.asset, bench.printer])


def test_a_server_of_another_name_is_told_everything_anew(bench: Bench) -> None:
    bench.turn()
    bench.played.taken.clear()
    asked = [Glpi(name="other", url=bench.played.url)]

    (copies,) = made(
        asked, bench.store, SinkMeters(CollectorRegistry()), lambda: bench.now_ms, lambda: pytest.fail("not asked")
    )

    assert copies.turn()
    assert len(bench.told()) == 2


def test_a_password_goes_encrypted_and_to_the_authority_that_was_named(tmp_path: Path) -> None:
    inventory = {"deviceid": str(uuid.UUID(int=1)), "itemtype": "Computer", "content": {"versionclient": "machxa"}}
    with glpi(tmp_path) as played:
        sink = Glpi(name="glpi", url=played.url, user="machxa", password="s3cret", ca=played.ca)  # noqa: S106 - a test's
        GlpiServer(sink).post(inventory["deviceid"], inventory)  # type: ignore[arg-type] # it is a text
        with pytest.raises(SinkError, match="CERTIFICATE_VERIFY_FAILED"):
            GlpiServer(Glpi(name="glpi", url=played.url)).post("x", inventory)

    (headers,) = played.headers
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"machxa:s3cret").decode()
    assert "s3cret" not in repr(sink)
