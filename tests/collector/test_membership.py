"""A member takes its place among several collectors, leads where nobody does, and is refused where it may not be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, text

from machxa_collector import data_folder, store_address
from machxa_collector.failure import CannotRunError
from machxa_collector.membership import Membership
from machxa_collector.membership_metrics import measure
from machxa_collector.store.engine import connect
from tests.collector.postgres import Cluster

_WAIT_SECONDS = 60.0


@pytest.fixture
def address(server: Cluster) -> Iterator[str]:
    with server.migrated() as url:
        yield url


@pytest.fixture
def store(address: str) -> Iterator[Engine]:
    engine = connect(address)
    yield engine
    engine.dispose()


@contextmanager
def running(member: Membership, store: Engine) -> Iterator[list[int | None]]:
    """Run a member; give the terms of which it was told."""
    terms: list[int | None] = []
    heard = threading.Semaphore(0)

    def leads(term: int | None) -> None:
        terms.append(term)
        heard.release()

    member.join(store, "keys")
    thread = threading.Thread(target=member.run, args=(leads,))
    thread.start()
    try:
        assert heard.acquire(timeout=_WAIT_SECONDS)
        yield terms
    finally:
        member.stop()
        thread.join(_WAIT_SECONDS)


@pytest.mark.postgres
def test_the_first_one_leads_with_all_shards_and_says_so(address: str, store: Engine) -> None:
    member, registry = Membership(address, "a"), CollectorRegistry()
    measure(member, registry)

    with running(member, store) as terms:
        told = [registry.get_sample_value(f"machxa_member_{one}", {"member": "a"}) for one in ("shards", "leads")]

    assert told == [256.0, 1.0]
    assert terms == [1, None]


@pytest.mark.postgres
def test_a_leader_whose_session_is_cut_goes_on_in_its_term_where_nobody_led_meanwhile(
    address: str, store: Engine
) -> None:
    member = Membership(address, "a")
    with running(member, store) as terms:
        before = member.holding()
        with store.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        locked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        ended = threading.Event()
        with store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.execute(locked).scalar_one() < 3:
                member.look()
                assert not ended.wait(0.05)

        assert terms == [1]
        assert member.holding() == before


@pytest.mark.postgres
def test_a_collector_alone_and_members_refuse_each_other_and_a_name_is_had_once(address: str, tmp_path: Path) -> None:
    store_address.remember(tmp_path, address)
    with data_folder.sole_collector(tmp_path), pytest.raises(CannotRunError, match="runs alone on this store"):
        data_folder.membership(tmp_path, "a")
    member = data_folder.membership(tmp_path, "a")
    with pytest.raises(CannotRunError, match="member a runs on this store"):
        data_folder.membership(tmp_path, "a")
    with pytest.raises(CannotRunError, match="another collector runs on store"):
        data_folder.sole_collector(tmp_path).__enter__()
    member.leave_locks()


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "a" * 41])
def test_a_name_that_could_not_be_shown_is_refused(name: str) -> None:
    with pytest.raises(CannotRunError, match="lower-case letters"):
        Membership("postgresql://nobody@127.0.0.1:1/x", name)


def test_a_member_needs_a_postgresql(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="needs a store in PostgreSQL"):
        data_folder.membership(tmp_path, "a")
