"""The audit trail and sealed secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FIXED = "UPDATE OF seq, digest, day, made_at"
_KEPT = "OLD.seq > (SELECT coalesce(max(seq), 0) FROM audit_roots WHERE removed_at IS NOT NULL)"
_WHY = "the audit trail is append-only"


def _sqlite(name: str, act: str, when: str = "") -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} {when} BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _postgresql(name: str, act: str, function: str, each: str = "ROW") -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} FOR EACH {each} EXECUTE FUNCTION {function}()"


_TRIGGERS = {
    "sqlite": (
        _sqlite("audit_no_update", "UPDATE ON audit"),
        _sqlite("audit_no_delete", "DELETE ON audit", f"WHEN {_KEPT}"),
        _sqlite("audit_roots_no_update", f"{_FIXED} ON audit_roots"),
        _sqlite("audit_roots_no_delete", "DELETE ON audit_roots"),
    ),
    "postgresql": (
        _function("audit_refuse", f"RAISE EXCEPTION '{_WHY}';"),
        _function("audit_refuse_kept", f"IF {_KEPT} THEN RAISE EXCEPTION '{_WHY}'; END IF; RETURN OLD;"),
        _postgresql("audit_no_update", "UPDATE ON audit", "audit_refuse"),
        _postgresql("audit_no_delete", "DELETE ON audit", "audit_refuse_kept"),
        _postgresql("audit_no_truncate", "TRUNCATE ON audit", "audit_refuse", "STATEMENT"),
        _postgresql("audit_roots_no_update", f"{_FIXED} ON audit_roots", "audit_refuse"),
        _postgresql("audit_roots_no_delete", "DELETE ON audit_roots", "audit_refuse"),
    ),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_actor", "audit", ["actor", "seq"], unique=False)
    op.create_index("ix_audit_action", "audit", ["action", "seq"], unique=False)
    head = op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"one": 1, "seq": 0, "digest": bytes(32)}])
    op.create_table(
        "audit_roots",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_roots")),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    for trigger in _TRIGGERS.get(op.get_bind().dialect.name, ()):
        op.execute(trigger)
