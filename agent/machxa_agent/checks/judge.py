"""Say what a try means: the system's fault, a network that wants a login, or nothing that can be told. Pure."""

from __future__ import annotations

from typing import Optional, Tuple

from machxa_agent.checks.verdict import State, Stop, Tried, Verdict
from machxa_wire.catalogue import ANCHOR, Check

_ERRORS, _SERVER_ERRORS = 400, 500
_NETWORK_LOGIN = 511  # RFC 6585 6
_STATES = {
    Stop.NO_NAME: State.DOWN,
    Stop.RESOLVER: State.DOWN,
    Stop.DNS_LIES: State.DOWN,
    Stop.PRIVATE: State.UNKNOWN,
    Stop.NOT_ALLOWED: State.UNKNOWN,
    Stop.STUCK: State.UNKNOWN,
    Stop.REFUSED: State.DOWN,
    Stop.TIMEOUT: State.DOWN,
    Stop.UNREACHABLE: State.DOWN,
    Stop.RESET: State.DOWN,
    Stop.CLOSED: State.DOWN,
    Stop.NO_BYTE: State.HANG,
    Stop.DRIP: State.HANG,
    Stop.EXPIRED: State.UNTRUSTED,
    Stop.NOT_YET_VALID: State.UNTRUSTED,
    Stop.WRONG_HOST: State.UNTRUSTED,
    Stop.UNKNOWN_ISSUER: State.UNTRUSTED,
    Stop.PROTOCOL: State.ERROR,
    Stop.NOT_TLS: State.ERROR,
    Stop.NOT_HTTP: State.ERROR,
    Stop.HEAD: State.ERROR,
    Stop.GARBAGE: State.ERROR,
}
_OF_CLOCKS = (Stop.EXPIRED, Stop.NOT_YET_VALID)
_PORTAL_SIGNS = frozenset(
    ("not_tls", "wrong_host", "unknown_issuer", "redirect_foreign", "keyword", "status", "not_http")
)


def judge(check: Check, tried: Tried, *, portal: Optional[bool] = None, is_clock_wrong: bool = False) -> Verdict:
    """Return what a try means.

    portal says whether the province's own anchor was answered by somebody else a moment ago, None without an anchor:
    with one, every failure here is the network's; without one, an answer in clear where TLS is spoken, or one that
    sends elsewhere without TLS, is taken for a login page. With a wrong clock here no certificate's date is judged.
    """
    alone = _alone(check, tried)
    if is_clock_wrong and tried.stop in _OF_CLOCKS:
        return Verdict(State.UNKNOWN, "clock", tried.phase)
    if not alone.state.is_failing or check.kind == ANCHOR:
        return alone
    if portal or (portal is None and alone.reason == Stop.NOT_TLS.value):
        return Verdict(State.PORTAL, alone.reason, alone.phase)
    if portal is False and alone.state is State.PORTAL:
        return Verdict(State.ERROR, alone.reason, alone.phase)
    return alone


def is_like_a_portal(verdict: Verdict) -> bool:
    """Return whether a network that wants a login may be why: then the anchor is asked before the second try."""
    return verdict.state.is_failing and verdict.reason in _PORTAL_SIGNS


def _alone(check: Check, tried: Tried) -> Verdict:
    """Return what a try means by itself."""
    if tried.stop is not None:
        return Verdict(_STATES[tried.stop], tried.stop.value, tried.phase)
    state, reason = _answer(check, tried)
    return Verdict(state, reason, tried.phase)


def _answer(check: Check, tried: Tried) -> Tuple[State, str]:
    """Return what an answer means; a try that was not to bring one is well."""
    status = tried.status
    if status is None:
        return State.OK, ""
    if check.kind == ANCHOR:
        is_ours = tried.has_keyword is not False and status == (check.status or 204)
        return (State.OK, "") if is_ours else (State.PORTAL, "anchor_differs")
    faults = (
        (status == _NETWORK_LOGIN, State.PORTAL, "login_page"),
        (tried.is_foreign and check.tls == "none", State.PORTAL, "redirect_foreign"),
        (_is_wrong(status, check.status), State.ERROR, "status_5xx" if status >= _SERVER_ERRORS else "status"),
        (tried.has_keyword is False, State.ERROR, "keyword"),
        (tried.is_granted is False, State.ERROR, "rejected"),
    )
    return next(((state, reason) for holds, state, reason in faults if holds), (State.OK, ""))


def _is_wrong(status: int, expected: int) -> bool:
    return status != expected if expected else status >= _ERRORS
