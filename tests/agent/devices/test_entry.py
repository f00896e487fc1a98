"""Only private addresses are polled, under keys that the wire takes; what cannot be read is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent.config import BadConfigError
from machxa_agent.devices.entry import Entry, merged, ordered, read_devices
from machxa_agent.discovery.ranges import network
from machxa_wire.roles import Neighbour


def file(folder: Path, text: str) -> Path:
    """Write a gateway's file."""
    path = folder / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_devices_are_read_with_what_they_leave_out(tmp_path: Path) -> None:
    path = file(tmp_path, '[[device]]\nkey = "in"\nhost = "192.168.1.20"\n[[device]]\nhost = "10.0.0.9"\nversion = "3"')

    assert read_devices(path) == (Entry("in", "192.168.1.20"), Entry("10.0.0.9", "10.0.0.9", version="3"))


@pytest.mark.parametrize(
    ("device", "names"),
    [
        ('host = "8.8.8.8"', "host"),
        ('host = "127.0.0.1"', "host"),
        ('host = "may-in.example"', "host"),
        ('host = "192.168.1.0/24"', "host"),
        ("port = 161", "host"),
        ('host = "10.0.0.9"\nport = 0', "port"),
        ('host = "10.0.0.9"\nport = true', "port"),
        ('host = "10.0.0.9"\nversion = "4"', "version"),
        ('host = "10.0.0.9"\nkey = "<b>"', "key"),
        ('host = "10.0.0.9"\ncommunity = "x"', "community"),
    ],
)
def test_what_is_no_device_is_refused_by_name(tmp_path: Path, device: str, names: str) -> None:
    with pytest.raises(BadConfigError, match=f"device.{names}"):
        read_devices(file(tmp_path, f"[[device]]\n{device}\n"))


def test_a_key_stands_for_one_device(tmp_path: Path) -> None:
    with pytest.raises(BadConfigError, match="one key"):
        read_devices(file(tmp_path, '[[device]]\nhost = "10.0.0.9"\n' * 2))


def test_of_two_lists_the_first_that_names_a_device_stands() -> None:
    first, same_key, same_place = Entry("a", "10.0.0.1"), Entry("a", "10.0.0.2"), Entry("b", "10.0.0.1")

    assert merged((first,), (same_key, same_place, Entry("c", "10.0.0.3"))) == (first, Entry("c", "10.0.0.3"))


def test_of_the_centre_s_devices_those_in_the_file_s_ranges_are_polled_and_no_pc() -> None:
    sent = (
        Neighbour("in", "printer", "192.168.1.20"),
        Neighbour("elsewhere", "printer", "192.168.2.20"),
        Neighbour("agent", "pc", "192.168.1.21"),
        Neighbour("<b>", "ups", "192.168.1.22"),
    )

    assert ordered(sent, (network("192.168.1.0/24"),)) == (Entry("in", "192.168.1.20"),)
    assert ordered(sent, ()) == ()
