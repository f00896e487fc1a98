"""Describe what may be told of an incident, and who may be told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.notify.wishes import Wishes
from machxa_collector.registry.people.territory import Territory

NOWHERE = "?"  # the unit of what stands in none
CHANNEL = "channel/"  # how the subject of an incident, and a recipient, name a channel
PERSON = "person/"


class Kind(Enum):
    """Say what is told of an incident; for one recipient each at most once."""

    OPENED = "opened"
    REVISED = "revised"  # another cause than was told
    WORSE = "worse"  # graver than was told
    ESCALATED = "escalated"  # nobody has acknowledged it
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Hold one thing to tell: the incident as it is now, where it stands with people, and when (ms since 1970 UTC).

    step numbers the rungs of the escalation, from 1; 0 for all other kinds. to names whom a rung is for, empty: all who
    may see the incident.
    """

    kind: Kind
    incident: Incident
    at: int
    handling: Handling = field(default_factory=Handling)
    step: int = 0
    to: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what names it beside the incident: a recipient is told each key once, each rise of severity too."""
        step = self.incident.severity.value if self.kind is Kind.WORSE else self.step
        return f"{self.kind.value}{step}" if step else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Hold whom to tell: a person ("person/ID") or a group behind a channel ("channel/ID"), and what they wish.

    channel is the one that carries it, None: in-app alone.
    """

    id: str
    wishes: Wishes
    territory: Territory
    channel: str | None = None

    def sees(self, incident: Incident) -> bool:
        """Tell whether they may see an incident: one of its units lies in their territory."""
        units = self.territory.units
        if units is None:
            return True
        if not units.isdisjoint(incident.units):
            return True
        return self.territory.with_nowhere and NOWHERE in incident.units

    def shown(self, incident: Incident) -> tuple[Incident, int]:
        """Return an incident with the units that they may see, and how many others it has."""
        units = self.territory.units
        if units is None:
            return incident, 0
        own = tuple(unit for unit in incident.units if unit in units or unit == NOWHERE)
        return replace(incident, units=own), len(incident.units) - len(own)

    def carries(self, incident: Incident) -> str | None:
        """Return the channel by which they hear of an incident; nobody is told of a dead channel by that channel."""
        return None if self.channel is not None and incident.subject == CHANNEL + self.channel else self.channel
