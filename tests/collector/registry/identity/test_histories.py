from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from machxa_collector.store.tables import metadata
from tests.bench.identity_histories import forgetting, outcome, summary
from tests.collector.registry.identity.histories import live


@pytest.fixture(scope="module")
def centre() -> Iterator[Engine]:
    """Return an empty store in memory, whose histories are rolled back."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_no_record_comes_to_hold_two_devices_over_a_hundred_histories(centre: Engine) -> None:
    outcomes = {seed: outcome(centre, seed) for seed in range(100)}

    assert {seed: one.wrong for seed, one in outcomes.items() if one.wrong} == {}
    assert sum(one.returns for one in outcomes.values()) > 100


@pytest.mark.faults
def test_no_record_comes_to_hold_two_devices_over_a_thousand_histories(centre: Engine, rounds: int) -> None:
    if rounds <= 2:
        pytest.skip("a thousand take two minutes: --faults 3")
    figures = summary({seed: outcome(centre, seed) for seed in range(1000)}, 0.0)
    print(figures)

    assert figures["wrong_merges"] == 0
    assert isinstance(figures["missed_of_devices"], float)
    assert figures["missed_of_devices"] < 0.015


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**40), size=st.integers(1, 4), length=st.integers(1, 5))
def test_no_record_comes_to_hold_two_devices_in_any_small_history(
    centre: Engine, seed: int, size: int, length: int
) -> None:
    with forgetting(centre) as connection:
        assert live(connection, seed, size=size, length=length).wrong == ()
