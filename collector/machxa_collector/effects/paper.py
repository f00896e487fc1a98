"""Say where a unit's paper work stands: what is to be typed in, what is overdue for it, how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machxa_collector.effects.facts import Facts
from machxa_collector.effects.outages import moment
from machxa_collector.impact import Explained, Group
from machxa_collector.impact.ledger import is_red, reentry
from machxa_collector.impact.timeline import kept_weekday
from machxa_collector.store import paper
from machxa_collector.store.paper import Line, Spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Hold a spell with its lines; red: the numbers of those that wait for more than one working day."""

    spell: Spell
    lines: tuple[Line, ...]
    red: frozenset[str]
    reentry: Explained

    @property
    def left(self) -> int:
        """Return how many are still to be typed in."""
        return sum(line.entered_at is None for line in self.lines)


def ledger_of(facts: Facts, spell: Spell, lines: Sequence[Line] | None = None) -> Ledger | None:
    """Return a spell's ledger as it stands now; None for a unit the registry does not know."""
    flow = facts.flows().get(spell.unit)
    if flow is None:
        return None
    found = tuple(paper.lines(facts.store, spell.pk) if lines is None else lines)
    now, model, calendars, today = facts.now(), facts.model(), facts.calendars, facts.today()
    left = [line for line in found if line.entered_at is None]
    weekday = kept_weekday(calendars.plan(spell.unit, today))
    return Ledger(
        spell=spell,
        lines=found,
        red=frozenset(
            line.number
            for line in left
            if is_red(spell.unit, moment(line.received_at), now, calendars, model.pace.day_hours)
        ),
        reentry=reentry((Group(line.group) for line in left), flow, model, weekday, today),
    )
