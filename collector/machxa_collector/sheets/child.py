"""Read a workbook in a process of its own, with bounds on memory and time.

A file of a few kilobytes can name a cell in row 1,048,576, and the library keeps every cell between: it ends its
process when memory does. Here that costs one import and not the collector. In come the length and the file; out go
JSON lines: the sheets with their first rows; then, once a sheet's number came in, its rows, and at last "end".
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import math
import sys
from collections.abc import Iterator

import python_calamine as calamine

MOST_BYTES = 1024 * 1024 * 1024
MOST_SECONDS = 60
MOST_SHEETS = 20
FIRST_ROWS = 30
LENGTH_BYTES = 8
MOST_COLUMNS = 200  # as registry.sheets takes; a constant of its own, since this process is to start fast

_Cells = list[str | int | float | bool | dt.time | dt.date | dt.datetime | dt.timedelta]


def main() -> int:
    """Read one workbook; return the exit status, 0 also for one that is refused in words."""
    _bound()
    length = int.from_bytes(sys.stdin.buffer.read(LENGTH_BYTES), "big")
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read(length))) as workbook:
            numbers = _readable(workbook)
            if len(numbers) == 1:  # as most are: read once
                only = workbook.get_sheet_by_index(numbers[0])
                _say([_peek(only)])
                sys.stdin.buffer.readline()
            else:
                _say([_peek(workbook.get_sheet_by_index(one)) for one in numbers])
                only = workbook.get_sheet_by_index(numbers[int(sys.stdin.buffer.readline())])
            for row in _rows(only):
                if len(row) > MOST_COLUMNS + 1:
                    _say({"refused": "wide", "width": len(row) - 1})
                    return 0
                _write(row)
            _say("end")
    except calamine.PasswordError:
        _say({"refused": "encrypted"})
    except (calamine.CalamineError, ValueError, OSError):
        _say({"refused": "broken"})
    except MemoryError:
        _say({"refused": "heavy"})
    return 0


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where time alone is bounded, by the parent
    except ModuleNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _readable(workbook: calamine.CalamineWorkbook) -> list[int]:
    """Return the numbers of the sheets of cells that are shown, or of all sheets of cells when none is."""
    tables = [
        (number, sheet.visible == calamine.SheetVisibleEnum.Visible)
        for number, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    shown = [number for number, visible in tables if visible]
    return (shown or [number for number, _ in tables])[:MOST_SHEETS]


def _peek(sheet: calamine.CalamineSheet) -> dict[str, object]:
    first = [row[: MOST_COLUMNS + 1] for row in itertools.islice(_rows(sheet), FIRST_ROWS)]
    return {"name": sheet.name, "first": first}


def _rows(sheet: calamine.CalamineSheet) -> Iterator[list[object]]:
    """Give the rows on that hold something: the number of the row, then its cells from column A on."""
    if sheet.start is None:
        return
    before: list[object] = [None] * sheet.start[1]
    for row, cells in enumerate(sheet.iter_rows(), 1):
        width = len(cells)
        while width and cells[width - 1] == "":
            width -= 1
        if width:
            yield [row, *before, *map(_plain, cells[:width])]


def _plain(cell: object) -> object:
    """Return a cell as JSON has it; days and times with a letter."""
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, (dt.time, dt.timedelta)):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return None if cell == "" else cell


def _say(line: object) -> None:
    _write(line)
    sys.stdout.buffer.flush()


def _write(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
