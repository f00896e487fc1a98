"""The words by which devices are found, and which devices have changed since theirs were written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_TOLD = {  # what words are made of, by table: a change there makes its device due
    "assets": ("id", ("name", "code", "vendor", "model", "serial", "unit")),
    "devices": ("asset_id", ("asset_id", "body")),
}


def _due(row: str, key: str) -> str:
    return f"INSERT INTO asset_terms_due (asset_id) VALUES ({row}.{key});"  # noqa: S608 - names of ours


def _sqlite(table: str, key: str, columns: tuple[str, ...]) -> list[str]:
    differs = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in columns)
    of = ", ".join(columns)
    named = f"CREATE TRIGGER terms_{table}"
    then = f"BEGIN {_due('OLD', key)} {_due('NEW', key)} END"
    return [
        f"{named}_insert AFTER INSERT ON {table} BEGIN {_due('NEW', key)} END",
        f"{named}_update AFTER UPDATE OF {of} ON {table} WHEN {differs} {then}",
        f"{named}_delete AFTER DELETE ON {table} BEGIN {_due('OLD', key)} END",
    ]


def _postgresql(table: str, key: str, columns: tuple[str, ...]) -> list[str]:
    """Return functions that name the columns themselves: a column that a trigger names cannot change its collation."""
    differs = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in columns)
    bodies = {
        "insert": _due("NEW", key),
        "update": f"IF {differs} THEN {_due('OLD', key)} {_due('NEW', key)} END IF;",
        "delete": _due("OLD", key),
    }
    made = []
    for act, body in bodies.items():
        name = f"terms_{table}_{act}"
        function = f"FUNCTION {name}()"
        made.append(f"CREATE {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
        made.append(f"CREATE TRIGGER {name} AFTER {act.upper()} ON {table} FOR EACH ROW EXECUTE {function}")
    return made


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "asset_terms",
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "kind", "term", name=op.f("pk_asset_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_asset_terms_term", "asset_terms", ["kind", "term"])
    op.create_index("ix_asset_terms_unit", "asset_terms", ["unit", "kind", "term"])
    op.create_table(
        "asset_terms_due",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_asset_terms_due")),
    )
    made = _sqlite if op.get_bind().dialect.name == "sqlite" else _postgresql
    for table, (key, columns) in _TOLD.items():
        for statement in made(table, key, columns):
            op.execute(statement)
    op.execute("INSERT INTO asset_terms_due (asset_id) SELECT id FROM assets")


def downgrade() -> None:
    """Go back."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _TOLD:
        for act in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER terms_{table}_{act}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                op.execute(f"DROP FUNCTION terms_{table}_{act}()")
    op.drop_table("asset_terms_due")
    op.drop_table("asset_terms")
