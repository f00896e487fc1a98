"""Preview a file of dossiers, take it in as one act or not at all, and take it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from machxa_collector import crash
from machxa_collector.importing.dossiers.given import (
    BOUNDS,
    Centre,
    ErrorsFile,
    File,
    How,
    Named,
    Progress,
    Taken,
    sha256_of,
)
from machxa_collector.importing.dossiers.judging import Place
from machxa_collector.importing.dossiers.loading import Loaded, loaded
from machxa_collector.importing.dossiers.mapping import show_mapping
from machxa_collector.importing.dossiers.reports import Report, report_of, with_detail
from machxa_collector.importing.reading import Person
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.records import Told
from machxa_collector.registry.sheets import BadFile
from machxa_collector.sheets.table import Bounds
from machxa_collector.store import audit
from machxa_collector.store.dossiers import imports
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.merging import Merged, compare, merge_counts, merge_rows
from machxa_collector.store.dossiers.sources import Hashes, Source
from machxa_collector.store.dossiers.words import Kind, State

_PLAIN = How()
_READING = 0.7  # of the work, as far as progress tells
_PART_BYTES = 1024 * 1024
_LONGEST_NAME = 200


def looked_at(centre: Centre, person: Person, source: Source, named: Named, file: File) -> DossierImport:
    """Return what a file would come to; nothing is kept. Raises BadFile."""
    made = _begun(person, source, named, file)
    with _opened(centre, person, source, named, file) as found:
        return _found(made, found, _compared(centre, source, named.mapping.kind, found, file), named, file)


def preview(centre: Centre, person: Person, source: Source, named: Named, file: File) -> DossierImport:
    """Keep a file for a week and return what it would come to; raises BadFile, and then keeps nothing."""
    made = looked_at(centre, person, source, named, file)
    content = file.content.read_bytes() if isinstance(file.content, Path) else file.content
    with centre.live.store.begin() as connection:
        before = imports.same_file(connection, source.pk, made.kind, made.file_sha256)
        made = replace(made, report={**made.report, "before": _told_before(before)})
        pk = imports.add(connection, made, content)
        imports.prune(connection, person.now_ms)
    return replace(made, pk=pk)


def again(centre: Centre, person: Person, source: Source, kept: DossierImport, named: Named) -> DossierImport:
    """Preview a kept file with another mapping; raises BadFile, LookupError when the file is gone."""
    content = imports.content_of(centre.live.store, kept.pk)
    if content is None:
        raise LookupError(kept.id)
    file = File(content=content, name=kept.file_name, way=kept.way, as_of=_said(kept))
    made = replace(_begun(person, source, named, file), id=kept.id, pk=kept.pk, at=kept.at, actor=kept.actor)
    with _opened(centre, person, source, named, file) as found:
        told = _compared(centre, source, named.mapping.kind, found, file)
        made = _found(made, found, told, named, file)
    with centre.live.store.begin() as connection:
        before = imports.same_file(connection, source.pk, made.kind, made.file_sha256)
        made = replace(made, report={**made.report, "before": _told_before(before)})
        imports.keep(connection, made)
    return made


def take(
    centre: Centre,
    person: Person,
    source: Source,
    named: Named,
    file: File,
    how: How = _PLAIN,
    kept: DossierImport | None = None,
) -> Taken:
    """Take a file in; return what became of it, never half. A file that was taken in before changes nothing.

    kept is its import where it was previewed. Raises BadFile for one that cannot be read.
    """
    made = _begun(person, source, named, file)
    if kept is not None:
        made = replace(made, id=kept.id, pk=kept.pk, report=kept.report)
    with centre.live.store.connect() as connection:
        before = imports.same_file(connection, source.pk, made.kind, made.file_sha256)
    if before is not None and _same_reading(before, named):
        return Taken(one=_nothing(centre, made, before), before=before)
    tell = _stretched(how.progress, how.total)
    try:
        reading = _opened(centre, person, source, named, file, lambda rows: tell(rows, _READING, 0.0), how.bounds)
        with reading as found:
            made = _found(made, found, None, named, file)
            if found.missing or (found.bad and not how.good_only) or not found.good:
                _hand_over(found, how.errors)
                return Taken(one=_failed(centre, made, _unfit(found)))
            if found.bad:
                _hand_over(found, how.errors)
            return Taken(one=_written(centre, person, made, found, lambda rows: tell(rows, 1 - _READING, _READING)))
    except BadFile as exc:
        if made.pk:
            _failed(centre, made, exc.told)
        raise


def errors_file(centre: Centre, person: Person, source: Source, named: Named, file: File) -> bytes:
    """Return what is wrong with a file's rows as CSV: row, column, reason. Raises BadFile."""
    with _opened(centre, person, source, named, file) as found:
        found.errors.seek(0)
        return found.errors.read()


@contextmanager
def _opened(
    centre: Centre,
    person: Person,
    source: Source,
    named: Named,
    file: File,
    told: Callable[[int], None] | None = None,
    most: Bounds = BOUNDS,
) -> Iterator[Loaded]:
    names = centre.live.current().names
    salt = Hashes(centre.live.store, centre.seals).salt(source.id) if source.hashes else None
    if source.hashes and salt is None:
        raise BadFile(
            "không mở được khóa băm số hồ sơ của nguồn này: hãy khôi phục tệp khóa niêm phong",
            "the key that hashes this source's numbers cannot be opened: restore the sealing key file",
        )
    place = Place(units=names.find, covers=person.covers, now_ms=person.now_ms, salt=salt)
    with loaded(file.content, named.mapping, place, told or (lambda _rows: None), most) as found:
        yield found


def _begun(person: Person, source: Source, named: Named, file: File) -> DossierImport:
    name = "".join(sign for sign in file.name if sign.isprintable())[-_LONGEST_NAME:]
    return DossierImport(
        id=str(uuid.uuid4()),
        source=source.id,
        source_pk=source.pk,
        kind=named.mapping.kind,
        state=State.PREVIEWED,
        way=file.way,
        actor=person.name,
        at=person.now_ms,
        as_of=file.as_of,
        first_day=None,
        last_day=None,
        form="",
        file_name=name,
        file_sha256=sha256_of(file.content),
        mapping=named.name,
        mapping_version=named.version,
        report={},
    )


def _found(made: DossierImport, found: Loaded, told: Merged | None, named: Named, file: File) -> DossierImport:
    report = {**report_of(found, told), "mapping": show_mapping(named.mapping), "as_of_said": file.as_of}
    return replace(
        made,
        form=found.form,
        as_of=file.as_of if file.as_of is not None else found.as_of,
        first_day=found.first_day,
        last_day=found.last_day,
        report=report,
    )


def _compared(centre: Centre, source: Source, kind: Kind, found: Loaded, file: File) -> Merged:
    """Return what taking a file in would do, as the store is now."""
    if found.missing:
        return Merged()
    as_of = file.as_of if file.as_of is not None else found.as_of
    with centre.live.store.connect() as connection:
        return compare(connection, kind, source.pk, as_of, found.staging.rows())


def _written(
    centre: Centre, person: Person, made: DossierImport, found: Loaded, told: Callable[[int], None]
) -> DossierImport:
    merge = merge_rows if made.kind is Kind.ROWS else merge_counts
    done, rows = Merged(), 0
    made = replace(made, state=State.DONE)
    with centre.live.store.begin() as connection:
        pk = imports.keep_anew(connection, made)  # a write: from here on nobody else writes dossiers
        made = replace(made, pk=pk)
        for part in merge(connection, made.source_pk, pk, made.as_of, found.staging.rows()):
            done.add(part)
            rows += part.total
            told(rows)
        made = replace(made, report={**_unseen(report_of(found, done)), "mapping": made.report["mapping"]})
        imports.keep(connection, made)
        audit.record(connection, _entry(person, made))
        crash.reached("in_dossiers_before_commit")
    return made


def _entry(person: Person, made: DossierImport) -> Entry:
    detail = {name: made.report[name] for name in ("rows", "new", "replaced", "same")}
    return Entry(
        at=person.now_ms,
        actor=person.name,
        origin=person.origin,
        action="dossiers.import",
        subject=made.id,
        detail={
            "source": made.source,
            "file": made.file_name,
            **{name: int(str(told)) for name, told in detail.items()},
        },
    )


def _nothing(centre: Centre, made: DossierImport, before: DossierImport) -> DossierImport:
    """Return the import of a file that is in already: nothing is written, but what was kept of it is forgotten."""
    if made.pk and made.id != before.id:  # a second start may come when the first is done
        with centre.live.store.begin() as connection:
            imports.remove(connection, made.pk)
    return before


def _failed(centre: Centre, made: DossierImport, told: Told) -> DossierImport:
    failed = replace(made, state=State.FAILED, report=with_detail(_unseen(made.report), told))
    with centre.live.store.begin() as connection:
        if made.pk:
            imports.keep(connection, failed)
        else:
            failed = replace(failed, pk=imports.add(connection, failed))
        imports.prune(connection, made.at)
    return failed


def _unseen(report: Mapping[str, object]) -> Report:
    """Return a report without rows of the file: columns that nobody mapped are in them, and a report stays."""
    return {**report, "sample": []}


def _unfit(found: Loaded) -> Told:
    if found.missing:
        names = ", ".join(found.missing)
        return Told(vi=f"chưa cột nào ghép với: {names}", en=f"no column fills: {names}")
    if not found.rows:
        return Told(vi="tệp không có dòng nào dưới tiêu đề", en="the file has no row below its heading")
    return Told(
        vi=f"{found.bad} trong {found.rows} dòng không dùng được, nên không nhập dòng nào",
        en=f"{found.bad} of {found.rows} rows cannot be used, so none was taken in",
    )


def _hand_over(found: Loaded, errors: ErrorsFile | None) -> None:
    if errors is None or not found.bad:
        return
    found.errors.seek(0)
    while part := found.errors.read(_PART_BYTES):
        errors(part)


def _stretched(progress: Progress | None, total: int) -> Callable[[int, float, float], None]:
    """Return what tells rows of one part of the work as rows of the whole; total grows where it was not known."""

    def tell(rows: int, share: float, before: float) -> None:
        nonlocal total
        total = max(total, rows)
        if progress is not None:
            progress(int(total * before + rows * share), total)

    return tell


def _same_reading(before: DossierImport, named: Named) -> bool:
    return before.report.get("mapping") == show_mapping(named.mapping)


def _said(kept: DossierImport) -> int | None:
    said = kept.report.get("as_of_said")
    return said if isinstance(said, int) else None


def _told_before(before: DossierImport | None) -> Report | None:
    return None if before is None else {"id": before.id, "at_ms": before.at, "actor": before.actor}
