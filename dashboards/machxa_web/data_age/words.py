"""Say of each kind of source what it is, how old it may be, what rests on it, and what to do when it is too old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from machxa_web.languages import msg


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Hold the words of one kind, and where what is to be done is done."""

    title: str
    expected: str
    depends: str
    todo: str
    href: str


KINDS: Mapping[str, Kind] = {
    "agents": Kind(
        title=msg("Agents"),
        expected=msg("each heard within 16 minutes while its computer is on"),
        depends=msg("every figure of computers, presence, incidents, readiness"),
        todo=msg("see who is silent; restart the agent there, or look at the line"),
        href="/admin/agents?trouble=silent",
    ),
    "gateways": Kind(
        title=msg("Gateways"),
        expected=msg("one on duty, and on, in each unit with agents"),
        depends=msg("printers, routers, switches, UPSes and lines"),
        todo=msg("switch a computer of the unit on, or pin another gateway"),
        href="/admin/agents?role=gateway",
    ),
    "judgement": Kind(
        title=msg("Judgement of checks and incidents"),
        expected=msg("made anew within 2 minutes"),
        depends=msg("duty desk, incidents, notices"),
        todo=msg("look at the collector’s log and at machxa doctor"),
        href="/systems",
    ),
    "checks": Kind(
        title=msg("Systems that are checked"),
        expected=msg("each with a host and a signed policy that names it"),
        depends=msg("outages of systems, how long they held dossiers up"),
        todo=msg("fill in the hosts of your province, sign and install a policy"),
        href="/systems",
    ),
    "told": Kind(
        title=msg("System that somebody tells of"),
        expected=msg("as the catalogue says, mostly a day"),
        depends=msg("state of systems that nobody can ask"),
        todo=msg("ask whoever tells of it for the newest figures"),
        href="/systems",
    ),
    "dossiers": Kind(
        title=msg("Figures of dossiers"),
        expected=msg("a week where files are brought, three turns where the centre asks"),
        depends=msg("dossiers held up and at risk, overdue split, need by 1,000 dossiers"),
        todo=msg("bring the newest file, or see why asking fails"),
        href="/dossiers",
    ),
    "sinks": Kind(
        title=msg("Copy to another database"),
        expected=msg("within 10 minutes"),
        depends=msg("dashboards outside (Grafana and the like); nothing here"),
        todo=msg("see whether its server answers; what is missing is sent by itself for 7 days"),
        href="",
    ),
    "calendars": Kind(
        title=msg("Calendars"),
        expected=msg("hours of the province confirmed, no open question in the next 60 days"),
        depends=msg("every working hour: due times, outages, availability"),
        todo=msg("enter the letter’s days off and make-up days, confirm the hours"),
        href="/admin/records/calendars",
    ),
    "prices": Kind(
        title=msg("Price table"),
        expected=msg("a year at most"),
        depends=msg("money of the purchase plan"),
        todo=msg("have finance approve prices and keep them: machxa plan keep prices"),
        href="/finance",
    ),
    "staff": Kind(
        title=msg("Staff and counters of units"),
        expected=msg("a year, or since staff changed"),
        depends=msg("how many of each class a unit may have"),
        todo=msg("keep the newest numbers: machxa plan keep units"),
        href="/finance",
    ),
    "norms": Kind(
        title=msg("Norms and other dated rules"),
        expected=msg("read against the decrees within a year; no row of weak source"),
        depends=msg("needs, ceilings of price, useful lives, procurement limits"),
        todo=msg("compare with the decrees; enter what your province decided"),
        href="/finance",
    ),
    "support": Kind(
        title=msg("Ends of support of systems and programs"),
        expected=msg("half a year; it comes with the product"),
        depends=msg("score and advice for each computer"),
        todo=msg("update the product"),
        href="",
    ),
}
STATES: Mapping[str, str] = {
    "fresh": msg("fresh"),
    "old": msg("too old"),
    "never": msg("nothing came yet"),
    "none": msg("not set up"),
    "unknown": msg("not known"),
}
MARKS: Mapping[str, str] = {"fresh": "✓", "old": "⚠", "never": "✗", "none": "–", "unknown": "?"}
