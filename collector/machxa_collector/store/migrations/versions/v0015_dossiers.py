"""Dossiers: where their figures come from, files taken in, mappings, rows and counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_REPLACED = sa.text("replaced_by IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "dossier_sources",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_dossier_sources")),
        sa.UniqueConstraint("id", name=op.f("uq_dossier_sources_id")),
    )
    op.create_table(
        "dossier_pulls",
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("good_at", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failures_total", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_dossier_pulls")),
    )
    op.create_table(
        "dossier_mappings",
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("province", "name", "version", name=op.f("pk_dossier_mappings")),
    )
    op.create_table(
        "dossier_files",
        sa.Column("import_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("import_pk", name=op.f("pk_dossier_files")),
    )
    _imports()
    _dossiers()
    _counts()


def _imports() -> None:
    op.create_table(
        "dossier_imports",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.String(length=60), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_dossier_imports")),
        sa.UniqueConstraint("id", name=op.f("uq_dossier_imports_id")),
    )
    op.create_index("ix_dossier_imports_source", "dossier_imports", ["source", "kind", "state"])
    op.create_index("ix_dossier_imports_at", "dossier_imports", ["at"])


def _dossiers() -> None:
    op.create_table(
        "dossiers",
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("import_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("grp", sa.String(length=8), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("extended_at", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("source", "number", "import_pk", name=op.f("pk_dossiers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dossiers_unit", "dossiers", ["unit", "due_at"])
    op.create_index("ix_dossiers_import_pk", "dossiers", ["import_pk"])
    op.create_index(
        "ix_dossiers_replaced_by", "dossiers", ["replaced_by"], sqlite_where=_REPLACED, postgresql_where=_REPLACED
    )


def _counts() -> None:
    op.create_table(
        "dossier_counts",
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("grp", sa.String(length=8), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in (
                "online",
                "released",
                "early",
                "on_time",
                "late",
                "open_in_time",
                "open_late",
                "paused",
                "waiting",
                "saturday",
            )
        ),
        sa.PrimaryKeyConstraint("source", "unit", "field", "day", "import_pk", name=op.f("pk_dossier_counts")),
    )
    op.create_index("ix_dossier_counts_day", "dossier_counts", ["day"])
    op.create_index("ix_dossier_counts_import_pk", "dossier_counts", ["import_pk"])
    op.create_index(
        "ix_dossier_counts_replaced_by",
        "dossier_counts",
        ["replaced_by"],
        sqlite_where=_REPLACED,
        postgresql_where=_REPLACED,
    )
