"""Name the tables of paper fallback, and of documents as they were given out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from machxa_collector.store.tables.base import metadata

paper_spells = Table(  # a unit works by hand, as its leader declared; ended_at none: it goes on
    "paper_spells",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("groups", Text, nullable=False),  # of procedures, with spaces between; empty: all
    Column("reason", Text, nullable=False),
    Column("incident", String(32)),
    Column("declared_at", BigInteger, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("ended_by", Text),
    Index("ix_paper_spells_unit", "unit", "started_at"),
)
paper_lines = Table(  # one dossier taken on paper; entered_at none: not typed in yet
    "paper_lines",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("spell", Integer, nullable=False),
    Column("unit", String(10), nullable=False),
    Column("number", String(40), nullable=False),  # on the paper receipt
    Column("grp", String(8), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("stages", Text, nullable=False),  # done on paper, with spaces between
    Column("entered_at", BigInteger),
    Column("dossier", String(64)),  # its number in the dossier software
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Index("ix_paper_lines_number", "unit", "number", unique=True),
    Index("ix_paper_lines_spell", "spell"),
)
documents = Table(  # as given out, never changed; content: JSON whose SHA-256 is sha256
    "documents",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("unit", String(10), nullable=False),  # "?": of several
    Column("subject", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Index("ix_documents_made_at", "made_at"),
)
