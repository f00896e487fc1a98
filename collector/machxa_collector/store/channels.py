"""Hold the channels by which people are told, and each person's wishes; settings and addresses are sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, delete, select, update

from machxa_collector.registry.sealing import BadSeal, Keyring
from machxa_collector.store.tables import notify_channels, notify_wishes, preferences
from machxa_collector.store.upsert import upsert

_POLICY = "notify"
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Hold what may be told of a channel, and how it does; times in ms since 1970 UTC.

    rules: what the channel itself is told, None: it only carries what persons are told. failing_since and failures
    are of the failures in a row, None and 0 while it delivers.
    """

    id: str
    kind: str
    shown: str
    rules: Json | None
    enabled: bool
    changed_at: int
    changed_by: str
    failing_since: int | None
    failures: int
    next_at: int
    delivered_at: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """Hold a person's wishes as JSON, and the channel they chose, None for in-app alone."""

    recipient: str
    body: Json
    channel: str | None
    has_address: bool


def every(store: Engine) -> Sequence[Channel]:
    """Return all channels by id."""
    with store.connect() as connection:
        rows = connection.execute(select(notify_channels).order_by(notify_channels.c.id)).mappings()
        return [_channel(row) for row in rows]


def one(store: Engine, id_: str) -> Channel | None:
    """Return a channel, None when there is none of this id."""
    with store.connect() as connection:
        row = connection.execute(select(notify_channels).where(notify_channels.c.id == id_)).mappings().first()
    return None if row is None else _channel(row)


def put(connection: Connection, seals: Keyring, channel: Channel, settings: Json | None) -> None:
    """Keep a channel as it is given; settings None: as they were. Its failures are forgotten."""
    values: dict[str, object] = {
        "kind": channel.kind,
        "shown": channel.shown,
        "rules": None if channel.rules is None else json.dumps(dict(channel.rules)),
        "enabled": channel.enabled,
        "changed_at": channel.changed_at,
        "changed_by": channel.changed_by,
        "failing_since": None,
        "failures": 0,
        "next_at": 0,
        "error": None,
    }
    if settings is not None:
        values["sealed"] = seals.seal(json.dumps(dict(settings)).encode(), _context(channel.id))
    upsert(connection, notify_channels, {"id": channel.id}, values)


def remove(connection: Connection, id_: str) -> bool:
    """Forget a channel; return whether there was one. Who chose it is told in-app from now on."""
    connection.execute(update(notify_wishes).where(notify_wishes.c.channel == id_).values(channel=None))
    return connection.execute(delete(notify_channels).where(notify_channels.c.id == id_)).rowcount == 1


def settings(store: Engine, seals: Keyring, id_: str) -> Json | None:
    """Return a channel's settings, None when it is gone or these keys do not open them."""
    with store.connect() as connection:
        sealed = connection.execute(select(notify_channels.c.sealed).where(notify_channels.c.id == id_)).scalar()
    return None if sealed is None else _opened(seals, sealed, _context(id_))


def delivered(store: Engine, id_: str, now: int) -> None:
    """Write down that a channel delivers."""
    values = {"failing_since": None, "failures": 0, "next_at": 0, "delivered_at": now, "error": None}
    _set(store, id_, values)


def failing(store: Engine, id_: str, failures: int, since: int, next_at: int, error: str) -> None:
    """Write down that a channel failed again, since when, and when it is tried next."""
    values = {"failing_since": since, "failures": failures, "next_at": next_at, "error": error[:200]}
    _set(store, id_, values)


def wished(store: Engine) -> Mapping[str, Wished]:
    """Return everybody's wishes, by recipient; who is not among them wished nothing."""
    with store.connect() as connection:
        rows = connection.execute(select(notify_wishes)).mappings().all()
    return {row["recipient"]: _wished(row) for row in rows}


def wished_by(store: Engine, recipient: str) -> Wished | None:
    """Return somebody's wishes, None when they wished nothing."""
    with store.connect() as connection:
        query = select(notify_wishes).where(notify_wishes.c.recipient == recipient)
        row = connection.execute(query).mappings().first()
    return None if row is None else _wished(row)


def wish(connection: Connection, seals: Keyring, said: Wished, address: str | None, now: int) -> None:
    """Keep somebody's wishes; address "" forgets the one before, None keeps it."""
    values: dict[str, object] = {"body": json.dumps(dict(said.body)), "channel": said.channel, "changed_at": now}
    if address is not None:
        sealed = seals.seal(json.dumps(address).encode(), _context(said.recipient)) if address else None
        values["address"] = sealed
    upsert(connection, notify_wishes, {"recipient": said.recipient}, values)


def address_of(store: Engine, seals: Keyring, recipient: str) -> str | None:
    """Return somebody's e-mail address, None when it is not known or these keys do not open it."""
    with store.connect() as connection:
        query = select(notify_wishes.c.address).where(notify_wishes.c.recipient == recipient)
        sealed = connection.execute(query).scalar()
    found = None if sealed is None else _text(seals, sealed, _context(recipient))
    return None if found is None else str(json.loads(found))


def policy(store: Engine) -> Json:
    """Return what holds for all: the pages' address and the escalation, as JSON; empty until it is set."""
    with store.connect() as connection:
        found = connection.execute(select(preferences.c.value).where(preferences.c.name == _POLICY)).scalar()
    return {} if found is None else dict(json.loads(found))


def set_policy(connection: Connection, said: Json) -> None:
    """Keep what holds for all."""
    upsert(connection, preferences, {"name": _POLICY}, {"value": json.dumps(dict(said))})


def _set(store: Engine, id_: str, values: Json) -> None:
    with store.begin() as connection:
        connection.execute(update(notify_channels).where(notify_channels.c.id == id_).values(dict(values)))


def _channel(row: RowMapping) -> Channel:
    return Channel(
        id=row["id"],
        kind=row["kind"],
        shown=row["shown"],
        rules=None if row["rules"] is None else json.loads(row["rules"]),
        enabled=row["enabled"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        failing_since=row["failing_since"],
        failures=row["failures"],
        next_at=row["next_at"],
        delivered_at=row["delivered_at"],
        error=row["error"],
    )


def _wished(row: RowMapping) -> Wished:
    return Wished(
        recipient=row["recipient"],
        body=json.loads(row["body"]),
        channel=row["channel"],
        has_address=row["address"] is not None,
    )


def _opened(seals: Keyring, sealed: bytes, context: str) -> Json | None:
    text = _text(seals, sealed, context)
    return None if text is None else dict(json.loads(text))


def _text(seals: Keyring, sealed: bytes, context: str) -> str | None:
    try:
        return seals.unseal(sealed, context).decode()
    except BadSeal:
        return None


def _context(name: str) -> str:
    return f"notify/{name}"
