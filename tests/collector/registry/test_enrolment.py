from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select

from machxa_collector.registry.enrolment import Asked
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import tables
from machxa_collector.store.access import add_token
from machxa_collector.store.enrolment import Enrolled, Grant, canary, enrol
from machxa_collector.store.queries import list_assets
from tests.collector.builders import unsigned

GRANT = Grant(5, b"k" * 32, unsigned)


def test_an_agent_gets_the_shard_its_id_hashes_to_and_an_asset_named_by_its_host(store: Engine) -> None:
    token = add_token(store, Purpose.ENROL, 0, lives_ms=10, uses=1)

    given = enrol(store, token, Asked(hostname="VP-THONGKE-02", role="gateway"), GRANT, here=True)

    (asset,) = list_assets(store, "", 10)
    assert isinstance(given, Enrolled)
    assert given.shard == hashlib.sha256(given.agent.encode()).hexdigest()[:2]
    assert (asset.name, asset.kind, asset.agent, asset.role) == ("VP-THONGKE-02", "computer", given.agent, "gateway")


def test_a_one_use_token_enrols_one_of_many_that_ask_at_once(store: Engine) -> None:
    token = add_token(store, Purpose.ENROL, 0, lives_ms=10, uses=1)

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: enrol(store, token, Asked(hostname=f"may-{n}"), GRANT, here=True), range(16)))

    with store.connect() as connection:
        kept = connection.execute(select(func.count()).select_from(tables.assets)).scalar_one()
    assert (sum(one is not None for one in given), kept) == (1, 1)


def test_the_collectors_own_agent_is_made_once_and_is_no_asset(store: Engine) -> None:
    first = canary(store, 5, b"k" * 32)

    assert canary(store, 6, b"j" * 32) == first
    assert list_assets(store, "", 10) == ()
