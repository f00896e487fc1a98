"""Say which tests need what, and how often chance is tried."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A busy machine draws slowly and runs slowly; that is no finding.
settings.register_profile("machxa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("machxa")


# The files that take longest, mostly waiting: begun first, so that nobody waits for the last one alone.
LONGEST_FIRST = (
    "test_lan",
    "test_demonstration",
    "test_takeover",
    "test_paths",
    "test_inside_the_agent",
    "test_windows_agent",
    "test_canary",
    "test_no_verb",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; within them and after them the order stays."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(ranks)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--faults N``: how many rounds each random fault test plays; ``--database``: where all stores are."""
    parser.addoption("--faults", type=int, default=2, help="rounds of each random fault test (default 2)")
    parser.addoption(
        "--database", choices=("sqlite", "postgres"), default=None,
        help="where the stores of all tests are that ask for one (default: in SQLite, and those of the store in both)",
    )  # fmt: skip


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Return how many rounds a random fault test plays."""
    chosen: int = request.config.getoption("--faults")
    return chosen
