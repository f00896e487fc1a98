"""Ask the store what says how well the centre does; each question bounded, none of them per agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from sqlalchemy import BigInteger, Connection, Engine, and_, cast, func, select

from machxa_collector.store import glpi_sent
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.members import Standing, standing
from machxa_collector.store.tables import agents, clocks, hellos, quarantine, reports, sink_places, spans, streams
from machxa_wire.refusal import Refused
from machxa_wire.text import inflate

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Health:
    """Hold the answers; see ``operating.rules.Seen`` for what each means."""

    agents: int
    silent: int
    holes: int
    declared: int
    clock_offsets: tuple[int, ...]
    quarantined: Mapping[str, int]
    versions: Mapping[str, int]
    sinks: Mapping[str, float]
    members: tuple[Standing, ...]


class _Said(msgspec.Struct):
    versions: dict[str, str] = msgspec.field(default_factory=dict)


_SAID = msgspec.json.Decoder(_Said)


def health(engine: Engine, now_ms: int, silent_days: int) -> Health:
    """Return how the centre does; agents that were revoked, and the centre's own, do not count."""
    heard = and_(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
    last = select(streams.c.agent_pk, func.max(streams.c.last_at).label("at")).group_by(streams.c.agent_pk).subquery()
    asked = select(func.count(), func.count().filter(last.c.at < now_ms - silent_days * _DAY_MS))
    holes = select(func.count()).where(streams.c.highest > streams.c.contiguous, streams.c.last_at < now_ms - _HOUR_MS)
    offsets = select(clocks.c.offset_ms).where(clocks.c.measured_at > now_ms - _DAY_MS)
    put_aside = select(quarantine.c.reason, func.count()).where(quarantine.c.at > now_ms - _DAY_MS)
    said = select(hellos.c.payload).join_from(hellos, agents, agents.c.pk == hellos.c.agent_pk).where(heard)
    with engine.connect() as connection:
        joined = asked.join_from(agents, last, last.c.agent_pk == agents.c.pk).where(heard)
        count, silent = connection.execute(joined).one()
        lost = select(cast(func.coalesce(func.sum(spans.c.last - spans.c.first + 1), 0), BigInteger)).where(
            spans.c.kind == "declared"
        )
        grouped = connection.execute(put_aside.group_by(quarantine.c.reason))
        return Health(
            agents=count,
            silent=silent,
            holes=connection.execute(holes.select_from(streams)).scalar_one(),
            declared=connection.execute(lost).scalar_one(),
            clock_offsets=tuple(connection.execute(offsets.limit(_MOST)).scalars()),
            quarantined={str(reason): number for reason, number in grouped},
            versions=_versions(connection.execute(said.limit(_MOST)).scalars()),
            sinks=_sinks(connection, now_ms),
            members=standing(connection),
        )


def _versions(payloads: Iterable[bytes]) -> Mapping[str, int]:
    """Count agents by the version they said; one whose hello cannot be read is left out."""
    found: Counter[str] = Counter()
    for payload in payloads:
        with suppress(Refused, msgspec.DecodeError):
            found[_SAID.decode(inflate(payload)).versions.get("agent", "?")[:20]] += 1
    return found


def _sinks(connection: Connection, now_ms: int) -> Mapping[str, float]:
    """Return for how many seconds each sink has lacked the oldest report or change it lacks, 0 for none."""
    behind: dict[str, float] = {}
    for name, received_at in connection.execute(select(sink_places.c.name, sink_places.c.received_at)).all():
        first = select(func.min(reports.c.received_at)).where(reports.c.received_at > received_at)
        waiting = connection.execute(first).scalar()
        behind[str(name)] = 0.0 if waiting is None else max(0.0, (now_ms - int(waiting)) / 1000)
    for name, since in glpi_sent.waits(connection).items():
        behind[name] = 0.0 if since is None else max(0.0, (now_ms - since) / 1000)
    return behind
