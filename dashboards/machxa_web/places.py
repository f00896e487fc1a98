"""Say which places the navigation leads to, and which of them who asks may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from fastapi import Request

from machxa_web.languages import msg

May = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold one link: needs is the permission that its page asks for, exact that pages below it are not its own."""

    href: str
    words: str
    needs: str
    exact: bool = False

    def holds(self, path: str) -> bool:
        """Return whether a page belongs to this place."""
        return path == self.href or (not self.exact and path.startswith(f"{self.href}/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hold the links that one person's work goes through, and the word above them."""

    words: str
    places: tuple[Place, ...]


GROUPS = (
    Group(
        words=msg("Watch"),
        places=(
            Place(href="/", words=msg("Duty desk"), needs="assets.read", exact=True),
            Place(href="/incidents", words=msg("Incidents"), needs="incidents.read"),
            Place(href="/communes", words=msg("Communes"), needs="incidents.read"),
            Place(href="/assets", words=msg("Devices"), needs="assets.read"),
            Place(href="/systems", words=msg("Systems"), needs="incidents.read"),
            Place(href="/dossiers", words=msg("Dossiers"), needs="units.read"),
            Place(href="/my-unit", words=msg("My unit"), needs="reports.read"),
            Place(href="/calendars", words=msg("Working week"), needs="units.read"),
            Place(href="/paper", words=msg("On paper"), needs="incidents.read"),
        ),
    ),
    Group(
        words=msg("Assets and plan"),
        places=(
            Place(href="/register", words=msg("Assets"), needs="assets.read"),
            Place(href="/finance", words=msg("Purchase plan"), needs="costs.read"),
            Place(href="/availability", words=msg("Availability"), needs="incidents.read"),
            Place(href="/outputs", words=msg("Documents"), needs="incidents.read"),
        ),
    ),
    Group(
        words=msg("Administration"),
        places=(
            Place(href="/admin", words=msg("Registry"), needs="assets.read"),
            Place(href="/admin/agents", words=msg("Agents"), needs="agents.read"),
            Place(href="/admin/configuration", words=msg("Agent settings"), needs="settings.read"),
            Place(href="/admin/enrolment", words=msg("Codes"), needs="agents.manage"),
            Place(href="/admin/tokens", words=msg("Tokens"), needs="tokens.manage"),
            Place(href="/admin/norms", words=msg("Norms"), needs="costs.read"),
            Place(href="/admin/data-age", words=msg("Data age"), needs="settings.read"),
            Place(href="/people", words=msg("People"), needs="people.read"),
            Place(href="/setup", words=msg("Setting up"), needs="units.write"),
        ),
    ),
    Group(
        words=msg("For me"),
        places=(
            Place(href="/notices", words=msg("Notices"), needs="account.own"),
            Place(href="/notices/schedules", words=msg("Regular reports"), needs="account.own"),
            Place(href="/account", words=msg("My account"), needs=""),
        ),
    ),
)

_SEARCH = "assets.read"
_WITHOUT_SCRIPT = ("/account", "/people")  # passwords, codes and who may do what: nothing runs there


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Hold the navigation as a page shows it: the groups of who asks, and the place of the page itself.

    open: the group that a wide screen shows the links of: the page's own, else the first. finds: whether who asks
    may search.
    """

    groups: tuple[Group, ...]
    here: Place | None
    open: Group | None
    finds: bool = False


def may_of(request: Request) -> May:
    """Return what tells whether who asks holds a permission by its name; where nobody is asked all are held."""
    may: Callable[[Request], May] | None = getattr(request.app.state, "may", None)
    return (lambda _needed: True) if may is None else may(request)


def where_of(request: Request) -> Where:
    """Return the navigation for a request; a page below two places belongs to the nearer."""
    may, path = may_of(request), request.url.path
    allowed = (
        replace(group, places=tuple(one for one in group.places if not one.needs or may(one.needs))) for group in GROUPS
    )
    groups = tuple(group for group in allowed if group.places)
    holding = [one for group in groups for one in group.places if one.holds(path)]
    here = max(holding, key=lambda one: len(one.href), default=None)
    shown = next((group for group in groups if here in group.places), next(iter(groups), None))
    return Where(groups=groups, here=here, open=shown, finds=may(_SEARCH) and not path.startswith(_WITHOUT_SCRIPT))
