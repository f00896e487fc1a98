"""Judge a fleet from its agents' records, people's reports and the passing of time. Pure: no clock, chance or I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from machxa_collector.incidents.fleet import Fleet, Report
from machxa_collector.incidents.incident import Defect, Incident, Notice
from machxa_collector.incidents.rules import Rules
from machxa_collector.registry.calendar import Calendars
from machxa_collector.watch.presence import Presence, State
from machxa_wire.records import Presence as Here
from machxa_wire.records import Record


class Judge:
    """Know what is wrong, where and since when. All times are milliseconds since 1970 UTC. Use from one thread.

    Records are heard as the intake committed them, in each agent's order; tick judges what changed or is due.
    """

    def __init__(self, fleet: Fleet, rules: Rules, calendars: Calendars) -> None:
        """Begin with nothing heard; units without a calendar have no working time."""
        self._fleet = fleet
        self._rules = rules
        self._calendars = calendars
        self._presences: dict[str, Presence] = {}

    def hear(self, agent: str, record: Record | Here, received_at: int) -> None:
        """Take one record of an agent, or its presence on the broker; those of an unknown agent are only counted."""

    def report(self, report: Report) -> None:
        """Take one report of a person that came otherwise than as an agent's ``human.report``."""

    def tick(self, now: int) -> None:
        """Judge what changed or is due; now never goes back."""

    def blind(self, since: int | None) -> None:
        """Say that the centre itself is cut off since a moment, or with None that it hears again."""

    def incidents(self) -> Sequence[Incident]:
        """Return those open and ended that nothing else explains, in the order they were noticed."""
        return ()

    def take_notifications(self) -> Sequence[Notice]:
        """Return what is to be told since the last call: at most one OPENED for an incident, after its hold-down."""
        return ()

    def presence(self, asset: str) -> Presence:
        """Return what is known of an asset being here."""
        return self._presences.get(asset, Presence(state=State.UNKNOWN))

    def sites(self) -> Mapping[str, str]:
        """Return for each unit "serving", "cut", "closed" (nobody is expected), or "unknown"."""
        return {site.code: "unknown" for site in self._fleet.sites}

    def defects(self) -> Sequence[Defect]:
        """Return what was set aside because it raised."""
        return ()
