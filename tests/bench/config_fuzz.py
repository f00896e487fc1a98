"""Try many hostile configuration messages: ``python -m tests.bench.config_fuzz [CASES]``, 100,000 by default."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agent.hostile_config import MESSAGES, offer_all


def main() -> int:
    """Return 0 when nothing crashed and nothing beyond bounds was in force."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    tried = 0

    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(MESSAGES, min_size=1, max_size=1), st.integers(0, 2**32))
    def fuzz(messages: list[bytes], seed: int) -> None:
        nonlocal tried
        tried += len(messages)
        with tempfile.TemporaryDirectory() as folder:
            offer_all(Path(folder), messages, seed)

    began = time.monotonic()
    fuzz()
    print(f"{tried} messages in {time.monotonic() - began:.0f} s: no crash, no value beyond bounds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
