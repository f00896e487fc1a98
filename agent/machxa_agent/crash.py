"""Die on purpose at a named point: for the proof tests alone, since random kills miss the worst moments.

``MACHXA_CRASH=agent_after_tick_commit`` ends the process the moment it gets there; it is read once, at start.
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
    "agent_config_applied",
)
_WANTED = os.environ.get("MACHXA_CRASH", "")


def reached(point: str) -> None:
    """End the process at once, without any clean-up, when the environment names this point."""
    if point == _WANTED:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
