"""Measure an import of many assets as XLSX and as CSV: ``machxa bench import [--rows N] [--json]``."""

from __future__ import annotations

import argparse
import gc
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from machxa_collector.importing import applying, previewing
from machxa_collector.importing.console import Bar
from machxa_collector.importing.measuring import Peak, cpu_seconds
from machxa_collector.importing.reading import Chosen, Person
from machxa_collector.registry.records import KINDS, Record
from machxa_collector.registry.sheets.showing import cells_of, headings, texts_of
from machxa_collector.registry.units import Kind, bundled_units
from machxa_collector.sheets.forms import FileForm
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx
from machxa_collector.store import imports
from machxa_collector.store.engine import open_store
from machxa_collector.store.records_read import count
from machxa_collector.store.registry import LiveRegistry

_ASSETS = KINDS["assets"]
_FIRST_DAY = date(2018, 1, 1)
_NOW_MS = 1_795_566_600_000
_AT = datetime(2026, 11, 25)  # noqa: DTZ001 - a workbook's times have no zone
_MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold one import: seconds of its parts, growth of this process beyond its size before, the child's largest.

    cpu_seconds are those of preview and apply together, the child's included.
    """

    form: str
    rows: int
    file_mb: float
    preview_seconds: float
    apply_seconds: float
    again_seconds: float
    cpu_seconds: float
    growth_mb: float
    child_mb: float
    stored: int
    stored_after_a_broken_row: int
    progress_told: int


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit status, 1 when a broken row left something behind or a row is missing."""
    parser = argparse.ArgumentParser(prog="machxa bench import", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON alone")
    options = parser.parse_args(arguments)
    measured = [_measured(form, options.rows) for form in (FileForm.XLSX, FileForm.CSV)]
    if options.json:
        print(json.dumps([asdict(one) for one in measured], indent=1))  # noqa: T201 - a bench prints its figures
    else:
        for one in measured:
            print("  ".join(f"{name}={value}" for name, value in asdict(one).items()))  # noqa: T201 - likewise
    return int(any(one.stored != one.rows or one.stored_after_a_broken_row for one in measured))


def _measured(form: FileForm, rows: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        content, broken = _file(form, rows, None), _file(form, rows, rows)
        live = LiveRegistry(open_store(Path(folder) / "machxa.db"))
        person = Person(name="bench", now_ms=_NOW_MS)
        live.current()
        told: list[int] = []
        bar = Bar(sys.stderr)

        def progress(done: int, total: int) -> None:
            told.append(done)
            bar.tell(done, total)

        refused = applying.take(
            live, person, _begun(live, person, broken), good_only=False, progress=lambda _done, _total: None
        )
        left = count(live.store, _ASSETS)
        if refused.state != imports.FAILED:
            raise RuntimeError(f"a broken row was taken in: {refused.state}")
        del broken
        gc.collect()
        cpu = cpu_seconds()
        with Peak() as peak:
            preview_seconds, kept = _timed(lambda: _begun(live, person, content))
            apply_seconds, _ = _timed(lambda: applying.take(live, person, kept, good_only=False, progress=progress))
        cpu = cpu_seconds() - cpu
        bar.end()
        again_seconds, _ = _timed(lambda: _begun(live, person, content))
        stored = count(live.store, _ASSETS)
        live.store.dispose()
    return Measured(
        form=form.value,
        rows=rows,
        file_mb=round(len(content) / _MB, 1),
        preview_seconds=round(preview_seconds, 1),
        apply_seconds=round(apply_seconds, 1),
        again_seconds=round(again_seconds, 1),
        cpu_seconds=round(cpu, 1),
        growth_mb=round(peak.growth_bytes / _MB, 1),
        child_mb=round(peak.child_bytes / _MB, 1),
        stored=stored,
        stored_after_a_broken_row=left,
        progress_told=len(told),
    )


def _begun(live: LiveRegistry, person: Person, content: bytes) -> imports.Import:
    kept = previewing.take_in(live, person, _ASSETS, content, Chosen())
    imports.begin(live.store, kept.id)
    return kept


def _timed(work: Callable[[], imports.Import]) -> tuple[float, imports.Import]:
    began = time.monotonic()
    answer = work()
    return time.monotonic() - began, answer


def _file(form: FileForm, rows: int, broken: int | None) -> bytes:
    """Return a file of assets as a province's would be; the row of this number names no unit there is."""
    fields = [_ASSETS.field(name) for name in next(_assets(1, None))]
    columns = headings(fields, with_id=True)
    if form is FileForm.CSV:
        titles = [one.text for one in columns]
        return b"".join(write_csv(titles, (texts_of(fields, one, "") for one in _assets(rows, broken))))
    out = io.BytesIO()
    page = Page(name="A", headings=columns, rows=(cells_of(fields, one, "") for one in _assets(rows, broken)))
    write_xlsx(out, [page], Stamp(title="bench", author="bench", at=_AT))
    return out.getvalue()


def _assets(rows: int, broken: int | None) -> Iterator[Record]:
    codes = [unit.code for unit in bundled_units() if unit.kind is Kind.COMMUNE]
    kinds = ("computer", "printer", "scanner", "monitor", "ups", "router")
    vendors = ("Dell", "HP", "Canon", "Brother", "Lenovo", "Samsung", "APC")
    for number in range(1, rows + 1):
        kind, vendor = kinds[number % len(kinds)], vendors[number % len(vendors)]
        yield {
            "code": f"TS-{number:06}",
            "unit": "99999" if number == broken else codes[number * 7919 % len(codes)],
            "kind": kind,
            "name": f"Thiết bị {kind} số {number}",
            "vendor": vendor,
            "model": f"{vendor} {number % 83}",
            "serial": f"{vendor[:2].upper()}{number * 104_729 % 10**9:09}",
            "status": ("in_use", "spare", "broken")[number % 3],
            "location": f"Phòng {number % 12}",
            "tags": ("in phôi giấy chứng nhận",) if number % 50 == 0 else (),
            "acquired_on": _FIRST_DAY + timedelta(days=number % 3000),
            "cost_vnd": 1_000_000 + number % 40 * 500_000,
            "note": None if number % 4 else "kiểm kê tháng 6",
        }
