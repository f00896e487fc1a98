"""A revocation, whoever made it: heard by the intake no more, on the list, and told to the broker once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, select

from machxa_collector import authority
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason, described
from machxa_collector.registry.enrolment import Asked
from machxa_collector.registry.tokens import Purpose
from machxa_collector.revocation import Revocation, current_list
from machxa_collector.store import access, certificates, enrolment, tables
from machxa_collector.store.enrolment import Enrolled, Grant
from machxa_collector.store.intake import SqlIntakeStore
from tests.collector.api import asking
from tests.collector.builders import MIDNIGHT, Known, arrival, samples

DEADLINE_SECONDS = 20.0


class Broker:
    """Be told of revocations; the first time it fails as given."""

    def __init__(self, *, away: Exception | None = None) -> None:
        self.told: list[tuple[list[str], bytes]] = []
        self._away = away

    def take(self, agents: Sequence[str], revoked: bytes) -> None:
        if self._away is not None and agents:
            away, self._away = self._away, None
            raise away
        self.told.append((list(agents), revoked))

    def heard(self) -> list[list[str]]:
        return [agents for agents, _ in self.told if agents]


@contextmanager
def _running(store: Engine, kept: authority.KeptAuthority, pipeline: Pipeline, broker: Broker) -> Iterator[Revocation]:
    revoking = Revocation(store, kept, lambda: MIDNIGHT, refresh=pipeline.refresh, told=broker.take)
    thread = threading.Thread(target=revoking.run, daemon=True)
    thread.start()
    try:
        yield revoking
    finally:
        revoking.stop()
        thread.join(DEADLINE_SECONDS)


def _kept(folder: Path) -> authority.KeptAuthority:
    return authority.opened(folder, lambda: datetime.fromtimestamp(MIDNIGHT / 1000, UTC))


def _pipeline(store: Engine) -> Pipeline:
    return Pipeline(SqlIntakeStore(store), Meters(CollectorRegistry()), lambda: MIDNIGHT)


def _revoke(store: Engine, agent: str) -> None:
    entry = Entry(at=MIDNIGHT, actor="it", action="agent.revoke")
    assert certificates.revoke_agent(store, agent, Reason.KEY_COMPROMISE, entry)


def _until_told(broker: Broker, count: int) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while len(broker.heard()) < count:
        assert time.monotonic() < deadline, "the broker was not told in time"
        time.sleep(0.02)


def test_a_revoked_agents_next_record_is_refused_and_the_broker_is_told_once(
    store: Engine, agent: Known, tmp_path: Path
) -> None:
    pipeline, broker = _pipeline(store), Broker()
    before = pipeline.process([arrival(agent, samples(1, MIDNIGHT, (0,), ((1,),)))])
    with _running(store, _kept(tmp_path), pipeline, broker) as revoking:
        _revoke(store, agent.id)
        revoking.look()
        _until_told(broker, 1)
        revoking.look()

        after = pipeline.process([arrival(agent, samples(2, MIDNIGHT, (0,), ((1,),)))])

    acknowledged = [[one.topic for one in told if one.topic.endswith("/ack")] for told in (before, after)]
    assert (len(acknowledged[0]), acknowledged[1]) == (1, [])
    assert broker.heard() == [[agent.id]]
    with store.connect() as connection:
        refused = connection.execute(select(tables.refusals.c.reason, tables.refusals.c.count)).all()
    assert refused == [("agent", 1)]


@pytest.mark.parametrize("away", [ConnectionRefusedError("away"), ZeroDivisionError("a defect")])
def test_a_broker_that_could_not_be_told_is_told_later(
    store: Engine, agent: Known, tmp_path: Path, away: Exception
) -> None:
    broker = Broker(away=away)
    with _running(store, _kept(tmp_path), _pipeline(store), broker) as revoking:
        _revoke(store, agent.id)
        revoking.look()
        _until_told(broker, 1)

    assert broker.heard() == [[agent.id]]


def test_the_list_names_revoked_certificates_and_who_was_revoked_before_is_not_told_again(
    store: Engine, tmp_path: Path
) -> None:
    kept = _kept(tmp_path)
    token = access.add_token(store, Purpose.ENROL, MIDNIGHT, lives_ms=1000, uses=1)
    asked = Asked(hostname="a", request=asking.csr().encode(), fingerprint="f")
    given = enrolment.enrol(store, token, asked, Grant(MIDNIGHT, b"k" * 32, kept.issue), here=True)
    assert isinstance(given, Enrolled)
    assert given.certificate is not None
    _revoke(store, given.agent)
    broker = Broker()

    with _running(store, kept, _pipeline(store), broker):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not broker.told:
            assert time.monotonic() < deadline, "the list was not written in time"
            time.sleep(0.02)

    serial = described(given.certificate.encode()).serial
    listed = x509.load_pem_x509_crl(current_list(store, kept, MIDNIGHT))
    assert broker.heard() == []
    assert [one.serial_number for one in x509.load_pem_x509_crl(broker.told[0][1])] == [serial]
    assert [one.serial_number for one in listed] == [serial]
