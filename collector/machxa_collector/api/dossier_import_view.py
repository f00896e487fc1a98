"""An import of dossiers in the shape of the API."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import View
from machxa_collector.store.dossiers import imports
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.words import State, day

_LISTS = ("columns", "missing", "problems", "sample", "sheets", "unknown_units", "guessed", "unknown_statuses")
_COUNTS = ("rows", "new", "replaced", "same", "older", "bad", "left_out", "heading_row")


def import_view(deps: Deps, one: DossierImport, *, whole: bool = True) -> View:
    """Return an import as plain JSON; without whole, its lists are empty."""
    progress = deps.imports.progress(one.id)
    if whole and progress is None and one.state is State.PREVIEWED:  # it may have ended since it was read
        one = imports.one(deps.store, one.id) or one
    report = one.report
    before = report.get("before")
    lists: dict[str, Sequence[object] | object] = {name: report.get(name) or [] for name in _LISTS} if whole else {}
    return {
        "id": one.id,
        "source": one.source,
        "kind": one.kind.value,
        "state": "running" if progress is not None else one.state.value,
        "way": one.way.value,
        "at": iso(one.at),
        "actor": one.actor,
        "as_of": iso(one.as_of),
        "first_day": None if one.first_day is None else day(one.first_day).isoformat(),
        "last_day": None if one.last_day is None else day(one.last_day).isoformat(),
        "form": one.form,
        "file_name": one.file_name,
        "file_sha256": one.file_sha256,
        "mapping": one.mapping,
        "mapping_version": one.mapping_version,
        "sheet": report.get("sheet"),
        **dict.fromkeys(_COUNTS, 0),
        **{name: report[name] for name in _COUNTS if name in report},
        **{name: [] for name in _LISTS},
        **lists,
        "groups": (report.get("groups") or {}) if whole else {},
        "before": before.get("id") if isinstance(before, dict) else None,
        "progress": None if progress is None else {"done": progress[0], "total": progress[1]},
        "detail": report.get("detail"),
        "undone_at": iso(one.undone_at),
        "undone_by": one.undone_by,
    }
