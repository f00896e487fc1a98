"""Name the tables of dossiers: where their figures come from, the files taken in, how columns are read, the figures.

A row or count that a later file changed stays, with replaced_by; the ones that hold now have none. So an import can be
taken back, newest first.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, text

from machxa_collector.store.tables.base import metadata

_REPLACED = text("replaced_by IS NOT NULL")  # few: an index of those alone

dossier_sources = Table(  # a dossier system of a province or ministry; body: how it is asked, as JSON
    "dossier_sources",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("province", String(2)),  # whose territory; none: of the nation, a ministry's
    Column("body", Text, nullable=False),
    Column("salt", LargeBinary),  # sealed; dossier numbers are kept as hashes under it, none: as they are
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
)
dossier_pulls = Table(  # how asking a source goes
    "dossier_pulls",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("tried_at", BigInteger),
    Column("good_at", BigInteger),
    Column("etag", Text),
    Column("modified", Text),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failures_total", BigInteger, nullable=False),
    Column("reason", Text),  # of the last failure, as JSON in both languages
)
dossier_mappings = Table(  # a version is never changed; body: columns, units, groups as JSON
    "dossier_mappings",
    metadata,
    Column("province", String(2), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
)
dossier_imports = Table(  # report: what its rows came to, as JSON
    "dossier_imports",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("source", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("way", String(10), nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("as_of", BigInteger),
    Column("first_day", Integer),  # whole days since 1970; what came on them is in the file entirely
    Column("last_day", Integer),
    Column("form", String(4), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("mapping", String(60), nullable=False),
    Column("mapping_version", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
    Index("ix_dossier_imports_source", "source", "kind", "state"),
    Index("ix_dossier_imports_at", "at"),
)
dossier_files = Table(  # of imports that are not decided yet, a week at most
    "dossier_files",
    metadata,
    Column("import_pk", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
dossiers = Table(  # clustered by its key: a million rows come in its order
    "dossiers",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("number", String(64), primary_key=True),
    Column("import_pk", Integer, primary_key=True, autoincrement=False),
    Column("replaced_by", Integer),
    Column("unit", String(10), nullable=False),
    Column("grp", String(8), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("extended_at", BigInteger),
    Column("released_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("done_at", BigInteger),
    Column("online", Boolean),
    Column("status", String(10)),
    Index("ix_dossiers_unit", "unit", "due_at"),
    Index("ix_dossiers_import_pk", "import_pk"),
    Index("ix_dossiers_replaced_by", "replaced_by", sqlite_where=_REPLACED, postgresql_where=_REPLACED),
    sqlite_with_rowid=False,
)
dossier_counts = Table(  # field: what the source calls the field of procedures; day: whole days since 1970
    "dossier_counts",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(10), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("import_pk", Integer, primary_key=True, autoincrement=False),
    Column("replaced_by", Integer),
    Column("grp", String(8), nullable=False),
    Column("received", Integer, nullable=False),
    Column("online", Integer),
    Column("released", Integer),
    Column("early", Integer),
    Column("on_time", Integer),
    Column("late", Integer),
    Column("open_in_time", Integer),
    Column("open_late", Integer),
    Column("paused", Integer),
    Column("waiting", Integer),
    Column("saturday", Integer),
    Index("ix_dossier_counts_day", "day"),
    Index("ix_dossier_counts_import_pk", "import_pk"),
    Index("ix_dossier_counts_replaced_by", "replaced_by", sqlite_where=_REPLACED, postgresql_where=_REPLACED),
)
