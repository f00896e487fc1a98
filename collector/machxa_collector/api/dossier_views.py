"""Take files of dossiers in for whoever asks, and show sources, imports and their age: what API and pages read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from machxa_collector.api.answers import iso, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.dossier_import_view import import_view
from machxa_collector.api.import_views import InTheWay, person_of
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.api.registry_asker import Asker
from machxa_collector.impact.dossiers import SourceAge
from machxa_collector.importing.dossiers import taking
from machxa_collector.importing.dossiers.asked import read_asked, show_asked
from machxa_collector.importing.dossiers.given import Centre, File, How, Named, Refused, named_mapping
from machxa_collector.importing.dossiers.mapping import BUILT_IN, read_mapping, show_mapping
from machxa_collector.importing.dossiers.undoing import take_back_import
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store.dossiers import imports, mappings, pulls, sources
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.pulls import Pulled
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import State, Way

MOST_LISTED = 50


def centre_of(deps: Deps) -> Centre:
    """Return what taking in needs."""
    return Centre(live=deps.live, seals=deps.seals)


def source_list(deps: Deps, asker: Asker) -> View:
    """Return the sources whose province lies in the territory, with their age."""
    names = {*BUILT_IN, *(one.name for one in mappings.newest(deps.store, deps.live.current().home))}
    return {"sources": source_views(deps, asker), "mappings": sorted(names)}


def source_views(deps: Deps, asker: Asker) -> list[View]:
    """Return the sources that who asks may see."""
    ages = {one.source: one for one in deps.facts.dossiers.ages()}
    went = pulls.all_of(deps.store)
    return [
        _source_view(one, ages[one.id], went.get(one.pk), asker.now_ms)
        for one in sources.all_of(deps.store)
        if one.id in ages and _sees(deps, asker, one)
    ]


def add_source(deps: Deps, asker: Asker, name: tuple[str, str], body: Mapping[str, object], *, hashes: bool) -> View:
    """Keep a new source, of the home province; raises BadSource, NotThere (mapping), InTheWay (the id is taken)."""
    asked = read_asked(body)
    _mapping(deps, asked.mapping)
    if sources.one(deps.store, name[0]) is not None:
        raise InTheWay("a source of this id is there already")
    act = _act(asker, "dossiers.source-add", name[0])
    with deps.store.begin() as connection:
        home, seals = deps.live.current().home, deps.seals if hashes else None
        sources.add(connection, name, home, show_asked(asked), act, seals)
    return next(one for one in source_views(deps, asker) if one["id"] == name[0])


def change_source(deps: Deps, asker: Asker, source_id: str, name: str, body: Mapping[str, object]) -> View:
    """Keep a source's name and settings; raises BadSource, NotThere."""
    found = seen_source(deps, asker, source_id)
    asked = read_asked(body)
    _mapping(deps, asked.mapping)
    with deps.store.begin() as connection:
        after = replace(found, name=name, body=show_asked(asked))
        sources.change(connection, after, _act(asker, "dossiers.source-change", source_id))
    return next(one for one in source_views(deps, asker) if one["id"] == source_id)


def seen_source(deps: Deps, asker: Asker, source_id: str) -> Source:
    """Return a source that who asks may see; raises NotThere."""
    found = sources.one(deps.store, source_id)
    if found is None or not _sees(deps, asker, found):
        raise NotThere("no such source of dossiers")
    return found


def upload(
    deps: Deps, asker: Asker, source_id: str, content: bytes, chosen: tuple[str, str], as_of: datetime | None = None
) -> View:
    """Keep a file and return its preview. chosen: mapping ("" for the source's own) and the file's name.

    Raises NotThere (source or mapping), BadFile, Busy.
    """
    source = seen_source(deps, asker, source_id)
    named = _mapping(deps, chosen[0] or read_asked(source.body).mapping)
    file = File(content=content, name=chosen[1] or "-", way=Way.UPLOAD, as_of=None if as_of is None else ms_of(as_of))
    with deps.imports.reading():
        made = taking.preview(centre_of(deps), person_of(deps.live, asker), source, named, file)
    return import_view(deps, made)


def remap(deps: Deps, asker: Asker, import_id: str, said: Mapping[str, object], save_as: str) -> View:
    """Preview again with parts of the mapping changed, kept under a name if one is given.

    Raises NotThere, InTheWay, BadMapping, BadFile, Busy; Refused for a name by whoever sees some units alone.
    """
    if save_as and not asker.principal.scope.is_wide:
        vi = "bảng ghép dùng chung cho cả tỉnh: chỉ người được xem toàn tỉnh mới lưu được"
        raise Refused(vi, "a mapping is for all units: only those who see the whole province keep one")
    kept, source = _waiting(deps, asker, import_id)
    before = kept.report.get("mapping")
    body = _laid_over(before if isinstance(before, dict) else {}, said)
    mapping = read_mapping(body)
    named = Named(name=save_as or kept.mapping, version=0, mapping=mapping)
    try:
        with deps.imports.reading():
            after = taking.again(centre_of(deps), person_of(deps.live, asker), source, kept, named)
    except LookupError as exc:
        raise NotThere("no such import") from exc
    if save_as:
        place = (deps.live.current().home, save_as)
        act = _act(asker, "dossiers.mapping", save_as)
        with deps.store.begin() as connection:
            version = mappings.add(connection, place, mapping.kind, show_mapping(mapping), act)
            after = replace(after, mapping_version=version)
            imports.keep(connection, after)
    return import_view(deps, after)


def _laid_over(before: Mapping[str, object], said: Mapping[str, object]) -> View:
    """Return a mapping's body with what is said laid over it, name by name."""
    held = dict(before)
    for name, told in said.items():
        kept = held.get(name)
        held[name] = {**kept, **told} if isinstance(kept, dict) and isinstance(told, dict) else told
    return held


def start(deps: Deps, asker: Asker, import_id: str, *, good_only: bool) -> View:
    """Begin to take a file in; return at once. Raises NotThere, InTheWay, Busy."""
    kept, source = _waiting(deps, asker, import_id)
    content = imports.content_of(deps.store, kept.pk)
    if content is None:
        raise NotThere("no such import")
    rows = int(str(kept.report["rows"]))
    if not deps.imports.claim(import_id, rows):
        raise InTheWay("this file is being taken in")
    named = Named(name=kept.mapping, version=kept.mapping_version, mapping=read_mapping(kept.report["mapping"]))
    said = kept.report.get("as_of_said")
    file = File(content=content, name=kept.file_name, way=kept.way, as_of=said if isinstance(said, int) else None)
    person, centre = person_of(deps.live, asker), centre_of(deps)

    def work() -> None:
        how = How(good_only=good_only, progress=partial(deps.imports.tell, import_id), total=rows)
        try:
            taking.take(centre, person, source, named, file, how, kept)
        except BadFile:
            return  # kept as failed, with the reason

    deps.imports.start(import_id, work)
    return import_view(deps, kept)


def undo(deps: Deps, asker: Asker, import_id: str) -> View:
    """Take an import back; raises NotThere, Refused."""
    return import_view(
        deps, take_back_import(centre_of(deps), person_of(deps.live, asker), _seen(deps, asker, import_id))
    )


def drop(deps: Deps, asker: Asker, import_id: str) -> None:
    """Forget a file that was not taken in; raises NotThere, InTheWay."""
    kept, _ = _waiting(deps, asker, import_id)
    with deps.store.begin() as connection:
        imports.remove(connection, kept.pk)


def import_list(deps: Deps, asker: Asker, source_id: str = "") -> View:
    """Return the newest imports, of one source or of all that may be seen."""
    seen = {one.id for one in sources.all_of(deps.store) if _sees(deps, asker, one)}
    found = imports.newest(deps.store, source_id or None, MOST_LISTED)
    mine = [one for one in found if asker.principal.scope.is_wide or one.actor == asker.principal.name]
    return {"imports": [import_view(deps, one, whole=False) for one in mine if one.source in seen]}


def import_detail(deps: Deps, asker: Asker, import_id: str) -> View:
    """Return one import; raises NotThere."""
    return import_view(deps, _seen(deps, asker, import_id))


def errors_of(deps: Deps, asker: Asker, import_id: str) -> bytes:
    """Return the file of errors of a kept file; raises NotThere, BadFile, Busy."""
    kept = _seen(deps, asker, import_id)
    source, content = seen_source(deps, asker, kept.source), imports.content_of(deps.store, kept.pk)
    if content is None:
        raise NotThere("the file is no longer kept")
    named = Named(name=kept.mapping, version=0, mapping=read_mapping(kept.report["mapping"]))
    file = File(content=content, name=kept.file_name, way=kept.way)
    with deps.imports.reading():
        return taking.errors_file(centre_of(deps), person_of(deps.live, asker), source, named, file)


def _source_view(one: Source, age: SourceAge, went: Pulled | None, now_ms: int) -> View:
    asked = show_asked(read_asked(one.body))
    as_of = None if age.as_of is None else ms_of(age.as_of)
    return {
        "id": one.id,
        "name": one.name,
        "province": one.province,
        "hashes": one.hashes,
        **{name: asked[name] for name in ("mapping", "folder", "good_only", "pull")},
        "as_of": iso(as_of),
        "age_seconds": None if as_of is None else max(0, (now_ms - as_of) // 1000),
        "taken_in_at": None if age.taken_in is None else iso(ms_of(age.taken_in)),
        "first_day": None if age.first_day is None else age.first_day.isoformat(),
        "last_day": None if age.last_day is None else age.last_day.isoformat(),
        "tried_at": iso(went.tried_at) if went else None,
        "good_at": iso(went.good_at) if went else None,
        "failures": went.failures if went else 0,
        "failures_total": went.failures_total if went else 0,
        "reason": dict(went.reason) if went and went.reason else None,
    }


def _sees(deps: Deps, asker: Asker, one: Source) -> bool:
    """Return whether a source is one's to see: of one's province, or of the province one's units lie in."""
    units = deps.live.current().units
    scope = asker.principal.scope
    if scope.covers(one.province, None):
        return True
    return one.province is not None and any(
        units.history(code) and units.history(code)[0].parent == one.province for code in scope.codes
    )


def _seen(deps: Deps, asker: Asker, import_id: str) -> DossierImport:
    kept = imports.one(deps.store, import_id)
    if kept is None:
        raise NotThere("no such import")
    if kept.actor != asker.principal.name:
        seen_source(deps, asker, kept.source)
        if not asker.principal.scope.is_wide:
            raise NotThere("no such import")
    return kept


def _waiting(deps: Deps, asker: Asker, import_id: str) -> tuple[DossierImport, Source]:
    kept = _seen(deps, asker, import_id)
    if deps.imports.progress(import_id) is not None:
        raise InTheWay("this file is being taken in")
    if kept.state in (State.DONE, State.UNDONE):
        raise InTheWay("this file was taken in")
    return kept, seen_source(deps, asker, kept.source)


def _mapping(deps: Deps, name: str) -> Named:
    try:
        return named_mapping(centre_of(deps), name)
    except KeyError as exc:
        raise NotThere("no mapping is kept under this name") from exc


def _act(asker: Asker, action: str, subject: str) -> Entry:
    return Entry(at=asker.now_ms, actor=asker.principal.name, origin=asker.origin, action=action, subject=subject)
