from __future__ import annotations

from pathlib import Path

from sqlalchemy import LargeBinary, select, type_coerce

from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.engine import open_store
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.sealed import seal_all
from machxa_collector.store.tables import agents
from tests.collector.builders import enrol

KEYS = Keyring((b"s" * 32,))
OTHER = Keyring((b"t" * 32,))


def raw(path: Path) -> bytes:
    """Return everything that stands in the store's files."""
    return b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))


def test_an_agents_key_stands_in_no_file_of_the_store_and_is_read_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "machxa.db"
    store = open_store(path, KEYS)

    agent = enrol(store)

    assert [one.key for one in SqlIntakeStore(store).agents()] == [agent.key]
    assert agent.key not in raw(path)
    store.dispose()
    assert agent.key not in raw(path)


def test_keys_of_an_older_release_are_sealed_and_leave_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "machxa.db"
    plain = open_store(path)
    agent = enrol(plain)
    plain.dispose()
    assert agent.key in raw(path)

    store = open_store(path, KEYS)
    sealed = [seal_all(store), seal_all(store)]

    assert sealed == [1, 0]
    assert [one.key for one in SqlIntakeStore(store).agents()] == [agent.key]
    store.dispose()
    assert agent.key not in raw(path)


def test_without_the_right_key_an_agent_is_not_heard_and_its_row_is_left_alone(place: str) -> None:
    agent = enrol(open_store(place, KEYS))

    for seals in (OTHER, None):
        store = open_store(place, seals)
        read = [one.key for one in SqlIntakeStore(store).agents()]
        assert len(read[0]) == 32
        assert read != [agent.key]
        assert seal_all(store) == 0

    assert [one.key for one in SqlIntakeStore(open_store(place, KEYS)).agents()] == [agent.key]


def test_the_same_key_is_sealed_anew_each_time(place: str) -> None:
    store = open_store(place, KEYS)
    enrol(store, "may-1")
    enrol(store, "may-2")

    with store.connect() as connection:
        kept = connection.execute(select(type_coerce(agents.c.key, LargeBinary))).scalars().all()

    assert len(set(kept)) == 2
    assert {len(one) for one in kept} == {62}
