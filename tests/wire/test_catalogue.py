"""A policy's checks are read within bounds, and reach nobody but the hosts that the policy names."""

from __future__ import annotations

import json
from collections.abc import Mapping

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_wire.catalogue import (
    MAX_CATALOGUE,
    Check,
    allows,
    ipv4,
    read_catalogue,
    runs,
    seconds_between,
    write_catalogue,
)
from machxa_wire.policy import MAX_HOSTS, MAX_TEXT, Policy, read_policy, write_policy
from machxa_wire.refusal import Refused
from machxa_wire.schema import policy_schema

PLAIN = {"id": "dvc", "system": "portal", "kind": "http", "host": "dichvucong.gov.vn"}
HOSTS = ("a.vn", "b.vn:443", "*.gov.vn:443", "10.1.0.0/16", "10.9.9.9:80", "10.8.0.0/16:161", "odd/33")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PLAIN, Check("dvc", "portal", "http", "dichvucong.gov.vn", 443, tls="verify")),
        ({**PLAIN, "tls": "none"}, Check("dvc", "portal", "http", "dichvucong.gov.vn", 80)),
        ({**PLAIN, "kind": "tsp"}, Check("dvc", "portal", "tsp", "dichvucong.gov.vn", 80)),
        (
            {**PLAIN, "kind": "anchor", "status": 204},
            Check("dvc", "portal", "anchor", "dichvucong.gov.vn", 80, status=204),
        ),
        ({**PLAIN, "kind": "dns"}, Check("dvc", "portal", "dns", "dichvucong.gov.vn", 53)),
        ({**PLAIN, "kind": "later"}, Check("dvc", "portal", "later", "dichvucong.gov.vn", 443, tls="verify")),
    ],
    ids=["https", "http", "tsp", "anchor", "dns", "a kind of a later version"],
)  # fmt: skip
def test_what_is_left_out_is_what_fits_the_kind(body: Mapping[str, object], expected: Check) -> None:
    assert read_catalogue([body]) == (expected,)
    assert read_catalogue(list(write_catalogue([expected]))) == (expected,)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../x"},
        {"system": None},
        {"kind": ""},
        {"host": "a.vn:80"},
        {"host": "*.vn"},
        {"host": "user@a.vn"},
        {"host": "[::1]"},
        {"port": 0},
        {"port": 65536},
        {"port": True},
        {"path": "x"},
        {"path": "/a b"},
        {"path": "/\r\nHost: other"},
        {"path": "/" + "x" * 200},
        {"keyword": ""},
        {"keyword": "x" * 101},
        {"keyword": "\ud800"},
        {"tls": "maybe"},
        {"tls": ["verify"]},
        {"status": 100},
        {"status": 600},
        {"every": 59},
        {"on": "printer"},
    ],
    ids=str,
)
def test_a_check_out_of_shape_is_refused(change: Mapping[str, object]) -> None:
    with pytest.raises(Refused):
        read_catalogue([{**PLAIN, **change}])


@pytest.mark.parametrize(
    "checks",
    [
        [PLAIN, PLAIN],
        [{**PLAIN, "id": f"c{number}"} for number in range(MAX_CATALOGUE + 1)],
        [{**PLAIN, "id": f"c{number}", "on": "all"} for number in range(4)],
        [{**PLAIN, "id": f"c{number}", "kind": "anchor"} for number in range(2)],
    ],
    ids=["one id twice", "too many", "too many for a PC", "two anchors"],
)
def test_a_catalogue_out_of_shape_is_refused(checks: list[object]) -> None:
    with pytest.raises(Refused):
        read_catalogue(checks)


@pytest.mark.parametrize(
    ("name", "port", "expected"),
    [
        ("a.vn", 1, True),
        ("b.vn", 443, True),
        ("b.vn", 80, False),
        ("x.gov.vn", 443, True),
        ("gov.vn", 443, False),
        ("xgov.vn", 443, False),
        ("x.gov.vn", 80, False),
        ("10.1.255.3", 9, True),
        ("10.2.0.0", 9, False),
        ("10.9.9.9", 80, True),
        ("10.9.9.9", 81, False),
        ("10.8.1.1", 161, True),
        ("odd", 1, False),
        ("10.1.0.0/16", 9, True),
    ],
)
def test_hosts_name_whom_a_check_may_reach(name: str, port: int, expected: bool) -> None:  # noqa: FBT001
    assert allows(HOSTS, name, port) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10.1.0.3", 0x0A010003), ("255.255.255.255", 2**32 - 1), ("256.0.0.1", None), ("1.2.3", None), ("١.1.1.1", None)],
)
def test_addresses_are_dotted_numbers(text: str, expected: int | None) -> None:
    assert ipv4(text) == expected


def test_a_pc_runs_what_is_for_all_and_no_more_often_than_every_ten_minutes() -> None:
    mine, slow, theirs = (
        Check("a", "s", "http", "a.vn", 80, on="all"),
        Check("b", "s", "tsp", "a.vn", 80, every_seconds=3600, on="all"),
        Check("c", "s", "http", "a.vn", 80),
    )

    assert [runs(one, "pc") for one in (mine, slow, theirs)] == [True, True, False]
    assert [runs(one, "gateway") for one in (mine, slow, theirs)] == [True, True, True]
    assert [seconds_between(one, "pc") for one in (mine, slow)] == [600, 3600]
    assert [seconds_between(one, "gateway") for one in (mine, slow)] == [300, 3600]


def test_the_largest_catalogue_fits_a_policy_and_its_schema() -> None:
    checks = tuple(
        Check(f"{number:040}".replace("0", "a", 1), "s" * 40, "http", f"{number:060}.gov.vn", 8443, "/" + "p" * 40,
              "Đăng nhập hệ thống một cửa", "any", 200, 600)
        for number in range(MAX_CATALOGUE)
    )  # fmt: skip
    text = write_policy(Policy(1, tuple(f"{number:024}.vn:443" for number in range(MAX_HOSTS)), (), catalogue=checks))

    assert len(text) < MAX_TEXT
    jsonschema.validate(json.loads(text), policy_schema())
    assert read_policy(text).catalogue == checks


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["http", "all", "verify", "/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys([*PLAIN, "port", "path", "tls", "on", "every"], JSON)))
)
def test_whatever_is_read_is_within_the_bounds_and_whatever_is_not_is_refused(entries: list[dict[str, object]]) -> None:
    bodies = [{**PLAIN, "id": f"c{number}", **entry} for number, entry in enumerate(entries)]
    try:
        found = read_catalogue(bodies)
    except Refused:
        return

    assert all(60 <= one.every_seconds <= 86400 and 1 <= one.port <= 65535 for one in found)
    assert read_catalogue(list(write_catalogue(found))) == found
