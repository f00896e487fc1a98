"""A printer whose SNMP is off is asked over IPP within the same poll; what is known to be none is not."""

from __future__ import annotations

import socket

import pytest

from machxa_agent.devices.asking import Answered, asked, target_of
from machxa_agent.devices.entry import Entry, Secret
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.profiles import DeviceKind
from machxa_agent.snmp.target import Credentials
from tests.agent.ipp.making import answer, http, printer

PROFILES = load_profiles()
ATTRIBUTES: dict[str, list[str | bytes | int]] = {
    "printer-make-and-model": ["Canon LBP0000"],
    "printer-state": [5],
    "printer-state-reasons": ["media-jam-error"],
}


def asked_of(known: DeviceKind | None, ipp_port: int | None = None) -> tuple[Answered | None, int]:
    """Ask a device that answers nothing but IPP; return what came of it and how often IPP was asked."""
    questions: list[bytes] = []

    def respond(request: bytes) -> bytes:
        questions.append(request)
        number = int.from_bytes(request.partition(b"\r\n\r\n")[2][4:8], "big")
        return http(answer(ATTRIBUTES, number=number))

    with printer(respond) as port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        entry = Entry("in", "127.0.0.1", silent.getsockname()[1], ipp_port=port if ipp_port is None else ipp_port)
        return asked(entry, None, PROFILES, known), len(questions)


def test_a_printer_that_is_silent_over_snmp_answers_over_ipp() -> None:
    found, _ = asked_of(None)

    assert found is not None
    assert (found.via, found.device.identity.kind, found.device.identity.vendor) == ("ipp", DeviceKind.PRINTER, "Canon")
    assert found.device.printer is not None
    assert found.device.printer.errors == ("jammed",)


@pytest.mark.parametrize(("known", "ipp_port"), [(DeviceKind.SWITCH, None), (None, 0)], ids=["a switch", "IPP is off"])
def test_what_is_no_printer_is_not_asked_over_ipp(known: DeviceKind | None, ipp_port: int | None) -> None:
    assert asked_of(known, ipp_port) == (None, 0)


def test_a_secret_goes_into_the_question_and_version_3_asks_for_no_community() -> None:
    secured = Secret(None, Credentials("user", "a" * 8, "b" * 8))

    assert target_of(Entry("in", "10.0.0.1"), None).community == "public"
    assert target_of(Entry("in", "10.0.0.1", version="1"), Secret("other", None)).community == "other"
    assert target_of(Entry("in", "10.0.0.1"), secured).credentials == secured.credentials
