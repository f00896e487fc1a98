"""Take a file in and say what would become of it: which column fills what, how many rows do what, and why not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from machxa_collector.importing.reading import Chosen, Opened, Person, opened
from machxa_collector.registry.records import KINDS, RecordKind, Told
from machxa_collector.registry.sheets import Column, Outcome, Problem, Row, Tally, find_layout, tally
from machxa_collector.registry.sheets.layout import sample_text
from machxa_collector.registry.units.fold import words
from machxa_collector.sheets.table import open_table
from machxa_collector.store import imports
from machxa_collector.store.imports import Import
from machxa_collector.store.record_acts import Batch
from machxa_collector.store.registry import LiveRegistry

Report = dict[str, object]  # plain JSON

_MOST_NAME = 100


def take_in(live: LiveRegistry, person: Person, kind: RecordKind, content: bytes, chosen: Chosen) -> Import:
    """Keep a file for a week and return its preview; raises BadFile, and KeyError for a mapping that is not kept."""
    chosen = _fitting(live, kind, content, replace(chosen, columns=kept_columns(live, kind, chosen)))
    sha256 = sha256_of(content)
    form, report = preview(live, person, kind, content, chosen, sha256)
    made = Import(
        id=str(uuid.uuid4()),
        kind=kind.name,
        actor=person.name,
        at_ms=person.now_ms,
        state=imports.PREVIEWED,
        form=form,
        file_sha256=sha256,
        chosen=chosen_json(chosen),
        report=report,
        batch=None,
    )
    imports.add(live.store, made, content)
    imports.prune(live.store, person.now_ms)
    return made


def remap(
    live: LiveRegistry, person: Person, kept: Import, columns: Mapping[str, str | None], sheet: str | None
) -> Import:
    """Fill fields from other columns, or read another sheet; return the new preview. Raises BadFile.

    Raises LookupError when the file is gone.
    """
    content = imports.content_of(live.store, kept.id)
    if content is None:
        raise LookupError(kept.id)
    kind, before = KINDS[kept.kind], chosen_of(kept)
    chosen = replace(before, columns={**before.columns, **columns}, sheet=sheet or before.sheet)
    _, report = preview(live, person, kind, content, chosen, kept.file_sha256)
    after = replace(kept, state=imports.PREVIEWED, chosen=chosen_json(chosen), report=report)
    with live.store.begin() as connection:
        imports.keep(connection, after)
    return after


def kept_columns(live: LiveRegistry, kind: RecordKind, chosen: Chosen) -> Mapping[str, str | None]:
    """Return the columns of the kept mapping that was chosen; raises KeyError when there is none of its name."""
    if chosen.name is None:
        return chosen.columns
    saved = imports.mapping(live.store, kind.name, chosen.name)
    if saved is None:
        raise KeyError(chosen.name)
    return saved


def sha256_of(content: bytes) -> str:
    """Return by what the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def keep_as(live: LiveRegistry, kept: Import, name: str) -> None:
    """Keep which heading of a file fills which field, under a name."""
    columns = kept.report["columns"]
    said = {one["heading"]: one["field"] for one in columns}  # type: ignore[attr-defined] # a report is plain JSON
    imports.keep_mapping(live.store, kept.kind, name[:_MOST_NAME], said)


def preview(
    live: LiveRegistry,
    person: Person,
    kind: RecordKind,
    content: bytes,
    chosen: Chosen,
    sha256: str,
    told: Callable[[int], None] | None = None,
) -> tuple[str, Report]:
    """Return a file's form and what would become of it; nothing is kept. Raises BadFile."""
    before = imports.taken_in_before(live.store, kind.name, sha256)
    with opened(live, person, kind, content, chosen, again=before is not None) as file:
        counted = tally(file.rows, file.judge, file.layout.heading_row, told)
        return file.table.form.value, report_of(file, counted, before)


def report_of(file: Opened, counted: Tally, before: Batch | None) -> Report:
    """Return a tally as plain JSON."""
    return {
        "rows": counted.rows,
        "new": counted.counts[Outcome.NEW],
        "changed": counted.counts[Outcome.CHANGED],
        "same": counted.counts[Outcome.SAME],
        "bad": counted.counts[Outcome.BAD],
        "left_out": counted.counts[Outcome.LEFT_OUT],
        "columns": [{"heading": one.heading, "field": one.field} for one in file.layout.columns],
        "heading_row": file.layout.heading_row,
        "sheet": file.table.sheet,
        "sheets": list(file.table.sheets),
        "missing": list(counted.missing),
        "problems": list(map(_remark, counted.problems)),
        "assumed": list(map(_remark, counted.assumed)),
        "sample": [[_shown(row, column) for column in file.layout.columns] for row in counted.sample],
        "before": None if before is None else {"batch": before.id, "at_ms": before.at_ms, "actor": before.actor},
        "detail": None,
    }


def chosen_json(chosen: Chosen) -> dict[str, object]:
    """Return a choice as plain JSON."""
    return {"name": chosen.name, "sheet": chosen.sheet, "columns": dict(chosen.columns)}


def chosen_of(kept: Import) -> Chosen:
    """Return what a person chose for a file."""
    said = kept.chosen
    return Chosen(name=said["name"], sheet=said["sheet"], columns=said["columns"])  # type: ignore[arg-type] # chosen_json wrote it


def with_detail(report: Mapping[str, object], told: Told) -> Report:
    """Return a report that says why nothing was taken in."""
    return {**report, "detail": {"vi": told.vi, "en": told.en}}


def _fitting(live: LiveRegistry, kind: RecordKind, content: bytes, chosen: Chosen) -> Chosen:
    """Return a choice with the kept mapping of exactly this file's headings, where nobody chose any."""
    if chosen.name is not None or chosen.columns:
        return chosen
    kept = imports.every_mapping(live.store, kind.name)
    if not kept:
        return chosen
    with open_table(content, kind, chosen.sheet) as table:
        headings = {words(one.heading) for one in find_layout(kind, table.first).columns}
    for name, columns in kept.items():
        if headings and headings == set(map(words, columns)):
            return replace(chosen, name=name, columns=columns)
    return chosen


def _remark(problem: Problem) -> dict[str, object]:
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "vi": problem.told.vi,
        "en": problem.told.en,
    }


def _shown(row: Row, column: Column) -> str:
    return sample_text(row.cells[column.place]) if column.place < len(row.cells) else ""
