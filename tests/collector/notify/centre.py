"""Run the telling on a real store, with a clock of the test's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.incidents.words import Told
from machxa_collector.notify.composing import Composer
from machxa_collector.notify.delivery import Delivery, Send
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.carrying import Letter
from machxa_collector.notify.ways.settings import Settings, settings_of
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import channels, incidents, outbox
from machxa_collector.store.channels import Channel, Wished
from machxa_collector.store.outbox import Message
from machxa_collector.store.registry import Snapshot
from tests.collector.notify.incidents import at
from tests.collector.notify.servers import HERE

SEALS = Keyring((b"s" * 32,))
LINK = "person/link"


@dataclass
class Centre:
    """Hold a store, a clock, and what tells people; send stands where messages leave."""

    store: Engine
    known: Snapshot
    now: int = at("09:05")
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.send: Send = partial(sending.send, allowed=HERE)
        self.meters = NotifyMeters(self.registry)
        self.composer = Composer(self.store, lambda: self.known, self.meters)
        self.delivery = Delivery(self.store, SEALS, lambda: self.now, self.meters, self._post, lambda: 0.0)

    def _post(self, settings: Settings, letter: Letter) -> None:
        self.send(settings, letter)

    def note(self, one: Incident, told: Told = Told.OPENED) -> bool:
        """Keep an incident and note that it is to be told, as the judgement does."""
        incidents.save(self.store, [one])
        notice = Notice(at=self.now, incident=one.id, told=told, severity=one.severity)
        return incidents.note_told(self.store, notice)

    def turn(self, clock: str | None = None, day: int = 10) -> None:
        """Let the time be as given, make messages, and send what is due, one channel after the other."""
        self.now = self.now if clock is None else at(clock, day)
        self.composer.turn(self.now)
        for one in channels.every(self.store):
            if one.enabled and one.next_at <= self.now:
                while self.delivery.one(one.id):
                    pass

    def channel(
        self,
        id_: str,
        kind: str,
        said: Mapping[str, object],
        rules: Mapping[str, object] | None = None,
        seals: Keyring = SEALS,
    ) -> None:
        """Add a channel."""
        one = Channel(
            id=id_,
            kind=kind,
            shown=settings_of(kind, said).shown,
            rules=rules,
            enabled=True,
            changed_at=0,
            changed_by="test",
            failing_since=None,
            failures=0,
            next_at=0,
            delivered_at=None,
            error=None,
        )
        with self.store.begin() as connection:
            channels.put(connection, seals, one, said)

    def wish(self, channel: str | None, address: str = "", who: str = LINK, **body: object) -> None:
        """Let somebody choose how they are told."""
        said = Wished(recipient=who, body=body, channel=channel, has_address=False)
        with self.store.begin() as connection:
            channels.wish(connection, SEALS, said, address, self.now)

    def mine(self, who: str = LINK) -> list[Message]:
        """Return somebody's messages, the oldest first."""
        return list(reversed(outbox.mine(self.store, who, None, 500)))

    def subjects(self, who: str = LINK) -> list[str]:
        """Return what somebody reads."""
        return [str(one.body["vi"]["subject"]) for one in self.mine(who)]  # type: ignore[index] # JSON of ours

    def count(self, name: str, **labels: str) -> float:
        """Return what a meter counts."""
        return self.registry.get_sample_value(name, labels) or 0.0


@dataclass
class Post:
    """Stand where messages leave: keep them, or raise what is given."""

    sent: list[Letter] = field(default_factory=list)
    fault: Exception | None = None

    def __call__(self, _settings: Settings, letter: Letter) -> None:
        if self.fault is not None:
            raise self.fault
        self.sent.append(letter)


def over(one: Incident, clock: str) -> Incident:
    """Return an incident as ended."""
    return replace(one, ended_at=at(clock))
