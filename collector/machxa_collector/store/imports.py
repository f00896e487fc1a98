"""Keep files on their way into the registry, and which columns fill which fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, insert, select, update

from machxa_collector.store.record_acts import Batch
from machxa_collector.store.record_history import batch_of
from machxa_collector.store.tables import batches, imports, mappings

KEPT_MS = 7 * 86_400_000
MOST_KEPT = 30  # files at once, of 20 MB at most each
_MOST_MAPPINGS = 100  # of one kind

PREVIEWED, RUNNING, DONE, FAILED = "previewed", "running", "done", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Hold a file on its way in, without its bytes; chosen and report are plain JSON."""

    id: str
    kind: str
    actor: str
    at_ms: int
    state: str
    form: str
    file_sha256: str
    chosen: Mapping[str, object]
    report: Mapping[str, object]
    batch: str | None


def add(engine: Engine, one: Import, content: bytes) -> None:
    """Keep a file."""
    with engine.begin() as connection:
        connection.execute(insert(imports).values(**_columns(one), content=content))


def one(engine: Engine, import_id: str) -> Import | None:
    """Return a file on its way in, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(_plain().where(imports.c.id == import_id)).mappings().first()
    return None if row is None else _import(row)


def content_of(engine: Engine, import_id: str) -> bytes | None:
    """Return a file's bytes, None when there is none of this id."""
    with engine.connect() as connection:
        return connection.execute(select(imports.c.content).where(imports.c.id == import_id)).scalar()


def newest(engine: Engine, kind: str | None, actor: str | None, most: int) -> tuple[Import, ...]:
    """Return the newest files first, of one kind and one person (None: of all)."""
    query = _plain().order_by(imports.c.at.desc(), imports.c.id.desc()).limit(most)
    if kind is not None:
        query = query.where(imports.c.kind == kind)
    if actor is not None:
        query = query.where(imports.c.actor == actor)
    with engine.connect() as connection:
        return tuple(map(_import, connection.execute(query).mappings()))


def begin(engine: Engine, import_id: str) -> bool:
    """Mark a file as being taken in, also one that was cut off before; return False when it was taken in."""
    waiting = (imports.c.id == import_id) & (imports.c.state != DONE)
    with engine.begin() as connection:
        return connection.execute(update(imports).where(waiting).values(state=RUNNING)).rowcount == 1


def keep(connection: Connection, one: Import) -> None:
    """Write what became of a file, within the caller's transaction."""
    columns = {name: value for name, value in _columns(one).items() if name != "id"}
    connection.execute(update(imports).where(imports.c.id == one.id).values(columns))


def remove(engine: Engine, import_id: str) -> None:
    """Forget a file."""
    with engine.begin() as connection:
        connection.execute(delete(imports).where(imports.c.id == import_id))


def prune(engine: Engine, now_ms: int) -> int:
    """Forget files that are older than a week, and the oldest beyond MOST_KEPT; return how many."""
    with engine.begin() as connection:
        newest_first = select(imports.c.id).order_by(imports.c.at.desc(), imports.c.id.desc())
        beyond = connection.execute(newest_first.offset(MOST_KEPT).limit(1000)).scalars().all()
        old = imports.c.at <= now_ms - KEPT_MS
        return connection.execute(delete(imports).where(old | imports.c.id.in_(beyond))).rowcount


def taken_in_before(engine: Engine, kind: str, file_sha256: str) -> Batch | None:
    """Return the newest act that took this very file in and was not taken back, None when there is none."""
    query = (
        select(batches)
        .where(
            batches.c.kind == kind,
            batches.c.file_sha256 == file_sha256,
            batches.c.action == "import",
            batches.c.undone_by.is_(None),
        )
        .order_by(batches.c.at.desc())
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else batch_of(row)


def mapping(engine: Engine, kind: str, name: str) -> dict[str, str | None] | None:
    """Return which headings fill which fields, as kept under a name; None when nothing is."""
    query = select(mappings.c.columns).where(mappings.c.kind == kind, mappings.c.name == name)
    with engine.connect() as connection:
        text = connection.execute(query).scalar()
    if text is None:
        return None
    said: dict[str, str | None] = json.loads(text)
    return said


def mapping_names(engine: Engine, kind: str) -> tuple[str, ...]:
    """Return the names under which mappings of a kind are kept."""
    query = select(mappings.c.name).where(mappings.c.kind == kind).order_by(mappings.c.name).limit(_MOST_MAPPINGS)
    with engine.connect() as connection:
        return tuple(connection.execute(query).scalars())


def every_mapping(engine: Engine, kind: str) -> dict[str, dict[str, str | None]]:
    """Return the mappings of a kind that are kept, by name."""
    query = select(mappings.c.name, mappings.c.columns).where(mappings.c.kind == kind).order_by(mappings.c.name)
    with engine.connect() as connection:
        rows = connection.execute(query.limit(_MOST_MAPPINGS)).all()
    return {row.name: json.loads(row.columns) for row in rows}


def keep_mapping(engine: Engine, kind: str, name: str, columns: Mapping[str, str | None]) -> None:
    """Keep which headings fill which fields under a name, instead of what was kept there."""
    text = json.dumps(dict(columns), ensure_ascii=False)
    with engine.begin() as connection:
        connection.execute(delete(mappings).where(mappings.c.kind == kind, mappings.c.name == name))
        connection.execute(insert(mappings).values(kind=kind, name=name, columns=text))


def _plain() -> Select[tuple[object, ...]]:
    return select(*(column for column in imports.c if column.name != "content"))


def _import(row: RowMapping) -> Import:
    return Import(
        id=row["id"],
        kind=row["kind"],
        actor=row["actor"],
        at_ms=row["at"],
        state=row["state"],
        form=row["form"],
        file_sha256=row["file_sha256"],
        chosen=json.loads(row["mapping"]),
        report=json.loads(row["report"] or "{}"),
        batch=row["batch"],
    )


def _columns(one: Import) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "actor": one.actor,
        "at": one.at_ms,
        "state": one.state,
        "form": one.form,
        "file_sha256": one.file_sha256,
        "mapping": json.dumps(dict(one.chosen), ensure_ascii=False),
        "report": json.dumps(dict(one.report), ensure_ascii=False),
        "batch": one.batch,
    }
