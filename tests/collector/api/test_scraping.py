"""Prometheus finds what to scrape and what each device said last: by token, within a territory, and for real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, update

from machxa_collector.api.app import create_app
from machxa_collector.registry.people import Permission, Role, read_scope
from machxa_collector.store import api_tokens, tables
from machxa_collector.units_metrics import UnitMetrics
from machxa_fleet.mosquitto import free_port
from machxa_wire.records import Series
from tests.collector.api.conftest import AUTHORITY, Centre
from tests.collector.api.front import serving
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.builders import MIDNIGHT, TEMPERATURE, UPTIME, Known, enrol, put, samples
from tests.collector.store.test_devices import PRINTER, place, told

PAGES = Series("machxa.printer.pages", (("device", "may-in"),))
MINUTE = 60_000
PROMTOOL, PROMETHEUS = shutil.which("promtool"), shutil.which("prometheus")


@dataclass(frozen=True, slots=True)
class Commune:
    """Hold a commune's computer, and the printer that it asks."""

    pc: Known
    printer: str


@pytest.fixture
def commune(centre: Centre, store: Engine) -> Commune:
    pc = enrol(store, "VP-01")
    place(store, pc, VINH_LONG)
    printer = told(store, pc, 9, PRINTER)
    put(store, pc, samples(1, MIDNIGHT, (0, 60), ((100, 160), (41_500, None)), (UPTIME, TEMPERATURE)))
    put(store, pc, samples(2, MIDNIGHT + 2 * MINUTE, (0,), ((1234,), (220,)), (PAGES, UPTIME)))
    with store.begin() as connection:
        row = {"agent_pk": pc.pk, "state": "on", "since": MIDNIGHT, "boot": "b", "role": "pc"}
        connection.execute(insert(tables.presence).values(row))
    centre.now_ms = MIDNIGHT + 3 * MINUTE
    return Commune(pc, printer)


def token(centre: Centre, scope: str) -> dict[str, str]:
    """Return the headers of a token that reads metrics of a territory and nothing else."""
    grant = api_tokens.TokenGrant(
        name=f"prometheus {scope}",
        roles=frozenset({Role.PROVINCE_IT}),
        permissions=frozenset({Permission.METRICS_READ}),
        scope=read_scope(scope),
        lives_ms=None,
    )
    with centre.store.begin() as connection:
        secret = api_tokens.add(connection, f"id-{scope}"[:36], grant, "test", centre.now_ms)
    return {"Authorization": f"Bearer {secret}"}


def values(text: str) -> set[str]:
    """Return the lines that hold values, by which they are compared."""
    return {line for line in text.splitlines() if not line.startswith("#")}


def test_a_device_is_shown_as_it_was_measured_last(client: TestClient, commune: Commune) -> None:
    where = f'agent="{commune.pc.id}",role="pc",unit="{VINH_LONG}"'
    at = float(MIDNIGHT // 1000)

    pc = client.get("/metrics/device", params={"id": commune.pc.asset})
    printer = client.get("/metrics/device", params={"id": commune.printer})

    assert pc.headers["content-type"].startswith("text/plain; version=")
    shown = {line for line in values(pc.text) if "_info" not in line}
    assert shown == {
        f"machxa_device_on{{{where}}} 1.0",
        f"machxa_device_sample_timestamp_seconds{{{where}}} {told_as(at + 120)}",
        f'machxa_hw_temperature{{agent="{commune.pc.id}",hw_id="cpu",role="pc",unit="{VINH_LONG}"}} 41.5',
        f"machxa_system_uptime{{{where}}} 220.0",
    }
    by_gateway = f'agent="{commune.pc.id}",device="may-in",role="pc",unit="{VINH_LONG}"'
    assert f"machxa_printer_pages{{{by_gateway}}} 1234.0".replace("machxa_", "machxa_machxa_") in values(printer.text)
    assert not any("uptime" in line for line in values(printer.text))
    assert 'kind="printer",model="LBP6230dn"' in printer.text


def told_as(seconds: float) -> str:
    """Return a number as the text format writes it."""
    from prometheus_client.utils import floatToGoString  # noqa: PLC0415 - for this alone

    return str(floatToGoString(seconds))  # type: ignore[no-untyped-call] # it has no types


def test_a_unit_is_its_devices_together_and_what_is_old_is_left_out(
    centre: Centre, client: TestClient, commune: Commune
) -> None:
    parts = [client.get("/metrics/device", params={"id": one}).text for one in (commune.pc.asset, commune.printer)]

    whole = client.get("/metrics/unit", params={"id": VINH_LONG}).text
    centre.now_ms += 16 * MINUTE
    later = client.get("/metrics/unit", params={"id": VINH_LONG}).text

    assert values(whole) == values(parts[0]) | values(parts[1])
    assert {line.partition("{")[0] for line in values(later)} == {"machxa_device_info", "machxa_device_on"}


def test_a_revoked_agent_is_shown_no_more(client: TestClient, store: Engine, commune: Commune) -> None:
    with store.begin() as connection:
        connection.execute(update(tables.agents).values(revoked_at=MIDNIGHT))

    assert client.get("/metrics/device", params={"id": commune.pc.asset}).status_code == 404
    assert client.get("/api/v1/prometheus/sd", params={"by": "device"}).json() == []


def test_a_unit_with_more_than_is_given_at_once_is_refused_with_the_way_out(client: TestClient, store: Engine) -> None:
    put_assets(store, VINH_LONG, 501, seed=1)

    refused = client.get("/metrics/unit", params={"id": VINH_LONG})

    assert (refused.status_code, "one by one" in refused.text) == (422, True)


def test_targets_are_units_or_devices_with_what_they_are_relabelled_by(client: TestClient, commune: Commune) -> None:
    units = client.get("/api/v1/prometheus/sd").json()
    devices = client.get("/api/v1/prometheus/sd", params={"by": "device", "unit": "86"}).json()
    elsewhere = client.get("/api/v1/prometheus/sd", params={"by": "device", "unit": "01"}).json()

    assert units == [
        {
            "targets": ["127.0.0.1:8470"],
            "labels": {
                "__metrics_path__": "/metrics/unit",
                "__param_id": VINH_LONG,
                "__scheme__": "http",
                "instance": VINH_LONG,
                "__meta_machxa_unit": VINH_LONG,
                "__meta_machxa_unit_name": units[0]["labels"]["__meta_machxa_unit_name"],
                "__meta_machxa_province": "86",
            },
        }
    ]
    assert units[0]["labels"]["__meta_machxa_unit_name"]
    assert {one["labels"]["__param_id"] for one in devices} == {commune.pc.asset, commune.printer}
    assert {one["labels"]["__meta_machxa_kind"] for one in devices} == {"computer", "printer"}
    assert elsewhere == []


def test_a_token_finds_and_reads_its_own_territory_alone(centre: Centre, store: Engine, commune: Commune) -> None:
    caller = TestClient(create_app(centre.deps(loopback_open=False)), base_url="http://may-chu.xa.example")
    put_assets(store, HA_NOI, 1, seed=1)
    theirs = token(centre, "01")
    asked = [
        caller.get(path, params={"id": id_}, headers=theirs).status_code
        for path, id_ in (
            ("/metrics/device", commune.pc.asset),
            ("/metrics/unit", VINH_LONG),
            ("/metrics/unit", HA_NOI),
        )
    ]

    found = caller.get("/api/v1/prometheus/sd", headers=theirs).json()

    assert asked == [404, 404, 200]
    assert [one["labels"]["instance"] for one in found] == [HA_NOI]
    assert caller.get("/metrics/unit", params={"id": VINH_LONG}).status_code == 401
    assert caller.get("/api/v1/assets", headers=theirs).status_code == 403


@pytest.mark.usefixtures("commune")
def test_a_token_reads_of_the_centres_meters_those_of_its_own_units_and_those_of_none(
    centre: Centre, store: Engine
) -> None:
    deps = centre.deps(loopback_open=False)
    deps.registry.register(UnitMetrics(store))
    caller = TestClient(create_app(deps), base_url="http://may-chu.xa.example")

    theirs, ours = (caller.get("/metrics", headers=token(centre, scope)).text for scope in ("01", "86"))

    here = f'machxa_unit_agents{{state="on",unit="{VINH_LONG}"}} 1.0'
    assert (here in values(theirs), here in values(ours)) == (False, True)
    assert values(theirs) - values(ours) == set()
    assert values(ours) - values(theirs) == {line for line in values(ours) if f'unit="{VINH_LONG}"' in line}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed: apt-get install prometheus")
@pytest.mark.usefixtures("commune")
def test_promtool_reads_it(client: TestClient) -> None:
    text = client.get("/metrics/unit", params={"id": VINH_LONG}).content

    checked = subprocess.run([str(PROMTOOL), "check", "metrics"], input=text, capture_output=True, check=False)

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


@contextmanager
def prometheus(folder: Path, config: dict[str, object]) -> Iterator[str]:
    """Run Prometheus until the context ends; give its address."""
    (folder / "prometheus.yml").write_text(json.dumps(config))  # every JSON is YAML
    base = f"127.0.0.1:{free_port()}"
    arguments = ["--config.file", "prometheus.yml", "--storage.tsdb.path", "data", "--web.listen-address", base]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([str(PROMETHEUS), *arguments], cwd=folder, stderr=log, env=environment)
    try:
        yield f"http://{base}"
    finally:
        running.kill()
        running.wait()


@pytest.mark.faults
@pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed: apt-get install prometheus")
def test_prometheus_finds_a_commune_and_scrapes_its_devices(centre: Centre, commune: Commune, tmp_path: Path) -> None:
    app = create_app(centre.deps(loopback_open=False))
    secret = token(centre, VINH_LONG)["Authorization"].removeprefix("Bearer ")
    with serving(app, AUTHORITY, tmp_path) as base:
        (tmp_path / "ca.pem").write_bytes(AUTHORITY.certificate_pem)
        access = {"authorization": {"type": "Bearer", "credentials": secret}, "tls_config": {"ca_file": "ca.pem"}}
        job = {
            "job_name": "machxa-communes",
            "scrape_interval": "1s",
            "http_sd_configs": [{"url": f"{base}/api/v1/prometheus/sd", **access}],
            "relabel_configs": [{"source_labels": ["__meta_machxa_unit_name"], "target_label": "unit_name"}],
            **access,
        }
        with prometheus(tmp_path, {"scrape_configs": [job]}) as asking:
            ((labels, value),) = wait_for(
                f"{asking}/api/v1/query?query={quote('machxa_machxa_printer_pages')}", tmp_path
            )

    assert value == "1234"
    assert labels["agent"] == commune.pc.id
    assert (labels["instance"], labels["unit"], labels["device"]) == (VINH_LONG, VINH_LONG, "may-in")
    assert labels["unit_name"]


def wait_for(address: str, folder: Path) -> list[tuple[dict[str, str], str]]:
    """Return the series of a query, once there are any."""
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                found = json.load(answer)["data"]["result"]
        except OSError:
            found = []
        if found:
            return [(one["metric"], one["value"][1]) for one in found]
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())
