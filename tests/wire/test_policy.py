"""A policy says nothing beyond its bounds, whoever wrote the bytes."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_wire.catalogue import Check
from machxa_wire.downward import MAX_BATCH_SECONDS, MAX_SAMPLE_SECONDS, decode_settings
from machxa_wire.policy import (
    MAX_TEXT,
    NO_POLICY,
    Policy,
    SignedPolicy,
    decode_policy,
    encode_policy,
    encode_policy_plain,
    outside,
    read_policy,
    to_base64,
    within,
    write_policy,
)
from machxa_wire.records import Settings
from machxa_wire.refusal import Refused
from machxa_wire.schema import policy_schema, signed_policy_schema
from machxa_wire.text import inflate

CHECKS = (
    Check("dvc", "portal", "http", "dichvucong.gov.vn", 443, keyword="Đăng nhập", tls="verify", on="all"),
    Check("portal", "portal", "tsp", "tsa.test", 80, every_seconds=3600),
)
POLICY = Policy(
    version=3,
    hosts=("*.gov.vn", "dichvucong.gov.vn:443", "192.0.2.0/24", "192.0.2.9:161"),
    checks=("dvc", "portal"),
    sample_seconds=(30, 600),
    batch_seconds=(60, 3600),
    next_key=b"n" * 32,
    catalogue=CHECKS,
)
SIGNED = SignedPolicy(write_policy(POLICY), b"k" * 32, b"s" * 64)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from(
    ["v", "version", "hosts", "checks", "catalogue", "bounds", "next_key", "policy", "key", "signature"]
)
BOUNDS = st.fixed_dictionaries(
    {}, optional={"sample_seconds": JSON, "batch_seconds": st.lists(st.integers(), max_size=3)}
)


def test_a_policy_is_read_as_it_was_written() -> None:
    assert read_policy(write_policy(POLICY)) == POLICY
    assert decode_policy(encode_policy(SIGNED)) == decode_policy(encode_policy_plain(SIGNED)) == SIGNED
    assert len(encode_policy(SIGNED)) < 600


def test_it_fits_the_published_schema() -> None:
    jsonschema.validate(json.loads(write_policy(POLICY)), policy_schema())
    jsonschema.validate(json.loads(inflate(encode_policy(SIGNED))), signed_policy_schema())


def test_what_is_left_out_is_bounded_by_the_wire_itself() -> None:
    assert read_policy('{"version": 1}') == Policy(version=1)


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert read_policy('{"version": 1, "later": {"x": [1]}}') == Policy(version=1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 0},
        {"version": 2**53},
        {"version": True},
        {"version": 1, "hosts": "x"},
        {"version": 1, "hosts": ["http://x/"]},
        {"version": 1, "hosts": ["UPPER.vn"]},
        {"version": 1, "hosts": ["x; rm -rf /"]},
        {"version": 1, "hosts": ["x\n"]},
        {"version": 1, "hosts": ["a.vn"] * 501},
        {"version": 1, "checks": ["../x"]},
        {"version": 1, "bounds": []},
        {"version": 1, "bounds": {"sample_seconds": [0, 60]}},
        {"version": 1, "bounds": {"sample_seconds": [60, 3601]}},
        {"version": 1, "bounds": {"sample_seconds": [60, 59]}},
        {"version": 1, "bounds": {"sample_seconds": [60]}},
        {"version": 1, "bounds": {"sample_seconds": [60, 61, 62]}},
        {"version": 1, "bounds": {"sample_seconds": [600, 700], "batch_seconds": [1, 599]}},
        {"version": 1, "next_key": "short"},
        {"version": 1, "next_key": "A" * 42 + "B"},
        {"version": 1, "next_key": None},
    ],
    ids=lambda body: json.dumps(body)[:60],
)
def test_a_policy_out_of_shape_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read_policy(json.dumps(body))


@pytest.mark.parametrize(
    "change",
    [
        {"policy": None},
        {"policy": 7},
        {"policy": "x" * (MAX_TEXT + 1)},
        {"key": None},
        {"key": to_base64(b"k" * 31)},
        {"signature": to_base64(b"s" * 63)},
        {"signature": to_base64(b"s" * 64) + "="},
        {"signature": "ä" * 86},
    ],
    ids=str,
)
def test_an_envelope_out_of_shape_is_refused(change: dict[str, object]) -> None:
    body = {**json.loads(inflate(encode_policy(SIGNED))), **change}

    with pytest.raises(Refused):
        decode_policy(json.dumps(body).encode())


def test_settings_outside_are_told_with_the_bound() -> None:
    told = [outside(POLICY, Settings(1, sample, batch)) for sample, batch in ((30, 60), (600, 3600), (29, 60))]

    assert told == [None, None, "sample_seconds is 29, policy 3 allows 30 to 600"]
    assert outside(POLICY, Settings(1, 60, 3601)) == "batch_seconds is 3601, policy 3 allows 60 to 3600"
    assert outside(NO_POLICY, Settings(1, 1, 86400)) is None


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    low = draw(st.integers(1, MAX_SAMPLE_SECONDS))
    high = draw(st.integers(low, MAX_SAMPLE_SECONDS))
    most = draw(st.integers(low, MAX_BATCH_SECONDS))
    return Policy(1, (), (), (low, high), (draw(st.integers(1, most)), most))


@given(policies(), st.integers(1, MAX_SAMPLE_SECONDS), st.integers(0, MAX_BATCH_SECONDS))
def test_the_nearest_settings_are_always_within_and_usable(policy: Policy, sample: int, more: int) -> None:
    near = within(policy, Settings(4, sample, min(sample + more, MAX_BATCH_SECONDS)))

    assert outside(policy, near) is None
    assert near.batch_seconds >= near.sample_seconds
    assert within(policy, near) == near


@settings(max_examples=2000, deadline=None)
@given(st.dictionaries(NAMES, JSON | BOUNDS, max_size=9) | JSON)
def test_whatever_is_read_is_within_bounds_or_refused(body: object) -> None:
    text = json.dumps(body)

    for read in (lambda: read_policy(text), lambda: decode_policy(text.encode("utf-8", "surrogatepass"))):
        try:
            read()
        except Refused:
            continue


@settings(max_examples=2000, deadline=None)
@given(st.binary(max_size=300) | st.builds(lambda tail: b"\x78" + tail, st.binary(max_size=100)))
def test_bytes_of_any_kind_are_refused_or_read(payload: bytes) -> None:
    for read in (decode_policy, decode_settings):
        try:
            read(payload)
        except Refused:
            continue
