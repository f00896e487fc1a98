"""Run the agent so that its sampler stands still after some readings, and its watchdog waits seconds, not minutes."""

from __future__ import annotations

import sys
import threading

from machxa_agent import run, watchdog
from machxa_agent.main import main
from machxa_agent.outbox.sqlite import SqliteOutbox
from machxa_agent.outbox.tick import Tick

_READINGS = 3
_kept = SqliteOutbox.add_tick
_count = [0]


def _stand_still(self: SqliteOutbox, stamp: object, samples: object) -> None:
    _count[0] += 1
    if _count[0] > _READINGS:
        threading.Event().wait()
    _kept(self, *Tick(stamp, samples))  # type: ignore[arg-type]  # passed on as they came


if __name__ == "__main__":
    run._STUCK_SECONDS = 2.0
    watchdog.LOOK_SECONDS = watchdog._POKE_AFTER_SECONDS = 0.5
    SqliteOutbox.add_tick = _stand_still  # type: ignore[method-assign]  # a disk that never answers
    sys.exit(main())
