"""Tell how the agent is doing, from outside its process: what it wrote down, and what its outbox holds."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Callable, Dict, List

from machxa_agent.lock import Lock
from machxa_agent.outbox import ticks
from machxa_wire.decode import decode
from machxa_wire.refusal import Refused

_FILE = "status.json"
_NOTE_SECONDS = 900.0


class Noted:
    """Write down how the running agent is doing, when that has changed and each quarter of an hour."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._last: Dict[str, object] = {}
        self._at = 0.0

    def note(self, state: Dict[str, object]) -> None:
        """Take how it is doing now."""
        now = self._clock()
        if state != self._last or not 0 <= now - self._at < _NOTE_SECONDS:
            self._last, self._at = state, now
            note(self._folder, {**state, "noted_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))})


def note(folder: Path, state: Dict[str, object]) -> None:
    """Write down how the running agent is doing; not worth a sync, and not worth failing for."""
    path = folder / _FILE
    new = path.with_name(_FILE + ".new")
    try:
        new.write_bytes(json.dumps(state).encode("utf-8"))
        new.replace(path)
    except OSError:
        return


def read(folder: Path) -> Dict[str, object]:
    """Return what is known: whether an agent runs, what it noted last, and its outbox."""
    noted: Dict[str, object] = {}
    try:
        body = json.loads((folder / _FILE).read_bytes().decode("utf-8"))
        noted = body if isinstance(body, dict) else {}
    except (OSError, ValueError):
        pass
    running = is_running(folder)
    if not running:
        noted["link"] = "not running"
    return {"running": running, **noted, "outbox": outbox(folder)}


def is_running(folder: Path) -> bool:
    """Return whether an agent uses this folder now."""
    if not (folder / "agent.lock").exists():
        return False
    lock = Lock(folder / "agent.lock")
    try:
        free = lock.take()
    except OSError:
        return False
    lock.release()
    return not free


def outbox(folder: Path, shown: int = 0) -> Dict[str, object]:
    """Return what the outbox holds, without disturbing the agent that uses it; the next records in short.

    Holds ``error`` alone when there is no outbox or it cannot be read.
    """
    path = folder / "outbox.db"
    if not path.exists():
        return {"error": f"{path} does not exist: nothing was sampled yet"}
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5.0)
        try:
            return _holdings(database, shown, path)
        finally:
            database.close()
    except sqlite3.Error as exc:
        return {"error": f"{path} cannot be read: {exc}"}


def _holdings(database: sqlite3.Connection, shown: int, path: Path) -> Dict[str, object]:
    stream, high, acknowledged, dropped, folded = database.execute(
        "SELECT stream, high, acknowledged, dropped, tick_count FROM state"
    ).fetchone()
    waiting, size, first = database.execute(
        "SELECT count(*), coalesce(sum(length(payload)), 0), min(seq) FROM records WHERE seq > ?", (acknowledged,)
    ).fetchone()
    held: Dict[str, object] = {
        "stream": stream,
        "high": high,
        "acknowledged": acknowledged,
        "waiting_records": waiting,
        "waiting_bytes": size,
        "waiting_readings": ticks.waiting(path, folded),
        "first_waiting": first,
        "dropped_records": dropped,
        "file_bytes": path.stat().st_size,
        "damaged_files": sum(1 for name in os.listdir(str(path.parent)) if name.startswith("outbox.damaged-")),  # noqa: PTH208
    }
    if shown:
        query = "SELECT seq, payload FROM records WHERE seq > ? ORDER BY seq LIMIT ?"
        held["next"] = [_short(seq, payload) for seq, payload in database.execute(query, (acknowledged, shown))]
    return held


def _short(seq: int, payload: bytes) -> Dict[str, object]:
    try:
        record = decode(payload)
    except Refused as refused:
        return {"seq": seq, "bytes": len(payload), "kind": str(refused)}
    return {"seq": seq, "bytes": len(payload), "kind": type(record).__name__.lower(), "time": record.stamp.time}


def as_text(body: Dict[str, object]) -> str:
    """Return a status as lines for people."""
    lines: List[str] = []
    for name, value in body.items():
        if isinstance(value, dict):
            lines += [f"{name}:", *("  " + line for line in as_text(value).splitlines())]
        elif isinstance(value, list):
            lines += [f"{name}:", *(f"  {one}" for one in value)]
        else:
            lines.append(f"{name.replace('_', ' ')}: {'-' if value is None else value}")
    return "\n".join(lines)
