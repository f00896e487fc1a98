"""Say in which groups the first page of administration leads on: kinds of records, and pages beside them."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_web.admin.shapes import KindShape
from machxa_web.languages import msg
from machxa_web.places import May


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Hold one page, the permission that it asks for, and what is done there."""

    href: str
    words: str
    needs: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hold what belongs together: the names of its kinds of records, and its pages."""

    words: str
    kinds: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Hold a group as somebody may see it."""

    words: str
    kinds: tuple[KindShape, ...]
    links: tuple[Link, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        words=msg("Units, hours and people to call"),
        kinds=("units", "calendars", "counters", "contacts"),
        links=(
            Link(
                href="/calendars",
                words=msg("Working week"),
                needs="units.read",
                about=msg("a week of a unit or the province, with days off and declared sessions"),
            ),
            Link(
                href="/setup",
                words=msg("Set the centre up"),
                needs="units.write",
                about=msg("province, communes, hours, first code, first computer"),
            ),
        ),
    ),
    Group(
        words=msg("Equipment and lines"),
        kinds=("assets", "lines", "repairs"),
        links=(
            Link(
                href="/register",
                words=msg("Asset register"),
                needs="assets.read",
                about=msg("drafts, stocktakes, hand-overs, labels"),
            ),
            Link(
                href="/admin/identity",
                words=msg("Which device is which"),
                needs="assets.read",
                about=msg("records that may be one device"),
            ),
        ),
    ),
    Group(
        words=msg("Agents"),
        kinds=(),
        links=(
            Link(
                href="/admin/agents",
                words=msg("Agents and gateways"),
                needs="agents.read",
                about=msg("who reports, in which role and why, what is wrong"),
            ),
            Link(
                href="/admin/enrolment",
                words=msg("Codes for computers"),
                needs="agents.manage",
                about=msg("let computers in, and those that wait"),
            ),
            Link(
                href="/admin/configuration",
                words=msg("Settings and rollouts"),
                needs="settings.read",
                about=msg("how often agents measure, what goes out ring by ring, the signed policy"),
            ),
            Link(
                href="/admin/tokens",
                words=msg("Tokens for programs and screens"),
                needs="tokens.manage",
                about=msg("a wall’s screen, Prometheus, other programs"),
            ),
        ),
    ),
    Group(
        words=msg("Systems and dossiers"),
        kinds=("planned",),
        links=(
            Link(
                href="/systems",
                words=msg("Work systems"),
                needs="incidents.read",
                about=msg("what communes work with, and how each is known"),
            ),
            Link(
                href="/dossiers",
                words=msg("Figures of dossiers"),
                needs="units.read",
                about=msg("where they come from, and files brought by hand"),
            ),
            Link(
                href="/dossiers/model",
                words=msg("What dossiers need"),
                needs="incidents.read",
                about=msg("need matrix and other assumptions, version by version"),
            ),
        ),
    ),
    Group(
        words=msg("Norms and money"),
        kinds=(),
        links=(
            Link(
                href="/admin/norms",
                words=msg("Norms"),
                needs="costs.read",
                about=msg("who may have how many at which price, and the province’s own rows"),
            ),
            Link(
                href="/finance",
                words=msg("Purchase plan"),
                needs="costs.read",
                about=msg("needs, ceilings, scenarios"),
            ),
        ),
    ),
    Group(
        words=msg("Who may, and who is told"),
        kinds=(),
        links=(
            Link(
                href="/people",
                words=msg("People"),
                needs="people.read",
                about=msg("accounts, roles, territories"),
            ),
            Link(
                href="/notices/channels",
                words=msg("Channels"),
                needs="settings.read",
                about=msg("e-mail, chat groups, where notices go"),
            ),
            Link(
                href="/notices/schedules",
                words=msg("Reports that come by themselves"),
                needs="account.own",
                about=msg("the week’s brief, the month’s pages"),
            ),
        ),
    ),
    Group(
        words=msg("How well we know, and what was changed"),
        kinds=(),
        links=(
            Link(
                href="/admin/data-age",
                words=msg("Data age"),
                needs="settings.read",
                about=msg("how old each source is, and what to do"),
            ),
            Link(
                href="/admin/history",
                words=msg("History"),
                needs="assets.read",
                about=msg("everything that was changed in the registry, and by whom"),
            ),
        ),
    ),
)


def groups(kinds: tuple[KindShape, ...], may: May) -> tuple[Shown, ...]:
    """Return the groups of who asks; a kind that no group names stands in the second, so that none is lost."""
    known = {name for group in GROUPS for name in group.kinds}
    found = []
    for number, group in enumerate(GROUPS):
        own = tuple(one for one in kinds if one.name in group.kinds or (number == 1 and one.name not in known))
        links = tuple(one for one in group.links if may(one.needs))
        if own or links:
            found.append(Shown(words=group.words, kinds=own, links=links))
    return tuple(found)
