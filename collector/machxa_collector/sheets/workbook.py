"""Have a workbook read by a child process, and take its rows over as they come."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets import Row
from machxa_collector.registry.sheets.rows import too_many_columns
from machxa_collector.sheets import child
from machxa_collector.sheets.forms import broken, encrypted, too_heavy

logger = logging.getLogger(__name__)

_MOST_SECONDS = 300.0  # the child waits while we judge what it gave
_LONGEST_LINE = 64 * 1024 * 1024
_REFUSALS = {"encrypted": encrypted, "broken": broken, "heavy": too_heavy}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one sheet's name and its first filled rows."""

    name: str
    first: tuple[Row, ...]


Choose = Callable[[Sequence[Sheet]], int]


@contextmanager
def opened(content: bytes, choose: Choose) -> Iterator[tuple[tuple[Sheet, ...], int, Iterator[Row]]]:
    """Give the sheets, the number of the one that choose picked, and its rows; raises BadFile, also midway."""
    command = [sys.executable, "-m", "machxa_collector.sheets.child"]
    with subprocess.Popen(  # noqa: S603 - this program with arguments of ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reading:
        late = threading.Timer(_MOST_SECONDS, reading.kill)
        late.daemon = True
        late.start()
        try:
            if reading.stdin is None or reading.stdout is None:
                raise RuntimeError("the child has no pipes")
            _send(reading.stdin, len(content).to_bytes(child.LENGTH_BYTES, "big"), content)
            sheets = _sheets(_line(reading.stdout))
            number = choose(sheets)
            _send(reading.stdin, f"{number}\n".encode())
            yield sheets, number, _rows(reading.stdout)
        finally:
            late.cancel()
            reading.kill()


def _send(pipe: IO[bytes], *parts: bytes) -> None:
    try:
        for part in parts:
            pipe.write(part)
        pipe.flush()
    except OSError as exc:
        raise too_heavy() from exc


def _line(pipe: IO[bytes]) -> object:
    """Return what the child says next; raises BadFile when it refuses, or ended without a word."""
    line = pipe.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        logger.warning("a workbook ended the process that read it")
        raise too_heavy()
    said: object = json.loads(line)
    if isinstance(said, dict):
        why = said["refused"]
        raise too_many_columns(said["width"]) if why == "wide" else _REFUSALS[why]()
    return said


def _sheets(said: object) -> tuple[Sheet, ...]:
    if not isinstance(said, list) or not said:
        raise broken()
    return tuple(Sheet(one["name"], tuple(map(_row, one["first"]))) for one in said)


def _rows(pipe: IO[bytes]) -> Iterator[Row]:
    while (said := _line(pipe)) != "end":
        if not isinstance(said, list):
            raise broken()
        yield _row(said)


def _row(said: list[object]) -> Row:
    number, *cells = said
    return Row(int(str(number)), [_cell(cell) if type(cell) is dict else cell for cell in cells])  # type: ignore[misc] # JSON's own types are cells


def _cell(told: dict[str, str]) -> Cell:
    return datetime.fromisoformat(told["t"]) if "t" in told else date.fromisoformat(told["d"])
