"""Hold the messages to people until they are sent, and for a while after; bounded in number and age."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, delete, func, insert, select, update

from machxa_collector.store.tables import notify_lines, notify_messages

WAITING, SENT, FAILED, SHOWN = "waiting", "sent", "failed", "shown"
TEST, REPORT = "test", "report"
MOST_WAITING = 2000  # for one channel; beyond it a message is shown on the pages alone
KEPT_MS = 90 * 86_400_000
MOST_KEPT = 200_000
_AT_ONCE = 20_000  # rows deleted in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Hold one message; body has its texts by language, and alerts for a webhook. Times in ms since 1970 UTC.

    channel None: it is shown in-app alone. error is why it did not go, last.
    """

    pk: int
    key: str
    recipient: str
    channel: str | None
    kind: str
    made_at: int
    state: str
    tries: int
    sent_at: int | None
    error: str | None
    read_at: int | None
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Hold a message to be kept; day is that of Viet Nam, for the budget."""

    key: str
    recipient: str
    channel: str | None
    kind: str
    day: int
    made_at: int
    body: Mapping[str, object]


def add(connection: Connection, new: New) -> tuple[int, bool]:
    """Keep a message; return its number, and whether it goes out: False where a channel has too many waiting."""
    its = notify_messages.c
    is_full = False
    if new.channel is not None:
        count = select(func.count()).where(its.channel == new.channel, its.state == WAITING)
        is_full = connection.execute(count).scalar_one() >= MOST_WAITING
    state = SHOWN if new.channel is None else FAILED if is_full else WAITING
    row = {
        "key": new.key,
        "recipient": new.recipient,
        "channel": new.channel,
        "kind": new.kind,
        "day": new.day,
        "made_at": new.made_at,
        "state": state,
        "tries": 0,
        "next_at": new.made_at,
        "error": "outbox_full" if is_full else None,
        "body": json.dumps(dict(new.body), ensure_ascii=False),
    }
    made = connection.execute(insert(notify_messages).values(row).returning(its.pk)).scalar_one()
    return int(made), not is_full


def sent_today(connection: Connection, day: int) -> Mapping[str, int]:
    """Return how many messages were made for each recipient on a day."""
    its = notify_messages.c
    query = (
        select(its.recipient, func.count().label("messages"))
        .where(its.day == day, its.kind.not_in((TEST, REPORT)))
        .group_by(its.recipient)
    )
    # without the range every message ever made would be looked at
    query = query.where(its.made_at >= (day - 1) * 86_400_000)
    return {row.recipient: row.messages for row in connection.execute(query)}


def next_of(store: Engine, channel: str, now: int, longest_ms: int) -> Message | None:
    """Return the oldest message of a channel that is due, None when there is none.

    One that waits for longer than any pause of longest_ms is due: the clock has been set back since.
    """
    its = notify_messages.c
    is_due = ~its.next_at.between(now + 1, now + longest_ms)
    query = select(notify_messages).where(its.state == WAITING, its.channel == channel, is_due)
    with store.connect() as connection:
        row = connection.execute(query.order_by(its.next_at, its.pk).limit(1)).mappings().first()
    return None if row is None else _message(row)


def trying(store: Engine, pk: int, tries: int, next_at: int) -> None:
    """Write down that a message is about to be sent: should we die now, it is sent again at next_at."""
    _set(store, pk, {"tries": tries, "next_at": next_at})


def sent(store: Engine, pk: int, now: int) -> None:
    """Write down that the other side took a message."""
    _set(store, pk, {"state": SENT, "sent_at": now, "error": None})


def failed(store: Engine, pk: int, error: str, *, is_final: bool) -> None:
    """Write down why a message did not go; is_final: it is not tried again."""
    _set(store, pk, {"error": error[:200], **({"state": FAILED} if is_final else {})})


def again(connection: Connection, pk: int, now: int) -> bool:
    """Let a message that was given up be tried anew; return whether there was one."""
    its = notify_messages.c
    given_up = update(notify_messages).where(its.pk == pk, its.state == FAILED, its.channel.is_not(None))
    values = {"state": WAITING, "tries": 0, "next_at": now, "made_at": now, "error": None}
    return connection.execute(given_up.values(values)).rowcount == 1


def drop_waiting(connection: Connection, channel: str, why: str) -> int:
    """Give up what waits for a channel; return how many."""
    its = notify_messages.c
    given = update(notify_messages).where(its.channel == channel, its.state == WAITING)
    return connection.execute(given.values(state=FAILED, error=why)).rowcount


def depths(store: Engine) -> Mapping[str, int]:
    """Return how many messages wait, by channel."""
    its = notify_messages.c
    query = select(its.channel, func.count()).where(its.state == WAITING).group_by(its.channel)
    with store.connect() as connection:
        return {str(channel): count for channel, count in connection.execute(query)}


def mine(store: Engine, recipient: str, before: int | None, most: int) -> Sequence[Message]:
    """Return up to most messages of a recipient, the newest first; before is a page's last number."""
    its = notify_messages.c
    where: list[ColumnElement[bool]] = [its.recipient == recipient, its.kind != TEST]
    if before is not None:
        where.append(its.pk < before)
    query = select(notify_messages).where(and_(*where)).order_by(its.pk.desc()).limit(most)
    with store.connect() as connection:
        return [_message(row) for row in connection.execute(query).mappings()]


def unread(store: Engine, recipient: str) -> int:
    """Return how many messages a recipient has not read, at most 1000."""
    its = notify_messages.c
    found = select(its.pk).where(its.recipient == recipient, its.kind != TEST, its.read_at.is_(None)).limit(1000)
    with store.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def read(connection: Connection, recipient: str, upto: int, now: int) -> int:
    """Write down that a recipient has read their messages up to a number; return how many were new to them."""
    its = notify_messages.c
    known = update(notify_messages).where(its.recipient == recipient, its.pk <= upto, its.read_at.is_(None))
    return connection.execute(known.values(read_at=now)).rowcount


def prune(store: Engine, now: int) -> int:
    """Forget what is too old or too much; return how many messages."""
    its, lines = notify_messages.c, notify_lines.c
    with store.begin() as connection:
        newest = connection.execute(select(func.max(its.pk))).scalar() or 0
        old = select(its.pk).where((its.made_at < now - KEPT_MS) | (its.pk <= newest - MOST_KEPT)).limit(_AT_ONCE)
        gone = connection.execute(delete(notify_messages).where(its.pk.in_(old))).rowcount
        aged = select(lines.pk).where(lines.at < now - KEPT_MS).limit(_AT_ONCE)
        connection.execute(delete(notify_lines).where(lines.pk.in_(aged)))
    return gone


def _set(store: Engine, pk: int, values: Mapping[str, object]) -> None:
    with store.begin() as connection:
        connection.execute(update(notify_messages).where(notify_messages.c.pk == pk).values(dict(values)))


def _message(row: RowMapping) -> Message:
    return Message(
        pk=row["pk"],
        key=row["key"],
        recipient=row["recipient"],
        channel=row["channel"],
        kind=row["kind"],
        made_at=row["made_at"],
        state=row["state"],
        tries=row["tries"],
        sent_at=row["sent_at"],
        error=row["error"],
        read_at=row["read_at"],
        body=json.loads(row["body"]),
    )
