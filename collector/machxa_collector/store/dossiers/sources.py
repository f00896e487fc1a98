"""Keep the dossier systems whose figures are taken in: how each is asked, and how that goes."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.sealing import BadSeal, Keyring
from machxa_collector.store import audit
from machxa_collector.store.tables import dossier_sources

_SALT_BYTES = 32
_HASH_DIGITS = 32  # 128 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold a dossier system; province None: of the nation, a ministry's. body is plain JSON: how it is asked.

    hashes: numbers of dossiers are kept as hashes; decided when the source is made, never changed after.
    """

    pk: int
    id: str
    name: str
    province: str | None
    hashes: bool
    changed_at: int
    changed_by: str
    body: Mapping[str, object] = field(default_factory=dict)


def add(
    connection: Connection,
    name: tuple[str, str],
    province: str | None,
    body: Mapping[str, object],
    act: Entry,
    seals: Keyring | None = None,
) -> Source:
    """Keep a new source, named by id and name; with seals it keeps hashes. IntegrityError: its id is taken."""
    source_id, called = name
    salt = None if seals is None else seals.seal(secrets.token_bytes(_SALT_BYTES), _context(source_id))
    audit.record(connection, act)
    row = {
        "id": source_id,
        "name": called,
        "province": province,
        "body": json.dumps(dict(body), ensure_ascii=False),
        "salt": salt,
        "changed_at": act.at,
        "changed_by": act.actor,
    }
    connection.execute(insert(dossier_sources).values(row))
    return _source(
        connection.execute(select(dossier_sources).where(dossier_sources.c.id == source_id)).mappings().one()
    )


def change(connection: Connection, source: Source, act: Entry) -> None:
    """Keep a source's name and body as they are now."""
    audit.record(connection, act)
    values = {
        "name": source.name,
        "body": json.dumps(dict(source.body), ensure_ascii=False),
        "changed_at": act.at,
        "changed_by": act.actor,
    }
    connection.execute(update(dossier_sources).where(dossier_sources.c.pk == source.pk).values(values))


def one(engine: Engine, source_id: str) -> Source | None:
    """Return a source, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(select(dossier_sources).where(dossier_sources.c.id == source_id)).mappings().first()
    return None if row is None else _source(row)


def all_of(engine: Engine) -> tuple[Source, ...]:
    """Return all sources by id."""
    with engine.connect() as connection:
        rows = connection.execute(select(dossier_sources).order_by(dossier_sources.c.id)).mappings()
        return tuple(map(_source, rows))


class Hashes:
    """Turn dossier numbers into what a source keeps of them."""

    def __init__(self, engine: Engine, seals: Keyring) -> None:
        """Take the store and the keys that open the sources' salts."""
        self._engine, self._seals = engine, seals
        self._salts: dict[str, bytes | None] = {}

    def __call__(self, source: str, number: str) -> str | None:
        """Return the hash of a number, None where the keys do not open the salt or there is none."""
        salt = self.salt(source)
        return None if salt is None else number_hash(salt, number)

    def salt(self, source: str) -> bytes | None:
        """Return a source's salt, None where there is none or the keys do not open it."""
        if source not in self._salts:
            self._salts[source] = self._opened(source)
        return self._salts[source]

    def _opened(self, source: str) -> bytes | None:
        with self._engine.connect() as connection:
            query = select(dossier_sources.c.salt).where(dossier_sources.c.id == source)
            sealed: bytes | None = connection.execute(query).scalar()
        try:
            return None if sealed is None else self._seals.unseal(sealed, _context(source))
        except BadSeal:
            return None


def number_hash(salt: bytes, number: str) -> str:
    """Return what is kept of a number: 128 bits of HMAC-SHA256, as hex digits."""
    return hmac.new(salt, number.encode(), hashlib.sha256).hexdigest()[:_HASH_DIGITS]


def _context(source_id: str) -> str:
    return f"dossiers/{source_id}"


def _source(row: RowMapping) -> Source:
    return Source(
        pk=row["pk"],
        id=row["id"],
        name=row["name"],
        province=row["province"],
        hashes=row["salt"] is not None,
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        body=json.loads(row["body"]),
    )
