"""Who stands by a report, whose links and codes are in force, and what units counted of toner and blank forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Go forward."""
    op.add_column("human_reports", sa.Column("confirmed_at", sa.BigInteger(), nullable=True))
    op.add_column("human_reports", sa.Column("confirmed_by", sa.Text(), nullable=True))
    op.create_index("ix_human_reports_confirmed_at", "human_reports", ["confirmed_at"])
    op.create_table(
        "report_gates",
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_report_gates")),
    )
    op.create_table(
        "stock_counts",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_stock_counts")),
    )
    op.create_index("ix_stock_counts_unit", "stock_counts", ["unit", "at"])
