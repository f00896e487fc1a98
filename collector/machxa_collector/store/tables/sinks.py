"""Name the table of how far each sink is safely copied."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from machxa_collector.store.tables.base import metadata

sink_places = Table(  # the last report, by its way into the store, that a sink surely keeps; noted_at: when we knew
    "sink_places",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("stream_pk", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
)

glpi_sent = Table(  # the inventory that a GLPI server took last, by digest; refused: one it will not take as it is
    "glpi_sent",
    metadata,
    Column("sink", String(40), primary_key=True),
    Column("asset_id", String(36), primary_key=True),
    Column("digest", String(64)),
    Column("refused", String(64)),
    Column("waits_since", BigInteger),
    Column("changed_at", BigInteger, nullable=False),
)
