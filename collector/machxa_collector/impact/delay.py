"""F4: tell the backlog, catch-up and dossier-hours of one interruption of steady work, in closed form. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """Describe it: dossiers an hour in and at most out, capacity factor q, working hours, the share done on paper.

    reentry_effort is the part of a dossier's effort needed to type in what was done on paper.
    """

    arrivals: float
    capacity: float
    factor: float
    hours: float
    paper_ratio: float = 0.0
    reentry_effort: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Give held dossiers, work to catch up with (they and the re-entry), its hours, and dossier-hours without re-entry.

    catch_up and dossier_hours are unknown where arrivals meet or exceed capacity.
    """

    held: Explained
    work: Explained
    catch_up: Explained
    dossier_hours: Explained


def delay(one: Interruption) -> Delay:
    """Return what an interruption does; only where flow is steady: otherwise integrate (`held_up`)."""
    inputs: dict[str, Explained | float | str | None] = {
        "arrivals_per_hour": one.arrivals,
        "capacity_per_hour": one.capacity,
        "factor": one.factor,
        "hours": one.hours,
        "paper_ratio": one.paper_ratio,
    }
    waiting = max(0.0, one.arrivals * (1 - one.paper_ratio) - one.factor * one.capacity) * one.hours
    reentry = one.reentry_effort * one.paper_ratio * one.arrivals * one.hours
    held = known(waiting, Measure.DOSSIERS, "F4", **inputs)
    work = known(waiting + reentry, Measure.DOSSIERS, "F4", held=held, reentry_effort=one.reentry_effort, **inputs)
    spare = one.capacity - one.arrivals
    if waiting + reentry == 0:
        catch_up, cost = known(0.0, Measure.HOURS, "F4", work=work), known(0.0, Measure.DOSSIER_HOURS, "F4", held=held)
    elif spare <= 0:
        catch_up = unknown(Missing.NEVER_ENDS, Measure.HOURS, "F4", work=work, spare_per_hour=spare)
        cost = unknown(Missing.NEVER_ENDS, Measure.DOSSIER_HOURS, "F4", held=held, spare_per_hour=spare)
    else:
        catch_up = known((waiting + reentry) / spare, Measure.HOURS, "F4", work=work, spare_per_hour=spare)
        hours = one.hours + waiting / spare
        cost = known(waiting * hours / 2, Measure.DOSSIER_HOURS, "F4", held=held, spare_per_hour=spare)
    return Delay(held=held, work=work, catch_up=catch_up, dossier_hours=cost)


def overtime(catch_up: Explained, left_in_session: timedelta) -> Explained:
    """Return the hours of catch-up that do not fit into what is left of today's sessions: evenings or a Saturday."""
    left = left_in_session / timedelta(hours=1)
    if catch_up.figure is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.HOURS, "F4", catch_up=catch_up, left_in_session_hours=left)
    return known(max(0.0, catch_up.figure - left), Measure.HOURS, "F4", catch_up=catch_up, left_in_session_hours=left)
