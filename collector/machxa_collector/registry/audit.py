"""Chain what people and programs did, so that a changed, missing or added entry shows. Pure.

The digest of an entry is SHA-256 over the digest before it and the entry's canonical bytes. The first entry follows
32 zero bytes, or the root of the last day that was removed for its age.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

FIRST = bytes(32)
DAY_MS = 86_400_000
KEPT_DAYS = 366  # twelve months, whatever the year
_FORM = 1
_MOST_NAME = 200
_MOST_DETAIL = 4000
_CUT = "…"

Value = str | int | bool | None
Detail = Mapping[str, Value]


class Result(Enum):
    """Say how an act ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one act: when (ms since 1970 UTC), who, from where, what, on what, how it ended, and what else matters.

    origin is the caller's address or "command line". action is dotted, such as "settings.change"; subject names
    what it was done to, such as "agent/ID". detail never holds a secret.
    """

    at: int
    actor: str
    action: str
    origin: str = ""
    subject: str = ""
    result: Result = Result.DONE
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Hold an entry as it is kept: numbered from 1 without holes, its texts made plain, detail as JSON."""

    seq: int
    at: int
    actor: str
    origin: str
    action: str
    subject: str
    result: str
    detail: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Root:
    """Hold what signs off everything up to one entry: the entry's number and digest; 0 and FIRST when there is none."""

    seq: int
    digest: bytes

    def __str__(self) -> str:
        """Return the text that read_root understands."""
        return f"{self.seq} {self.digest.hex()}"


START = Root(0, FIRST)


@dataclass(frozen=True, slots=True)
class Broken:
    """Name the first entry that does not fit, and say why."""

    seq: int
    reason: str


def written(entry: Entry, seq: int, before: bytes) -> Written:
    """Return an entry as it is kept behind the digest before it."""
    detail = {_plain(key, _MOST_NAME): _value(value) for key, value in sorted(entry.detail.items())}
    text = json.dumps(detail, ensure_ascii=False, separators=(",", ":"))
    if len(text) > _MOST_DETAIL:
        text = json.dumps({"cut": text[: _MOST_DETAIL // 2]}, ensure_ascii=False, separators=(",", ":"))
    unsigned = Written(
        seq=seq,
        at=entry.at,
        actor=_plain(entry.actor, _MOST_NAME),
        origin=_plain(entry.origin, _MOST_NAME),
        action=_plain(entry.action, _MOST_NAME),
        subject=_plain(entry.subject, _MOST_NAME),
        result=entry.result.value,
        detail=text,
        digest=b"",
    )
    return replace(unsigned, digest=digest_of(unsigned, before))


def digest_of(one: Written, before: bytes) -> bytes:
    """Return the digest that an entry has behind the digest before it."""
    return hashlib.sha256(before + canonical(one)).digest()


def canonical(one: Written) -> bytes:
    """Return the bytes that stand for an entry, the same for ever: a JSON array in ASCII."""
    fields = [_FORM, one.seq, one.at, one.actor, one.origin, one.action, one.subject, one.result, one.detail]
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def verify(entries: Iterable[Written], start: Root, head: Root, signed: Iterable[Root] = ()) -> Broken | None:
    """Return the first entry that does not fit, None when every one does.

    entries come in the order of their numbers, from the one behind start; head is what the newest must be; signed
    are roots that were noted elsewhere or each day, and must be met.
    """
    expected = {root.seq: root.digest for root in signed if root.seq > start.seq}
    last = start
    for one in entries:
        if one.seq != last.seq + 1:
            return Broken(last.seq + 1, f"is missing: entry {one.seq} follows entry {last.seq}")
        if digest_of(one, last.digest) != one.digest:
            return Broken(one.seq, "was changed, or stands behind another entry than when it was written")
        if expected.pop(one.seq, one.digest) != one.digest:
            return Broken(one.seq, "is not the one that was signed off: the chain was written anew")
        last = Root(one.seq, one.digest)
    if expected:
        return Broken(last.seq + 1, f"is missing: a root of entry {min(expected)} was signed off")
    if last != head:
        return Broken(last.seq + 1, f"is missing: the newest is entry {head.seq}")
    return None


def read_root(text: str) -> Root:
    """Return a root from "NUMBER HEX", as `machxa audit root` prints it last in a line; raises ValueError."""
    number, digest = text.split()[-2:]
    if len(digest) != 2 * len(FIRST):
        raise ValueError(f"digest is {digest[:80]!r}, expected {2 * len(FIRST)} hex digits")
    return Root(int(number), bytes.fromhex(digest))


def day_of(at: int) -> int:
    """Return the day of a time, in whole days since 1970 UTC."""
    return at // DAY_MS


def plain(text: str) -> str:
    """Return a text in one line that commands no terminal: control and format characters and surrogates escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def _plain(text: str, most: int) -> str:
    told = plain(text[: most + 1])
    return told if len(told) <= most else told[: most - 1] + _CUT


def _value(value: Value) -> Value:
    return _plain(value, _MOST_DETAIL) if isinstance(value, str) else value
