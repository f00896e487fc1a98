"""Say in words why the collector cannot be reached, from what was observed on the way to it. Pure."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from enum import Enum
from typing import Optional, Tuple

from machxa_agent.diagnosis_words import PROXY_SET, WORDS, Kind

CLOCK_SECONDS = 300.0  # by which a clock may be wrong before it is told


class Stage(Enum):
    """Say how far the way was gone."""

    NAME = "name"
    CONNECT = "connect"
    HANDSHAKE = "handshake"
    ANSWER = "answer"


@dataclass(frozen=True)
class Trouble:
    """Hold what was in the way to a server; detail is the system's own word, proxy the one this computer is set to."""

    kind: Kind
    host: str
    port: int
    detail: str = ""
    proxy: Optional[str] = None


def of_error(stage: Stage, error: BaseException) -> Kind:
    """Return what an exception on a stage means."""
    if stage is Stage.NAME:
        return Kind.DNS
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, Kind.OTHER_CA)
    if isinstance(error, ssl.SSLError) and getattr(error, "reason", None) in _NOT_TLS:
        return Kind.NOT_TLS
    for kind, types in _OF_TYPES:
        if isinstance(error, types):
            return Kind.MUTE if kind is Kind.TIMEOUT and stage is not Stage.CONNECT else kind
    return Kind.UNREACHABLE if stage is Stage.CONNECT else Kind.RESET


def of_answer(status: int, content_type: str, *, is_ours: bool) -> Optional[Kind]:
    """Return what an answer means that is no success of the collector's; None for one that is.

    is_ours: the body is JSON. A network that wants a login answers anything with its page, or sends elsewhere.
    """
    named = _STATUSES.get(status)
    if named is not None:
        return named
    if is_ours and status in (401, 403):
        return Kind.DENIED
    if is_ours and status < _ERRORS:
        return None
    return Kind.LOGIN_PAGE if status < _ERRORS and ("html" in content_type or not is_ours) else Kind.OTHER_SERVER


def of_times(not_before_s: float, not_after_s: float, centre_s: Optional[float]) -> Optional[Kind]:
    """Return whether a server's certificate has ended or not begun at the server's own time, None when it is good.

    The server's time, not ours: ours may be a dead clock's. None where it did not tell its time.
    """
    if centre_s is None:
        return None
    if centre_s > not_after_s:
        return Kind.EXPIRED
    return Kind.NOT_YET if centre_s < not_before_s else None


def words(trouble: Trouble) -> Tuple[str, str]:
    """Return what to tell people, in Vietnamese and in English."""
    place = f"{trouble.host}:{trouble.port}"
    told = {"host": trouble.host, "place": place, "detail": trouble.detail[:200], "proxy": trouble.proxy or ""}
    vietnamese, english = WORDS[trouble.kind]
    if trouble.proxy and trouble.kind in _BEFORE_ANSWER:
        vietnamese, english = vietnamese + PROXY_SET[0], english + PROXY_SET[1]
    return vietnamese.format(**told), english.format(**told)


def clock_words(ahead_s: Optional[float]) -> Optional[Tuple[str, str]]:
    """Return what to tell of this computer's clock, None when it is right or nobody knows; ahead_s below 0 is slow."""
    if ahead_s is None or abs(ahead_s) < CLOCK_SECONDS:
        return None
    by = abs(ahead_s)
    seconds, vi, en = next(unit for unit in _UNITS if by >= unit[0])
    way_vi, way_en = ("nhanh", "fast") if ahead_s > 0 else ("chậm", "slow")
    return (
        f"đồng hồ máy này {way_vi} {by / seconds:.0f} {vi}: đặt lại ngày giờ; nếu tắt máy rồi lại sai, thay pin CMOS",
        f"this computer's clock is {by / seconds:.0f} {en} {way_en}: set it; if it is wrong again, its battery died",
    )


_ERRORS = 400
_UNITS = ((86_400.0, "ngày", "days"), (3_600.0, "giờ", "hours"), (60.0, "phút", "minutes"))
_STATUSES = {
    407: Kind.PROXY,  # RFC 9110 15.5.8
    429: Kind.BUSY,
    502: Kind.BUSY,
    503: Kind.BUSY,
    504: Kind.BUSY,
    511: Kind.LOGIN_PAGE,  # RFC 6585 6
}
_OF_TYPES = (
    (Kind.RESET, ssl.SSLEOFError),
    (Kind.TIMEOUT, (socket.timeout, TimeoutError)),
    (Kind.TLS, ssl.SSLError),
    (Kind.REFUSED, ConnectionRefusedError),
    (Kind.RESET, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)),
)
_CERTIFICATES = {
    9: Kind.NOT_YET,  # X509_V_ERR_CERT_NOT_YET_VALID
    10: Kind.EXPIRED,  # X509_V_ERR_CERT_HAS_EXPIRED
    18: Kind.SELF_SIGNED,  # X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
    62: Kind.WRONG_HOST,  # X509_V_ERR_HOSTNAME_MISMATCH
    64: Kind.WRONG_HOST,  # X509_V_ERR_IP_ADDRESS_MISMATCH
}
_NOT_TLS = frozenset(
    ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
)
_BEFORE_ANSWER = frozenset((Kind.DNS, Kind.REFUSED, Kind.TIMEOUT, Kind.UNREACHABLE, Kind.MUTE, Kind.RESET))
