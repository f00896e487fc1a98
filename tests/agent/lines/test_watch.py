"""Watching lines with a network of the test's own: what is asked how often, what is told, what is never asked."""

# ruff: noqa: ARG002 - a network of tests answers whoever asks, whatever way

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from machxa_agent.config import BadConfigError
from machxa_agent.lines.download import Fetched
from machxa_agent.lines.igd import Control
from machxa_agent.lines.line import Line, Target, Throughput
from machxa_agent.lines.watch import Reach, Watcher
from machxa_agent.lines.work import LinesWork
from machxa_agent.lines_config import read_lines
from machxa_agent.ping import Way
from machxa_agent.sayable import sayable
from machxa_wire.records import Sample
from machxa_wire.roles import RoleOrder

GATEWAY, ANCHOR, PROVINCE = (
    Target("gateway", "192.168.1.1"),
    Target("vnix", "192.0.2.1"),
    Target("province", "10.1.0.1"),
)
TSLCD = Line("tslcd", Way(interface="eth1"), GATEWAY, None, (), PROVINCE)
INTERNET = Line(
    "internet", Way(source="192.168.1.9"), GATEWAY, "192.0.2.1", (ANCHOR,), None, "192.0.2.53", asks_router=True,
    test=Throughput("http://centre.test/file", 10_000_000),
)  # fmt: skip


@dataclass
class Network(Reach):
    """Answer as told; count what was asked."""

    silent: set[str] = field(default_factory=set)
    counter: int = 1000
    asked: list[tuple[str, str]] = field(default_factory=list)

    def pings(self, targets: Sequence[Target], way: Way) -> list[float | None]:
        self.asked += [("ping", one.host) for one in targets]
        return [None if one.host in self.silent else 0.02 for one in targets]

    def hop(self, towards: str, way: Way) -> float | None:
        return None if "hop" in self.silent else 0.005

    def resolve(self, server: str, name: str, way: Way) -> float | None:
        self.asked.append(("dns", server))
        return None if server in self.silent else 0.03

    def router(self, way: Way) -> Control | None:
        self.asked.append(("search", str(way.source)))
        return None if "router" in self.silent else Control("192.168.1.1", 80, "/c")

    def count(self, at: Control, way: Way) -> tuple[int | None, int | None]:
        self.counter += 1000
        return self.counter, self.counter

    def interface(self, name: str) -> tuple[int, int] | None:
        return 1, 1

    def source(self, host: str, way: Way) -> str | None:
        return "192.168.1.9"

    def fetch(self, url: str, most_bytes: int, way: Way) -> Fetched:
        self.asked.append(("fetch", url))
        return Fetched(most_bytes, 2_500_000.4)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def watched(network: Network, folder: Path, rounds: int, *lines: Line) -> Watcher:
    clock = Clock()
    watcher = Watcher(lines, folder / "lines.json", network, clock, lambda: datetime(2026, 11, 25, 9))  # noqa: DTZ001
    for _ in range(rounds):
        watcher.round()
        clock.seconds += 15
    return watcher


def told(samples: tuple[Sample, ...], line: str) -> dict[str, int | None]:
    found = {}
    for one in samples:
        labels = dict(one.series.labels)
        if labels.pop("machxa.line") == line:
            found[" ".join([one.series.name.replace("machxa.line.", "", 1), *labels.values()])] = one.value
    return found


def test_two_lines_are_told_apart(tmp_path: Path) -> None:
    network = Network(silent={"10.1.0.1"})

    samples = watched(network, tmp_path, 8, TSLCD, INTERNET).samples()

    assert told(samples, "tslcd")["up"] == 0
    assert told(samples, "tslcd")["fault beyond"] == 1
    assert told(samples, "internet")["up"] == 1
    assert [told(samples, "internet")[f"fault {one}"] for one in ("gateway", "carrier", "beyond", "dns")] == [0] * 4


def test_loss_is_told_from_a_hundred_packets_on(tmp_path: Path) -> None:
    few = told(watched(Network(), tmp_path, 99, INTERNET).samples(), "internet")
    enough = told(watched(Network(silent={"192.168.1.1"}), tmp_path, 100, INTERNET).samples(), "internet")

    assert (few["packets vnix"], few["packets.lost vnix"], few["rtt vnix"]) == (99, None, 20_000)
    assert (enough["packets gateway"], enough["packets.lost gateway"], enough["rtt gateway"]) == (100, 100, None)


def test_every_reading_has_the_same_series_in_the_same_order(tmp_path: Path) -> None:
    early = watched(Network(), tmp_path, 0, TSLCD, INTERNET).samples()
    late = watched(Network(silent={"router", "hop"}), tmp_path, 30, TSLCD, INTERNET).samples()

    assert [one.series for one in early] == [one.series for one in late]
    assert {one.value for one in early} == {None, 0}


def test_the_wire_takes_every_sample(tmp_path: Path) -> None:
    samples = watched(Network(), tmp_path, 100, TSLCD, INTERNET).samples()

    assert sayable(samples) == samples


def test_the_router_is_asked_every_five_minutes_and_searched_for_once(tmp_path: Path) -> None:
    network = Network()

    watcher = watched(network, tmp_path, 4 * 11, INTERNET)

    assert network.asked.count(("search", "192.168.1.9")) == 1
    assert network.counter == 4000
    assert told(watcher.samples(), "internet")["io receive"] == 2000


def test_a_router_that_offers_nothing_is_searched_for_once_an_hour(tmp_path: Path) -> None:
    network = Network(silent={"router"})

    watched(network, tmp_path, 4 * 70, INTERNET)

    assert network.asked.count(("search", "192.168.1.9")) == 2


def test_throughput_is_tested_once_in_a_part_of_the_day_and_the_account_is_kept(tmp_path: Path) -> None:
    network = Network()

    samples = watched(network, tmp_path, 4 * 60, INTERNET).samples()
    watched(network, tmp_path, 4 * 60, INTERNET)  # the agent starts again

    assert network.asked.count(("fetch", "http://centre.test/file")) == 1
    assert told(samples, "internet")["throughput"] == 2_500_000
    assert json.loads((tmp_path / "lines.json").read_text("utf-8"))["internet"]["used_bytes"] == 2_000_000


def test_a_busy_line_is_not_tested(tmp_path: Path) -> None:
    class Busy(Network):
        def count(self, at: Control, way: Way) -> tuple[int | None, int | None]:
            self.counter += 300 * 50_000
            return self.counter, self.counter

    network = Busy()

    watched(network, tmp_path, 4 * 60, INTERNET)

    assert ("fetch", "http://centre.test/file") not in network.asked


def test_nothing_is_asked_that_no_configuration_names(tmp_path: Path) -> None:
    network = Network()

    watched(network, tmp_path, 20, TSLCD)

    assert set(network.asked) == {("ping", "192.168.1.1"), ("ping", "10.1.0.1")}


def test_a_router_that_began_again_is_searched_for_at_the_next_question(tmp_path: Path) -> None:
    class Restarting(Network):
        def count(self, at: Control, way: Way) -> tuple[int | None, int | None]:
            return None, None

    network = Restarting()

    watched(network, tmp_path, 4 * 11, INTERNET)

    assert network.asked.count(("search", "192.168.1.9")) == 3


def test_one_line_that_breaks_does_not_end_the_watching_of_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Network):
        def resolve(self, server: str, name: str, way: Way) -> float | None:
            raise RuntimeError("broken")

    samples = watched(Broken(), tmp_path, 8, INTERNET, TSLCD).samples()

    assert told(samples, "tslcd")["up"] == 1
    assert [record.getMessage() for record in caplog.records] == ["watching line internet broke; it is tried again"]


def test_the_work_watches_once_while_it_is_wanted_and_has_samples_only_then(tmp_path: Path) -> None:
    started: list[str] = []
    work = LinesWork((TSLCD,), tmp_path, lambda _, name: started.append(name))
    assert work.probe is not None
    stopped = work.probe.read()

    for version in (1, 2):
        work.start(RoleOrder(version, "gateway", on_duty=True), lambda *_: None)
    running = work.probe.read()
    work.stop()

    assert (stopped, work.probe.read(), len(running) > 0) == ((), (), True)
    assert started == ["lines"]


CONFIGURED = """
[[line]]
name = "tslcd"
interface = "eth1"
gateway = "10.20.30.1"
province = "10.1.0.1"
[[line]]
name = "internet"
source = "192.168.1.9"
gateway = "192.168.1.1"
first_hop_towards = "192.0.2.1"
anchors = ["vnix=192.0.2.1", "dns=192.0.2.2:53"]
resolver = "192.168.1.1"
asks_router = true
[line.test]
url = "https://trung-tam.test/thu"
monthly_bytes = 200000000
"""


def test_lines_are_read_from_the_gateway_s_file(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(CONFIGURED, encoding="utf-8")

    assert read_lines(tmp_path / "gateway.toml") == (
        Line(
            "tslcd",
            Way(None, "eth1"),
            Target("gateway", "10.20.30.1", 53),
            province=Target("province", "10.1.0.1", 8883),
        ),
        Line(
            "internet",
            Way("192.168.1.9"),
            Target("gateway", "192.168.1.1", 53),
            "192.0.2.1",
            (Target("vnix", "192.0.2.1", 443), Target("dns", "192.0.2.2", 53)),
            None,
            "192.168.1.1",
            asks_router=True,
            test=Throughput("https://trung-tam.test/thu", 200_000_000),
        ),
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('[[line]]\ngateway = "10.0.0.1"', "has no name"),
        ('[[line]]\nname = "a"\n[[line]]\nname = "a"', "two lines have one name"),
        ('[[line]]\nname = "a"\nanchor = "x"', "is unknown"),
        ('[[line]]\nname = "a"\nanchors = ["192.0.2.1"]', "expected NAME=HOST"),
        ('[[line]]\nname = "a"\nanchors = ["gateway=192.0.2.1"]', "expected NAME=HOST"),
        ('[[line]]\nname = "a"\nanchors = ["a=1", "b=2", "c=3"]', "at most 2"),
        ('[[line]]\nname = "a"\nprovince = "trung-tam.test"', "expected an address"),
        ('[[line]]\nname = "a"\nresolver = "dns.test"', "expected an address"),
        ('[[line]]\nname = "a"\ngateway = "x:99999"', "expected HOST or HOST:PORT"),
        ('[[line]]\nname = "a"\ntest = {url = "http://c.test/"}', "monthly_bytes is missing"),
        ('[[line]]\nname = "a"\ntest = {url = "file:///etc", monthly_bytes = 1000000}', "expected http:// or https://"),
        (
            '[[line]]\nname = "a"\ntest = {url = "http://c.test/", monthly_bytes = 1000000, per_day = 5}',
            "expected 1 to 4",
        ),
        ('line = "a"', "expected at most 4 tables"),
        ("[lines]", "is unknown"),
    ],
)
def test_a_line_that_is_misspelt_is_refused_with_the_place(body: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(body, encoding="utf-8")

    with pytest.raises(BadConfigError, match=reason):
        read_lines(tmp_path / "gateway.toml")
