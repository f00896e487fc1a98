"""Measure an import of many dossiers, and that a broken file leaves nothing: ``machxa bench dossiers [--rows N]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from machxa_collector.importing.console import Bar
from machxa_collector.importing.dossiers.given import Centre, File, How, Taken, named_mapping
from machxa_collector.importing.dossiers.taking import take
from machxa_collector.importing.dossiers.undoing import take_back_import
from machxa_collector.importing.measuring import Peak, cpu_seconds
from machxa_collector.importing.reading import Person
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.sealing import Keyring
from machxa_collector.registry.units import Kind, bundled_units
from machxa_collector.store.dossiers import sources
from machxa_collector.store.dossiers.merging import count_rows
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import State, Way
from machxa_collector.store.engine import open_store
from machxa_collector.store.registry import LiveRegistry

_NOW_MS = 1_795_566_600_000
_FIRST = datetime(2025, 11, 24, 7, 30)  # noqa: DTZ001 - written as a dossier system does, in its own time
_HEADING = (
    "dossierNo,govAgencyCode,domainCode,receiveDate,dueDate,extendDate,releaseDate,finishDate,online,dossierStatus\n"
)
_FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội")
_MB = 1_000_000
_DAYS, _MINUTES = 250, 540


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what was measured; growth: of this process beyond its size before, peak: its size at the height."""

    rows: int
    file_mb: float
    import_seconds: float
    cpu_seconds: float
    growth_mb: float
    peak_mb: float
    progress_told: int
    stored: int
    same_file_seconds: float
    changed_file_seconds: float
    changed_rows: int
    undo_seconds: float
    left_by_a_broken_row: int
    broken_row: int
    broken_seconds: float


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit status, 1 when a broken row left something behind or a row is missing."""
    parser = argparse.ArgumentParser(prog="machxa bench dossiers", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON alone")
    options = parser.parse_args(arguments)
    measured = _measured(options.rows)
    if options.json:
        print(json.dumps(asdict(measured), indent=1))  # noqa: T201 - a bench prints its figures
    else:
        print("\n".join(f"{name}={value}" for name, value in asdict(measured).items()))  # noqa: T201 - likewise
    return int(measured.stored != measured.rows or measured.left_by_a_broken_row != 0)


def _measured(rows: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        good, changed, broken = (Path(folder) / f"{name}.csv" for name in ("good", "changed", "broken"))
        broken_row = rows * 9 // 10
        _write(good, rows)
        _write(changed, rows, changed_from=rows - rows // 10)
        _write(broken, rows, broken_row=broken_row)
        centre, source = _centre(Path(folder))
        store = centre.live.store
        broken_seconds, refused = _timed(lambda: _take(centre, source, broken))
        left = count_rows(store)
        if refused.one.state is not State.FAILED:
            raise RuntimeError(f"a broken row was taken in: {refused.one.state}")
        told: list[int] = []
        bar = Bar(sys.stderr)

        def progress(done: int, total: int) -> None:
            told.append(done)
            bar.tell(done, total)

        cpu = cpu_seconds()
        with Peak() as peak:
            seconds, _ = _timed(lambda: _take(centre, source, good, How(progress=progress, total=rows)))
        cpu = cpu_seconds() - cpu
        bar.end()
        stored = count_rows(store)
        same_seconds, again = _timed(lambda: _take(centre, source, good))
        changed_seconds, newer = _timed(lambda: _take(centre, source, changed))
        if again.before is None or count_rows(store) != rows:
            raise RuntimeError("the same file was taken in twice")
        began = time.monotonic()
        take_back_import(centre, _PERSON, newer.one)
        undo_seconds = time.monotonic() - began
        file_bytes = good.stat().st_size
        store.dispose()
    return Measured(
        rows=rows,
        file_mb=round(file_bytes / _MB, 1),
        import_seconds=round(seconds, 1),
        cpu_seconds=round(cpu, 1),
        growth_mb=round(peak.growth_bytes / _MB, 1),
        peak_mb=round(peak.most_bytes / _MB, 1),
        progress_told=len(told),
        stored=stored,
        same_file_seconds=round(same_seconds, 1),
        changed_file_seconds=round(changed_seconds, 1),
        changed_rows=int(str(newer.one.report["replaced"])),
        undo_seconds=round(undo_seconds, 1),
        left_by_a_broken_row=left,
        broken_row=broken_row,
        broken_seconds=round(broken_seconds, 1),
    )


_PERSON = Person(name="bench", now_ms=_NOW_MS)


def _centre(folder: Path) -> tuple[Centre, Source]:
    live = LiveRegistry(open_store(folder / "machxa.db"))
    live.current()
    act = Entry(at=_NOW_MS, actor="bench", origin="", action="dossiers.source")
    with live.store.begin() as connection:
        source = sources.add(connection, ("tinh", "Một cửa tỉnh"), None, {}, act)
    return Centre(live=live, seals=Keyring((bytes(32),))), source


def _take(centre: Centre, source: Source, path: Path, how: How | None = None) -> Taken:
    file = File(content=path, name=path.name, way=Way.COMMAND)
    return take(centre, _PERSON, source, named_mapping(centre, "opencps-v2"), file, how or How())


def _timed(work: Callable[[], Taken]) -> tuple[float, Taken]:
    began = time.monotonic()
    answer = work()
    return time.monotonic() - began, answer


def _write(path: Path, rows: int, *, broken_row: int | None = None, changed_from: int | None = None) -> None:
    """Write a province's dossiers of a year; the row of broken_row has no day, those of changed_from on are done."""
    codes = [unit.code for unit in bundled_units() if unit.kind is Kind.COMMUNE][:125]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADING)
        for number in range(1, rows + 1):
            place = number * 7919 % rows  # exports are not sorted by number
            received = _FIRST + timedelta(days=place * _DAYS // rows, minutes=place * 31 % _MINUTES)
            due = received + timedelta(days=3 + place % 12)
            released = received + timedelta(days=place % 15, minutes=place * 17 % 300)
            is_open = place % 10 == 0 and not (changed_from is not None and number >= changed_from)
            day = "31/02/2026 08:00:00" if number == broken_row else f"{received:%d/%m/%Y %H:%M:%S}"
            ended = "" if is_open else f"{released:%d/%m/%Y %H:%M:%S}"
            status = "processing" if is_open else "done"
            number_of = f"000.00.{place % 125:02}.H61-{received:%y%m%d}-{place:07}"
            file.write(
                f"{number_of},{codes[place % 125]},{_FIELDS[place % 5]},{day},"
                f"{due:%d/%m/%Y %H:%M:%S},,{ended},{ended},{'true' if place % 5 < 3 else 'false'},{status}\n"  # noqa: PLR2004
            )
