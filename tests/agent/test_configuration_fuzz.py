"""Whatever comes as configuration: no crash, no value beyond bounds. tests/bench/config_fuzz.py tries 100,000."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agent.hostile_config import MESSAGES, offer_all


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MESSAGES, min_size=1, max_size=5), st.integers(0, 2**32))
def test_whatever_comes_nothing_beyond_bounds_is_ever_in_force(
    tmp_path_factory: pytest.TempPathFactory, messages: list[bytes], seed: int
) -> None:
    offer_all(tmp_path_factory.mktemp("fuzz"), messages, seed)
