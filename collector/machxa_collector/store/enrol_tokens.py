"""List and end tokens by which computers enrol; a token is known by its hash, its secret is nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.tokens import Purpose, hashed, new_secret
from machxa_collector.store.acting import acting
from machxa_collector.store.tables import tokens
from machxa_collector.store.territory import within

MOST = 500
_SHOWN_BYTES = 8
_its = tokens.c


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolToken:
    """Hold what may be told of a token; times in ms since 1970 UTC, None: for ever, without limit, no unit.

    approves: who comes with it is let in at once; else somebody decides.
    """

    id: str
    created_at: int
    expires_at: int | None
    uses_left: int | None
    unit: str | None
    note: str
    approves: bool


def listed(engine: Engine, territory: Territory, now_ms: int) -> Sequence[EnrolToken]:
    """Return the tokens of a territory that still open something, the newest first."""
    query = select(tokens).where(
        _its.purpose == Purpose.ENROL.value,
        (_its.expires_at.is_(None)) | (_its.expires_at > now_ms),
        (_its.uses_left.is_(None)) | (_its.uses_left > 0),
        within(territory, _its.unit),
    )
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(_its.created_at.desc()).limit(MOST)).mappings()
        return [
            EnrolToken(
                id=_id(bytes(row["hash"])),
                created_at=row["created_at"],
                expires_at=row["expires_at"],
                uses_left=row["uses_left"],
                unit=row["unit"],
                note=row["note"],
                approves=row["approves"],
            )
            for row in rows
        ]


def make(engine: Engine, unit: str | None, uses: int, lives_ms: int, entry: Entry) -> tuple[str, str]:
    """Make a token that lets in at once, into a unit where one is named; return its id and its secret."""
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "purpose": Purpose.ENROL.value,
        "expires_at": entry.at + lives_ms,
        "uses_left": uses,
        "created_at": entry.at,
        "note": entry.actor[:100],
        "unit": unit,
        "approves": True,
    }
    with acting(engine, entry) as connection:
        connection.execute(insert(tokens).values(row))
    return _id(hashed(secret)), secret


def end(engine: Engine, territory: Territory, id_: str, now_ms: int, entry: Entry) -> bool:
    """End a token of a territory; return whether there was one."""
    known = any(one.id == id_ for one in listed(engine, territory, now_ms))
    if known:
        with acting(engine, entry) as connection:
            found = connection.execute(select(_its.hash).where(_its.purpose == Purpose.ENROL.value)).scalars()
            gone = [one for one in found if _id(bytes(one)) == id_]
            connection.execute(delete(tokens).where(_its.hash.in_(gone)))
    return known


def _id(digest: bytes) -> str:
    return digest[:_SHOWN_BYTES].hex()
