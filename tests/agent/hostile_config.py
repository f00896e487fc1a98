"""Make messages that claim to be configuration: noise, bent settings, policies with flipped bytes."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path

from hypothesis import strategies as st

from machxa_agent.trial import HEALTHY_SECONDS, MOST_SECONDS
from machxa_wire.policy import Policy, encode_policy, outside
from machxa_wire.refusal import Refused
from tests.agent.tried import Bench, signed

MESSAGES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda body: json.dumps(body).encode("utf-8", "replace"),
        st.fixed_dictionaries(
            {},
            optional={
                "version": st.integers(-5, 2**60) | st.text(max_size=3) | st.none(),
                "sample_seconds": st.integers(-5, 5000) | st.floats() | st.booleans(),
                "batch_seconds": st.integers(-5, 100_000) | st.lists(st.integers(), max_size=2),
                "more": st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
            },
        ),
    ),
    st.builds(
        lambda policy, flips: _flipped(encode_policy(signed(policy)), flips),
        st.builds(
            lambda version, low, more: Policy(version, sample_seconds=(low, low + more), batch_seconds=(low, 3600)),
            st.integers(1, 2**53 - 1),
            st.integers(1, 600),
            st.integers(0, 600),
        ),
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3),
    ),
)


def _flipped(payload: bytes, flips: list[tuple[int, int]]) -> bytes:
    changed = bytearray(payload)
    for at, value in flips:
        changed[at % len(changed)] = value
    return bytes(changed)


def offer_all(folder: Path, messages: list[bytes], seed: int) -> None:
    """Offer messages in turn, time and health changing by chance; fail when anything beyond bounds is in force."""
    bench, chance = Bench(folder), random.Random(seed)
    for message in messages:
        with contextlib.suppress(Refused):
            chance.choice((bench.configuration.offer_settings, bench.configuration.offer_policy))(message)
        now = bench.configuration.current
        assert outside(bench.configuration.policy, now) is None
        assert 1 <= now.sample_seconds <= 3600
        assert now.sample_seconds <= now.batch_seconds <= 86400
        bench.now += chance.choice((0.0, HEALTHY_SECONDS, MOST_SECONDS))
        bench.readings += chance.choice((0, 1))
        bench.configuration.look()
