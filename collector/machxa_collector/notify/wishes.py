"""Hold how somebody wishes to be told, read from what was kept or asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from machxa_collector.impact.severity import Severity

DAY_MINUTES = 1440
MOST_DIGESTS = 6
MOST_BUDGET = 1000
LANGUAGES = ("vi", "en")
_FREE = 2  # messages beside the digests, at least
_AWAKE = 240  # minutes of a day outside quiet hours, at least
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class BadWishes(ValueError):
    """Say what somebody may correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Hold one recipient's rules; moments are minutes since midnight of Viet Nam.

    least: this grave or graver is told at once; least_digest: this grave or graver goes at least into the digest.
    quiet: from and until when nothing comes at once, over midnight too, None: never quiet. urgent_passes: P1 comes all
    the same. digest: when what was held back comes in one message. budget: messages of a day, digests among them.
    tell_ended: the end of what was told at once is told at once.
    """

    language: str = "vi"
    least: Severity = Severity.P3
    least_digest: Severity = Severity.P4
    quiet: tuple[int, int] | None = (21 * 60, 6 * 60)
    urgent_passes: bool = True
    digest: tuple[int, ...] = (7 * 60 + 30, 16 * 60 + 30)
    budget: int = 12
    tell_ended: bool = True

    def __post_init__(self) -> None:
        """Raise BadWishes for what contradicts itself."""
        if self.language not in LANGUAGES:
            raise BadWishes(f"language is {self.language!r}, expected vi or en")
        if not 1 <= len(set(self.digest)) <= MOST_DIGESTS or len(set(self.digest)) != len(self.digest):
            raise BadWishes(f"{len(self.digest)} digest times, expected 1 to {MOST_DIGESTS} different ones")
        if not all(0 <= one < DAY_MINUTES for one in (*self.digest, *(self.quiet or ()))):
            raise BadWishes("a time of day lies outside 00:00 to 23:59")
        if self.quiet is not None and (self.quiet[0] - self.quiet[1]) % DAY_MINUTES < _AWAKE:
            raise BadWishes(
                f"quiet hours leave less than {_AWAKE // 60} hours of the day; leave the channel out instead"
            )
        if not len(self.digest) + 1 + _FREE <= self.budget <= MOST_BUDGET:
            fewest = len(self.digest) + 1 + _FREE
            raise BadWishes(f"a budget of {self.budget} messages a day, expected {fewest} to {MOST_BUDGET}")
        if self.least_digest.value < self.least.value:
            raise BadWishes("what is told at once is also worth the digest: least_digest is graver than least")


def wishes_of(said: Mapping[str, object]) -> Wishes:
    """Return wishes from JSON as ``said_of`` gives it; what is left out is as usual. Raises BadWishes."""
    unknown = set(said) - set(_FIELDS)
    if unknown:
        raise BadWishes(f"{min(unknown)[:40]!r} is no wish")
    given: dict[str, object] = {}
    for name, value in said.items():
        try:
            given[name] = _FIELDS[name](value)
        except (TypeError, ValueError, KeyError) as exc:
            raise BadWishes(f"{name} is {value!r:.60}: {exc}") from exc
    return Wishes(**given)  # type: ignore[arg-type]  # each reader returns its field's type


def said_of(wishes: Wishes) -> dict[str, object]:
    """Return wishes as JSON."""
    return {
        "language": wishes.language,
        "least": wishes.least.name,
        "least_digest": wishes.least_digest.name,
        "quiet": None if wishes.quiet is None else [clock(one) for one in wishes.quiet],
        "urgent_passes": wishes.urgent_passes,
        "digest": [clock(one) for one in wishes.digest],
        "budget": wishes.budget,
        "tell_ended": wishes.tell_ended,
    }


def clock(minute: int) -> str:
    """Return a minute of the day as "07:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(text: object) -> int:
    """Return the minute of the day of "07:30"; raises ValueError."""
    found = _CLOCK.fullmatch(str(text))
    if found is None:
        raise ValueError("a time of day is written 07:30")
    return int(found[1]) * 60 + int(found[2])


def _quiet(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    first, last = _list(value)
    return minute_of(first), minute_of(last)


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise TypeError("expected a list")
    return list(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("expected a whole number")
    return value


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("expected true or false")
    return value


_FIELDS: Mapping[str, Callable[[object], object]] = {
    "language": str,
    "least": lambda value: Severity[str(value)],
    "least_digest": lambda value: Severity[str(value)],
    "quiet": _quiet,
    "urgent_passes": _yes,
    "digest": lambda value: tuple(sorted(minute_of(one) for one in _list(value))),
    "budget": _whole,
    "tell_ended": _yes,
}
