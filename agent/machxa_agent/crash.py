"""Die, or misbehave, on purpose: for the proof tests alone, and only when the environment says so.

``MACHXA_CRASH=agent_after_tick_commit`` ends the process the moment it gets there: random kills miss the worst
moments. ``MACHXA_BROKEN=sync_off`` is one of three deliberate defects; the proof must notice each of them, or
it proves nothing. Both are read once, at start.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "agent_before_tick_commit",
    "agent_after_tick_commit",
    "agent_after_fold_before_mark",
    "agent_after_record_before_mark",
    "agent_after_publish_before_ack",
    "agent_after_ack_before_delete",
    "agent_after_delete",
    "agent_after_quarantine_before_gap",
    "agent_after_bye_before_send",
)
DEFECTS = ("delete_on_puback", "sync_off", "no_mark")

_WANTED = os.environ.get("MACHXA_CRASH", "")
_BROKEN = os.environ.get("MACHXA_BROKEN", "")


def reached(point: str) -> None:
    """End the process at once, without any clean-up, when the environment names this point."""
    if point == _WANTED:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def broken(defect: str) -> bool:
    """Return whether the environment asks for this defect; never in operation."""
    return defect == _BROKEN
