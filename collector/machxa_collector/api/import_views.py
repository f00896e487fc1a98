"""Take files in for whoever asks, and show what becomes of them: what the API and the pages read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from machxa_collector.api.answers import iso
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.api.registry_views import kind_named
from machxa_collector.importing import applying, previewing
from machxa_collector.importing.reading import Chosen, Person
from machxa_collector.importing.running import Running
from machxa_collector.registry.people import Reach
from machxa_collector.registry.records import KINDS, Told
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store import imports
from machxa_collector.store.imports import Import
from machxa_collector.store.registry import LiveRegistry

MOST_LISTED = 30
_CUT_OFF = Told(
    vi="việc nhập bị ngắt giữa chừng, không dòng nào được ghi: hãy nhập lại",
    en="it was cut off midway and no row was written: begin again",
)
_COUNTS = ("rows", "new", "changed", "same", "bad")


class InTheWay(Exception):
    """Say that a file is not in a state in which this can be done."""


def person_of(live: LiveRegistry, asker: Asker) -> Person:
    """Return who takes a file in, and where they may change something."""
    units = live.current().units
    return Person(
        name=asker.principal.name,
        now_ms=asker.now_ms,
        origin=asker.origin,
        covers=lambda place: asker.covers(units, place),
    )


def upload(
    live: LiveRegistry,
    running: Running,
    asker: Asker,
    kind_name: str,
    content: bytes,
    *,
    mapping: str | None = None,
    sheet: str | None = None,
) -> View:
    """Keep a file and return its preview; raises BadFile, NotThere (kind or mapping), Forbidden, Busy."""
    kind = kind_named(kind_name)
    if not asker.may_write(kind):
        raise Forbidden(f"{asker.principal.name} may not change {kind.name}")
    chosen = Chosen(name=mapping or None, sheet=sheet or None)
    try:
        with running.reading():
            made = previewing.take_in(live, person_of(live, asker), kind, content, chosen)
    except KeyError as exc:
        raise NotThere("no mapping is kept under this name") from exc
    return import_view(live, running, made)


def import_list(live: LiveRegistry, running: Running, asker: Asker, kind_name: str = "") -> View:
    """Return the newest files, of one kind or of all (""); one's own, unless one is responsible for the nation."""
    actor = None if _sees_all(asker) else asker.principal.name
    found = imports.newest(live.store, kind_name or None, actor, MOST_LISTED)
    short = [{**import_view(live, running, one), "problems": [], "assumed": [], "sample": []} for one in found]
    names = imports.mapping_names(live.store, kind_name) if kind_name else ()
    return {"imports": short, "mappings": list(names)}


def import_detail(live: LiveRegistry, running: Running, asker: Asker, import_id: str) -> View:
    """Return a file with its preview, how far it is, or what came of it; raises NotThere."""
    return import_view(live, running, seen_import(live, asker, import_id))


def remap(
    live: LiveRegistry,
    running: Running,
    asker: Asker,
    import_id: str,
    columns: Mapping[str, str | None],
    *,
    save_as: str = "",
    sheet: str = "",
) -> View:
    """Fill fields from other columns, and keep that under a name unless it is empty; raises as upload, InTheWay."""
    kept = _waiting(live, running, asker, import_id)
    _check_columns(kept, columns)
    try:
        with running.reading():
            after = previewing.remap(live, person_of(live, asker), kept, columns, sheet or None)
    except LookupError as exc:
        raise NotThere("no such import") from exc
    if save_as.strip():
        previewing.keep_as(live, after, save_as.strip())
    return import_view(live, running, after)


def start(live: LiveRegistry, running: Running, asker: Asker, import_id: str, *, good_only: bool) -> View:
    """Begin to take the rows in; return at once. Raises NotThere, Forbidden, InTheWay, Busy."""
    kept = _waiting(live, running, asker, import_id)
    person = person_of(live, asker)
    if not running.claim(import_id, int(str(kept.report["rows"]))):
        raise InTheWay("this file is being taken in")
    if not imports.begin(live.store, import_id):
        running.release(import_id)
        raise InTheWay("this file was taken in")

    def work() -> None:
        progress = partial(running.tell, import_id)
        applying.take(live, person, kept, good_only=good_only, progress=progress)

    running.start(import_id, work)
    return import_view(live, running, replace(kept, state=imports.RUNNING))


def drop(live: LiveRegistry, running: Running, asker: Asker, import_id: str) -> None:
    """Forget a file that is not being taken in; what it wrote stays. Raises NotThere, InTheWay."""
    seen_import(live, asker, import_id)
    if running.progress(import_id) is not None:
        raise InTheWay("this file is being taken in")
    imports.remove(live.store, import_id)


def seen_import(live: LiveRegistry, asker: Asker, import_id: str) -> Import:
    """Return a file that who asks may see; raises NotThere."""
    kept = imports.one(live.store, import_id)
    if kept is None or (kept.actor != asker.principal.name and not _sees_all(asker)):
        raise NotThere("no such import")
    return kept


def import_view(live: LiveRegistry, running: Running, kept: Import) -> View:
    """Return a file in the shape of the API."""
    progress = running.progress(kept.id)
    if kept.state == imports.RUNNING and progress is None:  # it may have ended since it was read
        kept = imports.one(live.store, kept.id) or kept
    report, state = kept.report, kept.state
    detail = report.get("detail") if state == imports.FAILED else None
    if state == imports.RUNNING and progress is None:
        state, detail = imports.FAILED, {"vi": _CUT_OFF.vi, "en": _CUT_OFF.en}
    told: Mapping[str, object] = detail if isinstance(detail, dict) else {}
    return {
        "id": kept.id,
        "kind": kept.kind,
        "state": state,
        "at": iso(kept.at_ms),
        "actor": kept.actor,
        "form": kept.form,
        "sheet": report["sheet"],
        "sheets": report["sheets"],
        "heading_row": report["heading_row"],
        "columns": report["columns"],
        "mapping": kept.chosen["name"],
        **{name: report[name] for name in _COUNTS},
        "missing": report["missing"],
        "problems": report["problems"],
        "assumed": report["assumed"],
        "sample": report["sample"],
        "before": _before(report["before"]),
        "progress": None if progress is None else {"done": progress[0], "total": progress[1]},
        "batch": kept.batch,
        "detail": told.get("vi"),
        "detail_en": told.get("en"),
        "kept_until": iso(kept.at_ms + imports.KEPT_MS),
    }


def _waiting(live: LiveRegistry, running: Running, asker: Asker, import_id: str) -> Import:
    """Return a file that may be changed or taken in now."""
    kept = seen_import(live, asker, import_id)
    if not asker.may_write(KINDS[kept.kind]):
        raise Forbidden(f"{asker.principal.name} may not change {kept.kind}")
    if kept.state == imports.DONE or running.progress(import_id) is not None:
        raise InTheWay("this file is being taken in, or was")
    return kept


def _check_columns(kept: Import, columns: Mapping[str, str | None]) -> None:
    fields = {"id", *(field.name for field in KINDS[kept.kind].fields)}
    for field in columns.values():
        if field is not None and field not in fields:
            raise BadFile(f"không có trường {field[:60]!r}", f"{kept.kind} have no field {field[:60]!r}")


def _before(told: object) -> View | None:
    if not isinstance(told, dict):
        return None
    return {"batch": told["batch"], "at": iso(told["at_ms"]), "actor": told["actor"]}


def _sees_all(asker: Asker) -> bool:
    return asker.principal.scope.reach is Reach.NATION
