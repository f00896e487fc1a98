"""Keep the files of dossiers on their way in, and what became of each: the history of every figure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, insert, select, update

from machxa_collector.store.dossiers.words import Kind, State, Way
from machxa_collector.store.tables import dossier_files, dossier_imports, dossier_sources

KEPT_MS = 7 * 86_400_000
_MOST_KEPT = 20  # files at once


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierImport:
    """Hold a file that was, or is to be, taken in; report is plain JSON. pk 0: not kept yet.

    as_of: until when (ms since 1970 UTC) its figures know anything. first_day, last_day: whole days since 1970; what
    came on them is in the file entirely, None: on no day is that known. mapping_version 0: the built-in one.
    """

    pk: int = 0
    id: str
    source: str
    source_pk: int
    kind: Kind
    state: State
    way: Way
    actor: str
    at: int
    as_of: int | None
    first_day: int | None
    last_day: int | None
    form: str
    file_name: str
    file_sha256: str
    mapping: str
    mapping_version: int
    report: Mapping[str, object]
    undone_at: int | None = None
    undone_by: str | None = None


def add(connection: Connection, one: DossierImport, content: bytes | None = None) -> int:
    """Keep an import, with its file until it is decided; return its number."""
    made = connection.execute(insert(dossier_imports).values(_columns(one)))
    pk = int(made.inserted_primary_key[0])  # type: ignore[index] # there is one, for an inserted row
    if content is not None:
        connection.execute(insert(dossier_files).values(import_pk=pk, content=content))
    return pk


def keep_anew(connection: Connection, one: DossierImport) -> int:
    """Keep an import under the next number, without its file and its preview; return the number.

    So numbers go by the order in which files came in. IntegrityError: it was taken in before.
    """
    previews = select(dossier_imports.c.pk).where(
        dossier_imports.c.id == one.id, dossier_imports.c.state.in_((State.PREVIEWED.value, State.FAILED.value))
    )
    connection.execute(delete(dossier_files).where(dossier_files.c.import_pk.in_(previews)))
    connection.execute(delete(dossier_imports).where(dossier_imports.c.pk.in_(previews)))
    return add(connection, one)


def keep(connection: Connection, one: DossierImport) -> None:
    """Write what became of an import; its file is forgotten once it is taken in."""
    connection.execute(update(dossier_imports).where(dossier_imports.c.id == one.id).values(_columns(one)))
    if one.state in (State.DONE, State.UNDONE):
        connection.execute(delete(dossier_files).where(dossier_files.c.import_pk == one.pk))


def remove(connection: Connection, import_pk: int) -> None:
    """Forget an import that was never taken in, and its file."""
    connection.execute(delete(dossier_files).where(dossier_files.c.import_pk == import_pk))
    connection.execute(delete(dossier_imports).where(dossier_imports.c.pk == import_pk))


def undone(one: DossierImport, by: str, at: int) -> DossierImport:
    """Return an import as taken back."""
    return replace(one, state=State.UNDONE, undone_at=at, undone_by=by)


def one(engine: Engine, import_id: str) -> DossierImport | None:
    """Return an import, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(_query().where(dossier_imports.c.id == import_id)).mappings().first()
    return None if row is None else _import(row)


def newest(engine: Engine, source: str | None, most: int, before_pk: int | None = None) -> tuple[DossierImport, ...]:
    """Return imports, newest first, of one source or of all; before_pk: older than this one."""
    query = _query().order_by(dossier_imports.c.pk.desc()).limit(most)
    if source is not None:
        query = query.where(dossier_sources.c.id == source)
    if before_pk is not None:
        query = query.where(dossier_imports.c.pk < before_pk)
    with engine.connect() as connection:
        return tuple(map(_import, connection.execute(query).mappings()))


def content_of(engine: Engine, import_pk: int) -> bytes | None:
    """Return the file of an import that is not decided, None when it is no longer kept."""
    with engine.connect() as connection:
        query = select(dossier_files.c.content).where(dossier_files.c.import_pk == import_pk)
        return connection.execute(query).scalar()


def same_file(connection: Connection, source_pk: int, kind: Kind, file_sha256: str) -> DossierImport | None:
    """Return the newest import that took this very file in for a source and was not undone, None when none did."""
    held = dossier_imports.c
    query = (
        _query()
        .where(held.source == source_pk, held.kind == kind.value, held.state == State.DONE.value)
        .where(held.file_sha256 == file_sha256)
        .order_by(held.pk.desc())
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else _import(row)


def later_than(connection: Connection, one: DossierImport) -> DossierImport | None:
    """Return the newest import of the same source and kind that came after one and holds, None when none did.

    While there is one, the earlier cannot be taken back: what the later found the same it did not write again.
    """
    held = dossier_imports.c
    query = (
        _query()
        .where(held.source == one.source_pk, held.kind == one.kind.value, held.state == State.DONE.value)
        .where(held.pk > one.pk)
        .order_by(held.pk.desc())
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else _import(row)


def prune(connection: Connection, now_ms: int) -> int:
    """Forget files that nobody decided on for a week, and the oldest beyond 20; what was taken in stays listed."""
    open_states = [State.PREVIEWED.value, State.FAILED.value]
    held = dossier_imports.c
    undecided = select(held.pk).where(held.state.in_(open_states))
    beyond = undecided.order_by(held.pk.desc()).offset(_MOST_KEPT).limit(1000)
    old = [*connection.execute(undecided.where(held.at < now_ms - KEPT_MS)).scalars()]
    gone = {*old, *connection.execute(beyond).scalars()}
    connection.execute(delete(dossier_files).where(dossier_files.c.import_pk.in_(gone)))
    previews = (held.pk.in_(gone)) & (held.state == State.PREVIEWED.value)
    return connection.execute(delete(dossier_imports).where(previews)).rowcount


def _query() -> Select[tuple[object, ...]]:
    return select(dossier_imports, dossier_sources.c.id.label("source_id")).join(
        dossier_sources, dossier_sources.c.pk == dossier_imports.c.source
    )


def _import(row: RowMapping) -> DossierImport:
    return DossierImport(
        pk=row["pk"],
        id=row["id"],
        source=row["source_id"],
        source_pk=row["source"],
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        way=Way(row["way"]),
        actor=row["actor"],
        at=row["at"],
        as_of=row["as_of"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        form=row["form"],
        file_name=row["file_name"],
        file_sha256=row["file_sha256"],
        mapping=row["mapping"],
        mapping_version=row["mapping_version"],
        report=json.loads(row["report"]),
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
    )


def _columns(one: DossierImport) -> dict[str, object]:
    return {
        "id": one.id,
        "source": one.source_pk,
        "kind": one.kind.value,
        "state": one.state.value,
        "way": one.way.value,
        "actor": one.actor,
        "at": one.at,
        "as_of": one.as_of,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "form": one.form,
        "file_name": one.file_name,
        "file_sha256": one.file_sha256,
        "mapping": one.mapping,
        "mapping_version": one.mapping_version,
        "report": json.dumps(dict(one.report), ensure_ascii=False),
        "undone_at": one.undone_at,
        "undone_by": one.undone_by,
    }
