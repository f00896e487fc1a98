"""Certificates and requests to enrol."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "certificates",
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("agent_pk", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=95), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_certificates_agent_pk")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_certificates")),
    )
    op.create_index("ix_certificates_agent_pk", "certificates", ["agent_pk", "issued_at"], unique=False)
    op.create_index("ix_certificates_revoked_at", "certificates", ["revoked_at"], unique=False)
    op.create_table(
        "enrolment_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("hostname", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("board", sa.String(length=100), nullable=True),
        sa.Column("serial", sa.String(length=100), nullable=True),
        sa.Column("machine", sa.String(length=100), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(length=95), nullable=True),
        sa.Column("likeness", sa.Text(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("agent_pk", sa.Integer(), nullable=True),
        sa.Column("same_asset", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_enrolment_requests_agent_pk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_requests")),
    )
    op.create_index("ix_enrolment_requests_secret", "enrolment_requests", ["secret"], unique=True)
    op.create_index("ix_enrolment_requests_state", "enrolment_requests", ["state", "at"], unique=False)
    op.add_column("agents", sa.Column("revoked_at", sa.BigInteger(), nullable=True))
    op.add_column("tokens", sa.Column("unit", sa.String(length=10), nullable=True))
    op.add_column("tokens", sa.Column("approves", sa.Boolean(), server_default=sa.false(), nullable=False))
