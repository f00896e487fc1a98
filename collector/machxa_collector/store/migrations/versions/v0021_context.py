"""What a province tells of its systems, photographs of reports, announced times that come again, an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "context_values",
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("word", sa.String(length=10), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", "name", "unit", "part"),
    )
    op.create_table(
        "report_photos",
        sa.Column("report", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["human_reports.id"]),
        sa.PrimaryKeyConstraint("report"),
    )
    op.add_column("planned", sa.Column("weekdays", sa.Text(), nullable=False, server_default=""))
    op.add_column("planned", sa.Column("repeats_to", sa.Date(), nullable=True))
    op.create_index("ix_reports_received_at", "reports", ["received_at"])
