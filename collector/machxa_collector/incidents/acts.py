"""Hold what people do about an incident, and read from it where the incident stands. Pure; nothing is ever unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from machxa_collector.incidents.words import Cause


class ActKind(Enum):
    """Name what somebody does; the fields that its detail holds stand beside it."""

    ACKNOWLEDGE = "acknowledge"
    OWN = "own"  # owner
    PROMISE = "promise"  # until: ms since 1970 UTC
    NOTE = "note"  # text
    TICKET = "ticket"  # number, at: whose
    HAND_OVER = "hand_over"  # to
    OVERRULE = "overrule"  # cause, reason
    MERGE = "merge"  # into
    SPLIT = "split"  # reason
    CLOSE = "close"  # reason: over, whatever is measured
    REOPEN = "reopen"  # reason
    FALSE_ALARM = "false_alarm"  # reason


NEEDS: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.ACKNOWLEDGE: (),
    ActKind.OWN: ("owner",),
    ActKind.PROMISE: ("until",),
    ActKind.NOTE: ("text",),
    ActKind.TICKET: ("number", "at"),
    ActKind.HAND_OVER: ("to",),
    ActKind.OVERRULE: ("cause", "reason"),
    ActKind.MERGE: ("into",),
    ActKind.SPLIT: ("reason",),
    ActKind.CLOSE: ("reason",),
    ActKind.REOPEN: ("reason",),
    ActKind.FALSE_ALARM: ("reason",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Hold one act: when (ms since 1970 UTC), who, what, and what its kind needs."""

    at: int
    actor: str
    kind: ActKind
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Say where an incident stands with people; None and empty: nobody has said.

    overruled is the cause that somebody set against the judgement's, merged_into the incident that somebody says it
    is part of. is_closed: somebody declared it over. is_false: somebody says that nothing was wrong.
    """

    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    owner: str | None = None
    until: int | None = None
    tickets: tuple[tuple[str, str], ...] = ()
    overruled: Cause | None = None
    overruled_because: str | None = None
    merged_into: str | None = None
    is_closed: bool = False
    is_false: bool = False

    @property
    def is_taken_on(self) -> bool:
        """Return whether people have taken it on."""
        return self.acknowledged_at is not None or self.owner is not None or self.until is not None


def handling_of(acts: Iterable[Act]) -> Handling:
    """Return where an incident stands after its acts, oldest first."""
    said: dict[str, object] = {}
    tickets: list[tuple[str, str]] = []
    for act in acts:
        detail = act.detail
        if act.kind is ActKind.ACKNOWLEDGE and "acknowledged_at" not in said:
            said |= {"acknowledged_at": act.at, "acknowledged_by": act.actor}
        elif act.kind is ActKind.OWN:
            said["owner"] = str(detail["owner"])
        elif act.kind is ActKind.HAND_OVER:
            said["owner"] = str(detail["to"])
        elif act.kind is ActKind.PROMISE:
            said["until"] = int(detail["until"])
        elif act.kind is ActKind.TICKET:
            tickets.append((str(detail["number"]), str(detail["at"])))
        elif act.kind is ActKind.OVERRULE:
            said |= {"overruled": Cause(detail["cause"]), "overruled_because": str(detail["reason"])}
        elif act.kind in (ActKind.MERGE, ActKind.SPLIT):
            said["merged_into"] = str(detail["into"]) if act.kind is ActKind.MERGE else None
        elif act.kind in (ActKind.CLOSE, ActKind.FALSE_ALARM, ActKind.REOPEN):
            said["is_closed"] = act.kind is not ActKind.REOPEN
            said["is_false"] = act.kind is ActKind.FALSE_ALARM
    return Handling(tickets=tuple(tickets), **said)  # type: ignore[arg-type]  # each name has its own type above
