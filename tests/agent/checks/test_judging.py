"""What a try means, whom a check may reach, and when a change is told: tables of cases."""

from __future__ import annotations

import ipaddress
from collections import Counter

import pytest

from machxa_agent.checks.addresses import refusal
from machxa_agent.checks.course import Change, Course, first_pause, second_pause
from machxa_agent.checks.judge import judge
from machxa_agent.checks.spending import Spending
from machxa_agent.checks.verdict import State, Stop, Tried, Verdict
from machxa_wire.catalogue import Check
from machxa_wire.records import Stamp

PAGE = Check("dvc", "portal", "http", "dvc.test", 443, keyword="Đăng nhập", tls="verify")
CLEAR = Check("old", "portal", "http", "dvc.test", 80)
ANCHOR = Check("anchor", "anchor", "anchor", "anchor.test", 80)
SENT_AWAY = Tried("http", status=302, redirect="login.hotel", is_foreign=True)
TSA = Check("tsa", "signature", "tsp", "tsa.test", 80)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.113.1.1", None),
        ("8.8.8.8", None),
        ("127.0.0.1", Stop.DNS_LIES),
        ("127.9.9.9", Stop.DNS_LIES),
        ("0.0.0.0", Stop.DNS_LIES),  # noqa: S104 - refused
        ("169.254.169.254", Stop.DNS_LIES),
        ("224.0.0.1", Stop.DNS_LIES),
        ("255.255.255.255", Stop.DNS_LIES),
        ("10.1.2.3", None),
        ("10.2.2.3", Stop.PRIVATE),
        ("192.168.1.1", Stop.PRIVATE),
        ("172.31.255.255", Stop.PRIVATE),
        ("100.64.0.1", Stop.PRIVATE),
        ("192.0.2.7", Stop.PRIVATE),
        ("2405:4800::1", None),
        ("::1", Stop.DNS_LIES),
        ("::", Stop.DNS_LIES),
        ("fe80::1", Stop.DNS_LIES),
        ("fd00::1", Stop.DNS_LIES),
        ("ff02::1", Stop.DNS_LIES),
        ("::ffff:127.0.0.1", Stop.DNS_LIES),
        ("::ffff:8.8.8.8", None),
        ("64:ff9b::7f00:1", Stop.DNS_LIES),
        ("2002:7f00:1::1", Stop.DNS_LIES),
        ("2001::7f00:1", Stop.DNS_LIES),
        ("2001:db8::1", Stop.DNS_LIES),
    ],
)
def test_nobody_is_connected_to_but_the_internet_and_what_the_policy_names(address: str, expected: Stop | None) -> None:
    packed = ipaddress.ip_address(address).packed

    assert refusal(packed, ("10.1.0.0/16", "127.0.0.0/8", "169.254.169.254"), 443) is expected


def test_what_is_no_address_is_not_connected_to() -> None:
    assert [refusal(one, ("0.0.0.0/0",), 1) for one in (b"", b"\1\2\3")] == [Stop.DNS_LIES] * 2


@pytest.mark.parametrize(
    ("check", "tried", "portal", "expected"),
    [
        (PAGE, Tried("http", status=200, has_keyword=True), None, (State.OK, "")),
        (PAGE, Tried("http", status=302, redirect="sso.test", is_foreign=True), None, (State.OK, "")),
        (PAGE, Tried("http", status=200, has_keyword=False), None, (State.ERROR, "keyword")),
        (PAGE, Tried("http", status=200, has_keyword=False), True, (State.PORTAL, "keyword")),
        (PAGE, Tried("http", status=403), False, (State.ERROR, "status")),
        (PAGE, Tried("http", status=503), None, (State.ERROR, "status_5xx")),
        (PAGE, Tried("http", status=511), None, (State.PORTAL, "login_page")),
        (PAGE, Tried("dns", Stop.NO_NAME), None, (State.DOWN, "no_name")),
        (PAGE, Tried("dns", Stop.PRIVATE), True, (State.UNKNOWN, "private_address")),
        (PAGE, Tried("tcp", Stop.REFUSED), None, (State.DOWN, "refused")),
        (PAGE, Tried("tcp", Stop.REFUSED), True, (State.PORTAL, "refused")),
        (PAGE, Tried("tls", Stop.NO_BYTE), False, (State.HANG, "no_byte")),
        (PAGE, Tried("tls", Stop.WRONG_HOST), None, (State.UNTRUSTED, "wrong_host")),
        (PAGE, Tried("tls", Stop.WRONG_HOST), True, (State.PORTAL, "wrong_host")),
        (PAGE, Tried("tls", Stop.NOT_TLS), None, (State.PORTAL, "not_tls")),
        (PAGE, Tried("tls", Stop.NOT_TLS), False, (State.ERROR, "not_tls")),
        (CLEAR, SENT_AWAY, None, (State.PORTAL, "redirect_foreign")),
        (CLEAR, SENT_AWAY, False, (State.ERROR, "redirect_foreign")),
        (CLEAR, Tried("http", status=302, redirect=""), None, (State.OK, "")),
        (Check("x", "s", "http", "a.test", 80, status=204), Tried("http", status=200), None, (State.ERROR, "status")),
        (ANCHOR, Tried("http", status=204), None, (State.OK, "")),
        (ANCHOR, Tried("http", status=200), None, (State.PORTAL, "anchor_differs")),
        (ANCHOR, Tried("http", status=302, redirect="login.hotel"), True, (State.PORTAL, "anchor_differs")),
        (ANCHOR, Tried("tcp", Stop.TIMEOUT), True, (State.DOWN, "timeout")),
        (TSA, Tried("tsp", status=200, is_granted=True), None, (State.OK, "")),
        (TSA, Tried("tsp", status=200, is_granted=False), None, (State.ERROR, "rejected")),
        (Check("t", "s", "tcp", "a.test", 80), Tried("tcp"), None, (State.OK, "")),
    ],
)  # fmt: skip
def test_a_try_means(check: Check, tried: Tried, portal: bool | None, expected: tuple[State, str]) -> None:  # noqa: FBT001
    verdict = judge(check, tried, portal=portal)

    assert (verdict.state, verdict.reason, verdict.phase) == (*expected, tried.phase)


@pytest.mark.parametrize("stop", Stop)
def test_every_stop_has_a_meaning(stop: Stop) -> None:
    assert judge(PAGE, Tried("tls", stop), portal=False).reason == stop.value


def test_a_wrong_clock_judges_no_date() -> None:
    for stop in (Stop.EXPIRED, Stop.NOT_YET_VALID):
        assert judge(PAGE, Tried("tls", stop), is_clock_wrong=True) == Verdict(State.UNKNOWN, "clock", "tls")
    assert judge(PAGE, Tried("tls", Stop.WRONG_HOST), is_clock_wrong=True).state is State.UNTRUSTED


OK, DOWN, HANG = (Verdict(one, "", "http") for one in (State.OK, State.DOWN, State.HANG))
UNKNOWN = Verdict(State.UNKNOWN, "clock", "tls")


@pytest.mark.parametrize(
    ("tries", "told", "again"),
    [
        ([OK, OK], [(0, "ok", None)], []),
        ([DOWN, DOWN, DOWN], [(0, "down", None)], [0]),
        ([OK, DOWN, DOWN], [(0, "ok", None), (1, "down", "ok")], [1]),
        ([OK, DOWN, OK, DOWN, OK], [(0, "ok", None)], [1, 3]),
        ([OK, DOWN, HANG], [(0, "ok", None), (1, "hang", "ok")], [1]),
        ([DOWN, DOWN, HANG, DOWN, HANG, HANG], [(0, "down", None), (4, "hang", "down")], [0]),
        ([DOWN, DOWN, OK], [(0, "down", None), (2, "ok", "down")], [0]),
        ([OK, DOWN, UNKNOWN, DOWN, DOWN], [(0, "ok", None), (2, "unknown", "ok"), (3, "down", "unknown")], [1, 3]),
    ],
    ids=["well", "down from the start", "down later", "intermittent", "fails in two ways",
         "from one failure to another", "well again", "unknown between"],
)  # fmt: skip
def test_a_failure_is_told_when_it_was_seen_twice_as_of_the_first(
    tries: list[Verdict], told: list[tuple[int, str, str | None]], again: list[int]
) -> None:
    course = Course()
    results = [course.took(verdict, Stamp("b", number, number)) for number, verdict in enumerate(tries)]

    changes = [change for change, _ in results if change is not None]
    assert [(one.since.mono, one.verdict.state.value, one.was and one.was.value) for one in changes] == told
    assert [number for number, (_, soon) in enumerate(results) if soon] == again


def test_three_thousand_communes_never_ask_one_system_at_once() -> None:
    agents = [f"{number:032x}" for number in range(0, 3321 * 7919, 7919)]

    pauses = [first_pause(one, "dvc", 300) for one in agents]

    assert min(pauses) >= 0
    assert max(pauses) < 300
    assert max(Counter(int(one) for one in pauses).values()) < 35  # 11 a second in the mean
    assert {second_pause(one, "dvc") for one in agents} == {float(one) for one in range(10, 36)}


def test_dear_checks_become_rarer_for_all_alike_and_end_with_the_days_bytes() -> None:
    spending = Spending(100_000)
    for _ in range(200):
        spending.spent("a", 500, "2026-11-29")

    assert spending.used_bytes == 100_000
    assert not spending.may_spend("a", "2026-11-29")
    assert (spending.skipped, spending.has_room("2026-11-29")) == (1, False)
    assert spending.may_spend("a", "2026-11-30")
    assert spending.stretch([("a", 864)]) == 1.0
    assert spending.stretch([("a", 86.4)]) > 5


def test_a_change_holds_what_was() -> None:
    course = Course()
    stamp = Stamp("b", 1, 1)

    assert course.took(OK, stamp) == (Change(OK, stamp, None), False)
