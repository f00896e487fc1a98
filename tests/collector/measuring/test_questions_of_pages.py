"""No page asks the store more for many rows than for few, and the bench of the pages measures the answers it means."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

from fastapi.routing import APIRoute
from sqlalchemy import delete

from machxa_collector.api.deps import Deps
from machxa_collector.measuring import bench_pages, one_server
from machxa_collector.measuring.bench_pages import HOME, NOW_MS
from machxa_collector.pages import pages
from machxa_collector.registry.units import Kind, Unit, bundled_units
from machxa_collector.store import sample_duty, seed, tables, terms
from machxa_collector.store.engine import connect
from tests.collector.stores import fresh_store

PER_COMMUNE = 6
MOST_OF_A_DEVICE = 40  # its five charts are read together
OTHERS = (
    "/communes/{unit}", "/communes/{unit}/live", "/communes/{unit}/month", "/assets/{asset}", "/assets/{asset}/live",
    "/incidents/aaaaaaaaaaaaaaaa", "/admin/records/assets", "/admin/records/lines", "/admin/records/contacts",
    "/?all=1", "/?province=all", "/search?q=dell", "/search?q=ma", "/dossiers/flow?unit={unit}",
    "/register?unit={unit}", "/availability?by=device&unit={unit}",
)  # fmt: skip


@lru_cache(maxsize=1)
def communes() -> Sequence[Unit]:
    its = (one for one in bundled_units() if one.kind is Kind.COMMUNE and one.parent == HOME and one.valid_to is None)
    return list(its)[:15]


async def questions(folder: Path, units: Sequence[Unit], found: dict[str, list[int]]) -> Deps:
    """Note how often each page asks the store."""
    store = connect(folder / f"{len(units)}.db")
    sample_duty.fill(store, units, PER_COMMUNE * len(units), NOW_MS, Random(1))
    sample_duty.fill_dossiers(store, units, 20 * len(units), NOW_MS)
    terms.renew_all(store)
    deps = one_server.deps_of(store, lambda: NOW_MS)
    deps.duty.board()
    deps.duty.shown_while_kept()
    routers = pages(deps)
    app = one_server.app_of(deps, routers)
    routes = [one for router in routers for one in router.routes if isinstance(one, APIRoute)]
    whole = {one.path for one in routes if "GET" in (one.methods or ()) and "{" not in one.path}
    asset = sample_duty.device_of(store, units[0].code)
    for path in (*sorted(whole), *OTHERS):
        address = path.format(unit=units[0].code, asset=asset)
        await one_server.ask(app, store, address)  # what is made once is there
        found.setdefault(path, []).append((await one_server.ask(app, store, address)).queries)
    return deps


def test_no_page_asks_more_for_many_rows_than_for_few_and_the_bench_gets_the_answers_it_means(tmp_path: Path) -> None:
    seeded = fresh_store(tmp_path / "5.db")
    seed.seed(seeded, HOME, "test", NOW_MS)
    code, parent = tables.units.c.code, tables.units.c.parent
    with seeded.begin() as connection:  # the other provinces' units only take time
        connection.execute(delete(tables.units).where(code != HOME, parent.is_(None) | (parent != HOME)))
    seeded.dispose()
    (tmp_path / "15.db").write_bytes((tmp_path / "5.db").read_bytes())
    found: dict[str, list[int]] = {}

    asyncio.run(questions(tmp_path, communes()[:5], found)).store.dispose()
    deps = asyncio.run(questions(tmp_path, communes(), found))
    costs = asyncio.run(bench_pages.costs(deps, "province", communes(), 1))
    deps.store.dispose()

    assert {path: (few, many) for path, (few, many) in found.items() if many > few} == {}
    assert found["/assets/{asset}"][0] <= MOST_OF_A_DEVICE
    assert [page for page, one in costs.items() if one.not_fitting] == []
    assert (bench_pages.AIMS_MS["province"].keys() <= costs.keys(), len(found) > 40) == (True, True)
