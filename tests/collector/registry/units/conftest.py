"""Read the reviewed table once for all tests of this folder."""

from __future__ import annotations

import pytest

from machxa_collector.registry.units import Index, Units, build_index, bundled_units


@pytest.fixture(scope="session")
def units() -> Units:
    return Units(bundled_units())


@pytest.fixture(scope="session")
def index(units: Units) -> Index:
    return build_index(units)
