from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import pytest

from machxa_agent import portable
from machxa_agent.probes import anchor, clock, link, ups
from machxa_agent.probes.anchor import Anchor
from machxa_wire.records import Sample, Series


def _link(name: str, hw_id: str, value: int, divisor: int = 1) -> Sample:
    return Sample(Series(name, (("hw.id", hw_id),), 1, divisor), value)


def _anchor(name: str, anchored: str, value: int | None, divisor: int) -> Sample:
    return Sample(Series(name, (("machxa.anchor", anchored),), 1, divisor), value)


def _state(state: str, value: int | None) -> Sample:
    return Sample(Series("hw.status", (("hw.id", "santak"), ("hw.state", state), ("hw.type", "battery"))), value)


def test_interfaces_tell_duplex_lost_carriers_and_the_radios_signal_and_rate(host: Path) -> None:
    root = host / "linux-laptop"

    samples = link.linux(str(root / "proc"), str(root / "sys"), lambda _name: 65_000_000)()

    assert samples == (
        _link("machxa.network.full_duplex", "enp1s0", 1),
        _link("machxa.network.carrier.changes", "enp1s0", 7),
        _link("machxa.network.carrier.changes", "wlp2s0", 2),
        _link("machxa.network.wireless.signal", "wlp2s0", -76),
        _link("machxa.network.wireless.rate", "wlp2s0", 65_000_000, 8),
    )


def test_a_drivers_own_scale_is_no_signal() -> None:
    header = b"Inter-| sta-|   Quality\n face | tus | link level noise\n"

    assert link.from_wireless(header + b" wlan0: 0000   70.   94.   0.  0 0 0 0 0 0\n") == {}


def test_windows_tells_duplex_of_what_is_up() -> None:
    up = portable.Interface("Ethernet", 1, 1, 0, 0, 0, 0, is_up=True, megabits=100, is_full_duplex=False)

    assert link.from_interfaces((up, up._replace(name="Wi-Fi", is_up=False))) == (
        _link("machxa.network.full_duplex", "Ethernet", 0),
    )


def test_the_gateway_is_the_default_routes_with_the_least_metric(host: Path, tmp_path: Path) -> None:
    assert anchor.gateway(str(host / "linux-laptop/proc")) == (Anchor("gateway", "192.168.1.254", 53),)
    assert anchor.gateway(str(tmp_path)) == ()


def test_windows_names_the_next_hop_as_a_number_of_its_bytes_in_order() -> None:
    assert anchor.from_route_row((0, 0, 0, 0xFE01A8C0, *[0] * 10)) == "192.168.1.254"
    assert anchor.from_route_row((0,) * 14) is None


@pytest.mark.parametrize(
    ("trips", "loss", "rtt", "jitter"),
    [
        pytest.param((0.010, 0.012, 0.009), 0, 10_000, 2500, id="all answered"),
        pytest.param((0.010, None, 0.014), 1, 14_000, 4000, id="one lost"),
        pytest.param((None, 0.02, None), 2, 20_000, None, id="one answer has no jitter"),
        pytest.param((None, None, None), 3, None, None, id="none answered"),
    ],
)
def test_loss_is_a_share_and_times_are_of_what_was_answered(
    trips: tuple[float | None, ...], loss: int, rtt: int | None, jitter: int | None
) -> None:
    assert anchor.from_round_trips("tinh", trips) == (
        _anchor("machxa.anchor.loss", "tinh", loss, 3),
        _anchor("machxa.anchor.rtt", "tinh", rtt, 1_000_000),
        _anchor("machxa.anchor.jitter", "tinh", jitter, 1_000_000),
    )


def test_anchors_are_reached_a_few_times_each_and_named_never_by_address() -> None:
    asked: list[str] = []

    def reach(one: Anchor) -> float:
        asked.append(one.host)
        return 0.01

    read = anchor.reader(lambda: (Anchor("gateway", "192.0.2.1"), Anchor("tinh", "192.0.2.2")), 0.0, reach)

    samples = read()

    assert asked == ["192.0.2.1"] * 3 + ["192.0.2.2"] * 3
    assert {label for one in samples for _, label in one.series.labels} == {"gateway", "tinh"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tinh=10.1.1.1", Anchor("tinh", "10.1.1.1", 443)),
        ("tinh=anchor.example.gov.vn:8883", Anchor("tinh", "anchor.example.gov.vn", 8883)),
    ],
)
def test_an_anchor_is_a_name_and_a_host(text: str, found: Anchor) -> None:
    assert anchor.anchor_of(text) == found


@pytest.mark.parametrize("text", ["10.1.1.1", "=x", "a=", "a=b:0", "a=b:http"])
def test_another_anchor_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not NAME=HOST"):
        anchor.anchor_of(text)


def test_the_clocks_offset_is_positive_when_this_computer_is_ahead() -> None:
    series = Series("machxa.clock.offset", (), 1, 1000)

    assert clock.offset(None, 1000.0) == ()
    assert clock.offset(1000.0, 1002.5) == (Sample(series, 2500),)
    assert clock.clock_probe(lambda _now: None).read() == ()


def test_a_ups_on_its_battery_tells_charge_time_load_and_that_it_wants_a_new_one(host: Path) -> None:
    hardware = (("hw.id", "santak"),)

    samples = ups.from_variables("santak", (host / "nut/list-var-santak.txt").read_text("utf-8"))

    assert samples == (
        Sample(Series("hw.battery.charge", hardware, 1, 100), 64),
        Sample(Series("hw.battery.time_left", hardware), 1032),
        Sample(Series("machxa.ups.load", hardware, 1, 100), 37),
        _state("discharging", 1),
        _state("low", 1),
        _state("failed", 1),
    )


def test_a_ups_that_its_driver_has_lost_has_no_state(host: Path) -> None:
    samples = ups.from_variables("santak", (host / "nut/list-var-lost.txt").read_text("utf-8"))

    assert samples == (_state("discharging", None), _state("low", None), _state("failed", None))


def test_upsd_is_asked_over_its_line_protocol(host: Path) -> None:
    answers = [(host / "nut" / name).read_bytes() for name in ("list-ups.txt", "list-var-santak.txt")]
    with _upsd(answers) as address:
        samples = ups.reader(address)()

    assert samples[0].value == 64


def test_without_upsd_there_is_no_ups_and_one_that_never_ends_is_cut_off() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    assert ups.reader(address)() == ()

    with _upsd([b"UPS x " + b"y" * 70_000]) as endless, pytest.raises(ValueError, match="more than 65536 bytes"):
        ups.reader(endless)()


class _upsd:  # noqa: N801 - reads as what it stands for
    """Answer one connection: each question with the next of the answers."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> tuple[str, int]:
        self._thread.start()
        address: tuple[str, int] = self._listener.getsockname()
        return address

    def __exit__(self, *_: object) -> None:
        self._thread.join(30)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, contextlib.suppress(ConnectionError):  # who asked may have heard enough
            for one in self._answers:
                connection.recv(4096)
                connection.sendall(one)
            connection.recv(4096)
