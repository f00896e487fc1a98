"""Find who is to be told: persons who may see incidents, and channels that are told themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Engine

from machxa_collector.notify.happening import CHANNEL, PERSON, Recipient
from machxa_collector.notify.wishes import BadWishes, Wishes, wishes_of
from machxa_collector.registry.people import NATION, BadScope, Permission, Scope, allowed_to, read_scope
from machxa_collector.registry.people.territory import Territory, territory_of
from machxa_collector.registry.units import Units
from machxa_collector.store import channels, people

logger = logging.getLogger(__name__)

BY_LINK = PERSON + "link"  # whoever started an evaluation, where nobody has an account
GROUP_BUDGET = 200  # a group or a program reads more than a person


def recipients(store: Engine, units: Units) -> Sequence[Recipient]:
    """Return everybody who may be told today, persons first."""
    known = {one.id: one for one in channels.every(store) if one.enabled}
    return (*_persons(store, units, known), *_groups(known, units))


def aliases(store: Engine) -> Mapping[str, str]:
    """Return persons by how an escalation may name them: person/LOGIN is person/ID."""
    return {PERSON + one.login: PERSON + one.id for one in people.every(store)}


def own_wishes(body: Mapping[str, object]) -> Wishes:
    """Return wishes that were kept; those of another release that no longer fit become the usual ones."""
    try:
        return wishes_of(body)
    except BadWishes as exc:
        logger.warning("wishes cannot be read, the usual ones hold: %s", exc)
        return Wishes()


def rules_of(rules: Mapping[str, object]) -> tuple[Scope, Wishes]:
    """Return what a channel itself is told: of which territory, and how; raises BadScope and BadWishes."""
    said = {"budget": GROUP_BUDGET, **rules}
    scope = read_scope(str(said.pop("scope", "nation")))
    return scope, wishes_of(said)


def _persons(store: Engine, units: Units, known: Mapping[str, channels.Channel]) -> Iterator[Recipient]:
    wished = channels.wished(store)
    accounts = people.every(store)
    scopes = {one.scope for one in accounts}
    territories = {scope: territory_of(scope, units) for scope in scopes}  # hundreds of people share a few
    if not accounts:
        yield _person(BY_LINK, territory_of(NATION, units), wished, known)
    for one in accounts:
        if one.disabled_at is None and Permission.INCIDENTS_READ in allowed_to(one.roles):
            yield _person(PERSON + one.id, territories[one.scope], wished, known)


def _person(
    id_: str, territory: Territory, wished: Mapping[str, channels.Wished], known: Mapping[str, channels.Channel]
) -> Recipient:
    said = wished.get(id_)
    wishes = Wishes() if said is None else own_wishes(said.body)
    channel = known.get(said.channel or "") if said is not None else None
    reaches = channel is not None and said is not None and (channel.kind != "email" or said.has_address)
    return Recipient(
        id=id_, wishes=wishes, territory=territory, channel=channel.id if channel is not None and reaches else None
    )


def _groups(known: Mapping[str, channels.Channel], units: Units) -> Iterator[Recipient]:
    for one in known.values():
        if one.rules is None:
            continue
        try:
            scope, wishes = rules_of(one.rules)
        except (BadScope, BadWishes) as exc:
            logger.warning("channel %s tells nobody, its rules cannot be read: %s", one.id, exc)
            continue
        yield Recipient(id=CHANNEL + one.id, wishes=wishes, territory=territory_of(scope, units), channel=one.id)
