"""Start threads: the agent's one place that does."""

from __future__ import annotations

import threading
from typing import Callable

Spawn = Callable[[Callable[[], None], str], None]


def start(work: Callable[[], None], name: str) -> None:
    """Run work in a thread that does not keep the process alive."""
    threading.Thread(target=work, name=name, daemon=True).start()
