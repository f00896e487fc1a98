"""What an observation means: tables from exceptions, answers and times to causes."""

from __future__ import annotations

import socket
import ssl

import pytest

from machxa_agent.diagnosis import Stage, Trouble, clock_words, of_answer, of_error, of_times, words
from machxa_agent.diagnosis_words import Kind


def _refused(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("x")
    error.verify_code = code
    return error


def _ssl(reason: str) -> ssl.SSLError:
    error = ssl.SSLError("x")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("stage", "error", "kind"),
    [
        (Stage.NAME, socket.gaierror(-2, "Name or service not known"), Kind.DNS),
        (Stage.NAME, UnicodeError("label too long"), Kind.DNS),
        (Stage.CONNECT, ConnectionRefusedError(), Kind.REFUSED),
        (Stage.CONNECT, TimeoutError("timed out"), Kind.TIMEOUT),
        (Stage.CONNECT, OSError(113, "No route to host"), Kind.UNREACHABLE),
        (Stage.HANDSHAKE, TimeoutError("timed out"), Kind.MUTE),
        (Stage.HANDSHAKE, ConnectionResetError(), Kind.RESET),
        (Stage.HANDSHAKE, ssl.SSLEOFError(8, "EOF occurred"), Kind.RESET),
        (Stage.HANDSHAKE, _ssl("WRONG_VERSION_NUMBER"), Kind.NOT_TLS),
        (Stage.HANDSHAKE, _ssl("TLSV1_ALERT_PROTOCOL_VERSION"), Kind.TLS),
        (Stage.HANDSHAKE, _refused(9), Kind.NOT_YET),
        (Stage.HANDSHAKE, _refused(10), Kind.EXPIRED),
        (Stage.HANDSHAKE, _refused(18), Kind.SELF_SIGNED),
        (Stage.HANDSHAKE, _refused(19), Kind.OTHER_CA),
        (Stage.HANDSHAKE, _refused(20), Kind.OTHER_CA),
        (Stage.HANDSHAKE, _refused(62), Kind.WRONG_HOST),
        (Stage.HANDSHAKE, _refused(64), Kind.WRONG_HOST),
        (Stage.ANSWER, TimeoutError("timed out"), Kind.MUTE),
        (Stage.ANSWER, ConnectionError("bad status line"), Kind.RESET),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_exception_means(stage: Stage, error: BaseException, kind: Kind) -> None:
    assert of_error(stage, error) is kind


@pytest.mark.parametrize(
    ("status", "content_type", "is_ours", "kind"),
    [
        (201, "application/json", True, None),
        (202, "application/json", True, None),
        (403, "application/problem+json", True, Kind.DENIED),
        (422, "application/problem+json", True, Kind.OTHER_SERVER),
        (200, "text/html", False, Kind.LOGIN_PAGE),
        (302, "text/html", False, Kind.LOGIN_PAGE),
        (511, "text/html", False, Kind.LOGIN_PAGE),
        (407, "text/html", False, Kind.PROXY),
        (403, "text/html", False, Kind.OTHER_SERVER),
        (502, "text/html", False, Kind.BUSY),
        (503, "application/problem+json", True, Kind.BUSY),
        (429, "application/problem+json", True, Kind.BUSY),
    ],
)
def test_an_answer_means(status: int, content_type: str, *, is_ours: bool, kind: Kind | None) -> None:
    assert of_answer(status, content_type, is_ours=is_ours) is kind


@pytest.mark.parametrize(
    ("centre_s", "kind"),
    [(None, None), (99.0, Kind.NOT_YET), (100.0, None), (200.0, None), (200.5, Kind.EXPIRED)],
)
def test_a_servers_certificate_is_judged_by_the_servers_own_time(centre_s: float | None, kind: Kind | None) -> None:
    assert of_times(100.0, 200.0, centre_s) is kind


@pytest.mark.parametrize(
    ("ahead_s", "told"),
    [
        (None, None),
        (0.0, None),
        (299.0, None),
        (300.0, "this computer's clock is 5 minutes fast"),
        (-86_400.0 * 365 * 16, "this computer's clock is 5840 days slow"),
    ],
)
def test_a_clock_is_told_when_it_is_wrong_by_minutes(ahead_s: float | None, told: str | None) -> None:
    said = clock_words(ahead_s)

    assert (said is None) == (told is None)
    assert said is None or told is None or said[1].startswith(told)


def test_a_proxy_that_this_computer_is_set_to_use_is_named_where_the_way_is_closed() -> None:
    closed = Trouble(Kind.TIMEOUT, "mx.example", 8443, "timed out", "http://10.1.1.1:3128")
    shown = Trouble(Kind.OTHER_CA, "mx.example", 8443, "", "http://10.1.1.1:3128")

    assert "http://10.1.1.1:3128" in words(closed)[0]
    assert "http://10.1.1.1:3128" in words(closed)[1]
    assert "10.1.1.1" not in "".join(words(shown))
