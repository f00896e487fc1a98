"""The registry's tables, and what is known of assets beside their agents' words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_at", "batches", ["at", "id"], unique=False)
    op.create_table(
        "calendars",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_index("ix_calendars_owner", "calendars", ["owner"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_unit", "contacts", ["unit"], unique=False)
    op.create_table(
        "counters",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("assets", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
    )
    op.create_index("ix_counters_unit", "counters", ["unit"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("batch", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "lines",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("down_mbps", sa.Float(), nullable=True),
        sa.Column("up_mbps", sa.Float(), nullable=True),
        sa.Column("price_vnd_per_month", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("ticket_desk", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
    )
    op.create_index("ix_lines_unit", "lines", ["unit"], unique=False)
    op.create_table(
        "mappings",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_mappings")),
    )
    op.create_table(
        "planned",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned")),
    )
    op.create_index("ix_planned_unit", "planned", ["unit", "ends_at"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(length=10), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("old_names", sa.Text(), nullable=False),
        sa.Column("old_places", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index("ix_units_code", "units", ["code"], unique=False)
    op.create_table(
        "changes",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_changes_batch")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_batch", "changes", ["batch"], unique=False)
    op.create_index("ix_changes_record", "changes", ["kind", "record", "pk"], unique=False)
    op.create_table(
        "identifiers",
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_identifiers_asset_id")),
        sa.PrimaryKeyConstraint("asset_id", "kind", "value", name=op.f("pk_identifiers")),
    )
    op.create_index("ix_identifiers_value", "identifiers", ["kind", "value"], unique=False)
    op.create_table(
        "merges",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kept", sa.String(length=36), nullable=False),
        sa.Column("absorbed", sa.String(length=36), nullable=False),
        sa.Column("agents", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["absorbed"], ["assets.id"], name=op.f("fk_merges_absorbed")),
        sa.ForeignKeyConstraint(["kept"], ["assets.id"], name=op.f("fk_merges_kept")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_absorbed", "merges", ["absorbed"], unique=False)
    op.create_index("ix_merges_kept", "merges", ["kept"], unique=False)
    op.create_table(
        "places",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("batch", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_places_asset_id")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_places")),
    )
    op.create_index("ix_places_asset_id", "places", ["asset_id", "began_at"], unique=False)
    op.create_index("ix_places_unit", "places", ["unit"], unique=False)
    op.create_table(
        "identity_findings",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent_pk", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_identity_findings_agent_pk")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_identity_findings")),
    )
    op.create_index("ix_identity_findings_asset_id", "identity_findings", ["asset_id"], unique=False)
    op.add_column("assets", sa.Column("unit", sa.String(length=10), nullable=True))
    op.add_column("assets", sa.Column("code", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("status", sa.String(length=10), server_default="draft", nullable=False))
    op.add_column("assets", sa.Column("origin", sa.String(length=10), server_default="agent", nullable=False))
    op.add_column("assets", sa.Column("location", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("tags", sa.Text(), server_default="", nullable=False))
    op.add_column("assets", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("acquired_on", sa.Date(), nullable=True))
    op.add_column("assets", sa.Column("cost_vnd", sa.BigInteger(), nullable=True))
    op.add_column("assets", sa.Column("fixed", sa.Text(), server_default="", nullable=False))
    op.add_column("assets", sa.Column("merged_into", sa.String(length=36), nullable=True))
    op.create_index("ix_assets_code", "assets", ["code"], unique=False)
    op.create_index("ix_assets_unit", "assets", ["unit"], unique=False)
