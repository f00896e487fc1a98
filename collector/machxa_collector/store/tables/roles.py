"""Name the tables of roles in units: who has which, what people pinned, and how often each agent is on."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import given_key, metadata

unit_roles = Table(  # payload: the order as it is published; since: of the role; reasons: words joined by a space
    "unit_roles",
    metadata,
    given_key("agent_pk", "agents.pk"),
    Column("unit", String(10)),
    Column("role", String(10), nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("duty_since", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reasons", Text, nullable=False),
    Index("ix_unit_roles_unit", "unit"),
)
role_pins = Table(
    "role_pins",
    metadata,
    given_key("agent_pk", "agents.pk"),
    Column("role", String(10), nullable=False),
    Column("pinned_at", BigInteger, nullable=False),
    Column("pinned_by", Text, nullable=False),
)
attendance = Table(  # quarters of an hour of its unit's working time on a civil day, and those in which it was on
    "attendance",
    metadata,
    given_key("agent_pk", "agents.pk"),
    given_key("day"),
    Column("worked", Integer, nullable=False),
    Column("present", Integer, nullable=False),
)
