from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
from sqlalchemy import Engine

from machxa_collector.importing.dossiers.given import Centre, File, How, Named, Taken, named_mapping
from machxa_collector.importing.dossiers.taking import take
from machxa_collector.importing.reading import Person
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import Way, ms_of
from machxa_collector.store.registry import LiveRegistry

NOW_MS = ms_of(datetime(2026, 11, 30, 1, 0, tzinfo=UTC))
SEALS = Keyring((bytes(32),))
HEADING = "dossierNo,govAgencyCode,domainCode,receiveDate,dueDate,releaseDate,online,dossierStatus"
LINE = "H62-{0},29374,Hộ tịch,02/11/2026 09:00:00,04/11/2026 17:00:00,,true,processing"


def centre(store: Engine) -> Centre:
    return Centre(live=LiveRegistry(store), seals=SEALS)


def person(**more: object) -> Person:
    return Person(name="Hoa", now_ms=NOW_MS, **more)  # type: ignore[arg-type] # of the fields there are


def csv(*lines: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *lines)).encode()


def lines(*numbers: int) -> list[str]:
    return [LINE.format(number) for number in numbers]


def given(content: bytes | Path, name: str = "a.csv", as_of: int | None = None) -> File:
    return File(content=content, name=name, way=Way.COMMAND, as_of=as_of)


def taken(
    store: Engine, of: Source, content: bytes | Path, named: str | Named = "opencps-v2", how: How | None = None,
    as_of: int | None = None,
) -> Taken:  # fmt: skip
    here = centre(store)
    chosen = named_mapping(here, named) if isinstance(named, str) else named
    return take(here, person(), of, chosen, given(content, as_of=as_of), how or How())


def xlsx_of(rows: list[list[object]], merged: str = "") -> bytes:
    """Return a workbook as an independent program writes it; merged names cells that are one."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Hồ sơ", 0)
    book.remove(book["Sheet"])
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
