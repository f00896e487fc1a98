"""Die at a named point, so that the worst moments can be tested: random kills miss them.

``MACHXA_CRASH=after_commit_before_ack`` ends the process with SIGKILL the moment it gets there.
"""

from __future__ import annotations

import os
import signal

_WANTED = os.environ.get("MACHXA_CRASH", "")

POINTS = (
    "before_commit",
    "after_commit_before_ack",
    "after_ack_before_puback",
    "in_compaction_before_commit",
    "in_import_before_commit",
    "after_send_before_mark",
)


def reached(point: str, *, at_stake: bool = True) -> None:
    """End the process at once when the environment names this point and something is at stake."""
    if point == _WANTED and at_stake:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
