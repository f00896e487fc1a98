"""Give each unit a gateway and a standby, and put the standby on duty while the gateway is silent."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.intake.turn import Turn
from machxa_collector.registry import election
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.calendar import LOCAL, Calendars, OutsideCalendar, UnknownUnit
from machxa_collector.registry.election import Candidate, Choice, Held
from machxa_collector.store import attendance, queries, role_looks, roles
from machxa_collector.store.devices import on_the_lan
from machxa_collector.store.roles import Member, Standing
from machxa_wire.records import Hello
from machxa_wire.roles import GATEWAY, MOST_NEIGHBOURS, PC, STANDBY, Neighbour, RoleOrder, is_private

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0  # between looks at who is on duty
_ROLES_SECONDS = 15.0
_LATE_MS = 15_000  # a hello is stamped before it is committed, and may wait for others' transactions
_QUARTER_MS = 900_000
_SLOTS = 96  # each unit is judged anew once a day
_UNITS_AT_ONCE = 200  # bounds what is read at once when the whole country comes back
_ACTOR = "election"

Units = Mapping[str | None, Sequence[Member]]


class Elections:
    """Elect, store and publish; safe from any thread."""

    def __init__(
        self, store: Engine, turn: Turn, calendars: Callable[[], Calendars], now_ms: Callable[[], int]
    ) -> None:
        self._store, self._turn, self._calendars, self._now_ms = store, turn, calendars, now_ms
        self._lock = threading.RLock()
        self._roles_at, self._heard_at = float("-inf"), 0
        self._quarter = now_ms() // _QUARTER_MS
        self._signature: object = None
        self._strayed = self._vacant = frozenset[str | None]()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stopped.wait(_LOOK_SECONDS):
            try:
                self.look()
            except SQLAlchemyError as exc:
                logger.warning("roles wait for their next turn: %s", str(exc)[:200])
            except Exception:
                logger.exception("looking at roles met a defect; it goes on")

    def stop(self) -> None:
        """Make run return."""
        self._stopped.set()

    def publish(self) -> None:
        """Tell every holder its order: a restarted broker has forgotten what it retained."""
        for member in roles.holders(self._store):
            if member.standing is not None:
                self._turn.send_role(member.agent, member.standing.order)

    def look(self) -> None:
        """Change duties that have to change; now and then roles, too."""
        with self._lock:
            self.look_at_duties()
            if time.monotonic() - self._roles_at >= _ROLES_SECONDS:
                self._roles_at = time.monotonic()
                self.look_at_roles()

    def look_at_duties(self) -> None:
        """Put standbys on duty whose gateways are silent, and take them off when those are back."""
        odd = role_looks.on_odd_duty(self._store)
        for unit, those in _by_unit(roles.members(self._store, odd) if odd else ()).items():
            pair = {one.standing.order.role: one for one in those if one.standing and one.standing.unit == unit}
            gateway, standby = pair.get(GATEWAY), pair.get(STANDBY)
            if gateway is None or standby is None or gateway.standing is None:
                continue
            before = GATEWAY if gateway.standing.order.on_duty else STANDBY
            duty = election.on_duty(_seen(gateway), _seen(standby), before, self._now_ms())
            if duty != before:
                logger.info("unit %s: its %s is on duty now", unit, duty)
                self._set_duty(unit, (gateway, standby), duty)

    def look_at_roles(self) -> None:
        """Elect where something calls for it, and where the day's turn has come."""
        now = self._now_ms()
        heard, self._heard_at = role_looks.heard(self._store, self._heard_at - _LATE_MS), now
        quarter, before = now // _QUARTER_MS, self._quarter
        self._quarter = quarter
        turns = {one % _SLOTS for one in range(max(before + 1, quarter - _SLOTS), quarter + 1)}
        units = role_looks.units(self._store) if quarter != before else frozenset[str]()
        self._look_where_they_stand(is_due=quarter != before)
        wanted = heard | self._strayed | {unit for unit in units if _slot(unit) in turns}
        looked_at = sorted(wanted | self._vacant | role_looks.dark(self._store, now - election.BOTH_SILENT_MS), key=str)
        for start in range(0, len(looked_at), _UNITS_AT_ONCE):
            some = roles.members(self._store, looked_at[start : start + _UNITS_AT_ONCE])
            for unit, those in _by_unit(some).items():
                try:
                    if unit is None:
                        self._keep(unit, those, {}, Choice())
                    elif unit in wanted or election.is_due(list(map(_seen, those)), _held(unit, those), now):
                        self._elect(unit, those)
                except SQLAlchemyError:
                    raise
                except Exception:
                    logger.exception("the election of unit %s met a defect; the other units' go on", unit)
        if quarter != before:
            self._count_attendance(units, now)

    def _look_where_they_stand(self, *, is_due: bool) -> None:
        """Find what follows from who stands where, and has which role, alone: anew when that has changed, or is due."""
        signature = role_looks.signature(self._store)
        if is_due or signature != self._signature:
            self._strayed, self._vacant = role_looks.strayed(self._store), role_looks.vacant(self._store)
            self._signature = signature

    def _elect(self, unit: str, those: Sequence[Member]) -> None:
        pks = [one.agent.pk for one in those]
        told, on = roles.told_hellos(self._store, pks), attendance.read(self._store, pks)
        facts = queries.newest_facts_of(self._store, pks)
        candidates = [
            _known(one, told.get(one.agent.pk), facts.get(one.agent.pk, {}), on.get(one.agent.pk, (0, 0)))
            for one in those
        ]
        choice = election.elect(candidates, _held(unit, those), self._now_ms())
        self._keep(unit, those, told, choice)

    def _keep(self, unit: str | None, those: Sequence[Member], told: Mapping[int, Hello], choice: Choice) -> None:
        """Store and publish the orders that a choice asks for, where they are other than those in force."""
        changed: dict[int, Standing] = {}
        noted: dict[int, Standing] = {}  # with other reasons for the same order
        acts: list[Entry] = []
        duty = _duty_after(those, choice)
        devices = _devices(on_the_lan(self._store, [one.agent.pk for one in those])) if choice.gateway else ()
        for member in those:
            role = {choice.gateway: GATEWAY, choice.standby: STANDBY}.get(member.agent.id, PC)
            if role == PC and member.standing is None:
                continue
            new = self._standing(unit, member, role, duty=duty)
            if role != PC:
                peer, others = _around(member, those, told, choice.standby if role == GATEWAY else choice.gateway)
                around = (*others, *devices)[:MOST_NEIGHBOURS]
                new = replace(new, order=replace(new.order, peer=peer, neighbours=around))
            new = replace(new, reasons=choice.reasons.get(member.agent.id, ()))
            if member.standing is None or _content(member.standing) != _content(new):
                changed[member.agent.pk] = self._newer(member, new)
                if member.standing is None or member.standing.order.role != role:
                    acts.append(self._act(unit, member, role, new.reasons))
            elif member.standing != new:
                noted[member.agent.pk] = new
        if noted:
            roles.save(self._store, noted)
        self._publish(those, changed, acts)

    def _standing(self, unit: str | None, member: Member, role: str, *, duty: str) -> Standing:
        now, old = self._now_ms(), member.standing
        on_duty = role != PC and role == duty
        order = RoleOrder(old.order.version if old else 0, role, on_duty=on_duty)
        return Standing(
            unit=unit,
            order=order,
            since=old.since if old is not None and (old.order.role, old.unit) == (role, unit) else now,
            duty_since=old.duty_since if old is not None and old.order.on_duty == on_duty else now,
        )

    def _set_duty(self, unit: str | None, pair: Collection[Member], duty: str) -> None:
        changed: dict[int, Standing] = {}
        for member in pair:
            old = member.standing
            if old is not None:
                order = replace(old.order, on_duty=old.order.role == duty)
                changed[member.agent.pk] = self._newer(
                    member, replace(old, unit=unit, order=order, duty_since=self._now_ms())
                )
        self._publish(pair, changed, ())

    def _newer(self, member: Member, standing: Standing) -> Standing:
        """Return it with a version that no agent has seen, even from a store that was set back."""
        known = member.standing.order.version if member.standing is not None else 0
        return replace(standing, order=replace(standing.order, version=max(known + 1, self._now_ms())))

    def _publish(self, those: Collection[Member], changed: Mapping[int, Standing], acts: Sequence[Entry]) -> None:
        if not changed:
            return
        roles.save(self._store, changed, acts)
        for member in those:
            if member.agent.pk in changed:
                self._turn.send_role(member.agent, changed[member.agent.pk].order)

    def _count_attendance(self, units: Collection[str], now: int) -> None:
        moment = datetime.fromtimestamp(now / 1000, UTC)
        working = [unit for unit in units if _works(self._calendars(), unit, moment)]
        attendance.count(self._store, working, moment.astimezone(LOCAL).toordinal() - _EPOCH)

    def _act(self, unit: str | None, member: Member, role: str, reasons: Sequence[str]) -> Entry:
        return Entry(
            at=self._now_ms(),
            actor=_ACTOR,
            action="role.elect",
            subject=f"agent/{member.agent.id}",
            detail={"unit": unit, "role": role, "reasons": " ".join(reasons)},
        )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def _works(calendars: Calendars, unit: str, moment: datetime) -> bool:
    try:
        return calendars.w_act(unit, moment - timedelta(minutes=1), moment) > timedelta()
    except (UnknownUnit, OutsideCalendar):
        return False


def _by_unit(those: Collection[Member]) -> dict[str | None, list[Member]]:
    units: dict[str | None, list[Member]] = defaultdict(list)
    for one in those:
        units[one.unit].append(one)
    return units


def _seen(member: Member) -> Candidate:
    return Candidate(
        agent=member.agent.id,
        is_asked=member.asked == GATEWAY,
        pin=member.pin,
        state=member.state,
        since=member.state_since,
        heard_at=member.heard_at,
    )


def _known(member: Member, hello: Hello | None, facts: Mapping[str, object], on: tuple[int, int]) -> Candidate:
    wired, portable = election.of_facts(facts)
    versions = {} if hello is None else hello.versions
    return replace(
        _seen(member),
        is_wired=wired,
        is_portable=portable,
        on_ratio=election.on_ratio(*on),
        has_snmp=None if hello is None else "snmp" in versions,
        version=versions.get("agent", ""),
    )


def _held(unit: str, those: Sequence[Member]) -> Held:
    """Return who has the roles by orders of this very unit."""
    pair = {one.standing.order.role: one for one in those if one.standing is not None and one.standing.unit == unit}
    gateway, standby = pair.get(GATEWAY), pair.get(STANDBY)
    since = [one.standing.since for one in (gateway, standby) if one is not None and one.standing is not None]
    return Held(
        gateway=None if gateway is None else gateway.agent.id,
        standby=None if standby is None else standby.agent.id,
        since=max(since, default=0),
    )


def _duty_after(those: Sequence[Member], choice: Choice) -> str:
    """Return which role is on duty: as before while the same two have the roles, else the gateway."""
    held = {one.agent.id: one.standing.order for one in those if one.standing is not None}
    standby = held.get(choice.standby or "")
    gateway = held.get(choice.gateway or "")
    is_same = standby is not None and gateway is not None and (gateway.role, standby.role) == (GATEWAY, STANDBY)
    return STANDBY if is_same and standby is not None and standby.on_duty else GATEWAY


def _around(
    member: Member, those: Sequence[Member], told: Mapping[int, Hello], peer: str | None
) -> tuple[str | None, tuple[Neighbour, ...]]:
    """Return what an order tells of the LAN: the peer's address, and those of the unit's other agents."""
    at = {one.agent.id: told[one.agent.pk].lan for one in those if one.agent.pk in told}
    private = {agent: lan for agent, lan in at.items() if lan is not None and is_private(lan)}
    others = [Neighbour(agent, "pc", lan) for agent, lan in sorted(private.items()) if agent != member.agent.id]
    return private.get(peer or ""), tuple(others[:MOST_NEIGHBOURS])


def _devices(known: Sequence[tuple[str, str, str]]) -> tuple[Neighbour, ...]:
    """Return what one of the unit's gateways watches, so that whoever is on duty next does."""
    return tuple(Neighbour(key, kind, address) for key, kind, address in known if is_private(address))


def _content(standing: Standing) -> tuple[object, ...]:
    return standing.unit, replace(standing.order, version=0)


def _slot(unit: str) -> int:
    return hashlib.sha256(unit.encode()).digest()[0] % _SLOTS
