"""Make a country of communes and assets by chance, for the benchmark and for trying the pages; nothing here is real."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from machxa_collector.planning.facts import Asset, Commune, System
from machxa_collector.planning.prices import Price, PriceTable
from machxa_collector.planning.words import Action, Item, Title
from machxa_collector.registry.units import Kind, bundled_units

_SYSTEMS = (
    System(product="windows", release="7", version="6.1"),
    System(product="windows", release="10", version="22H2"),
    System(product="windows", release="11", version="24H2"),
    System(product="windows", release="11", version="25H2"),
)
_MIX = ((Item.PC, 16), (Item.PRINTER, 6), (Item.SCANNER, 1), (Item.COPIER, 1), (Item.NETWORK, 1))  # 25 a commune


def country(communes: int, chance: Random, today: date) -> tuple[tuple[Commune, ...], tuple[Asset, ...]]:
    """Return up to 3,321 communes with some 25 assets each, of all ages, much of them unknown."""
    found, assets = [], []
    for unit in [one for one in bundled_units() if one.kind is Kind.COMMUNE and one.valid_to is None][:communes]:
        viii = chance.choice((6, 9, 12, 20, 28, 36, 45))
        found.append(
            Commune(
                code=unit.code,
                name=unit.name,
                province=unit.parent or "",
                staff={Title.VI: 1, Title.VII: chance.randint(3, 6), Title.VIII: viii},
                per_hour=chance.uniform(1, 25),
                latitude=None if unit.centroid is None else unit.centroid.latitude,
                longitude=None if unit.centroid is None else unit.centroid.longitude,
                handles_land=True,
            )
        )
        for item, mean in _MIX:
            count = max(0, round(chance.gauss(mean, mean / 4)))
            assets += [_asset(f"{unit.code}-{item.value}-{n}", unit.code, item, chance, today) for n in range(count)]
    return tuple(found), tuple(assets)


def prices() -> PriceTable:
    """Return prices below the norms' ceilings."""
    rows = [
        Price(item=item, vnd=vnd, source="mẫu")
        for item, vnd in (
            (Item.PC, 15_500_000),
            (Item.PRINTER, 8_200_000),
            (Item.SCANNER, 19_000_000),
            (Item.COPIER, 85_000_000),
            (Item.SHREDDER, 6_000_000),
            (Item.PHONE, 800_000),
        )
    ]
    rows.append(Price(item=Item.PC, vnd=2_300_000, source="mẫu", action=Action.UPGRADE))
    rows.append(Price(item=Item.PC, vnd=1_400_000, source="mẫu", action=Action.REPAIR))
    return PriceTable(tuple(rows), "mẫu")


def _asset(key: str, unit: str, item: Item, chance: Random, today: date) -> Asset:
    bought = today - timedelta(days=chance.randint(100, 4000))
    is_pc = item is Item.PC
    works = chance.choices((True, False, None), (88, 8, 4))[0]
    return Asset(
        id=key,
        unit=unit,
        item=item,
        name=item.value,
        works=works,
        acquired_on=bought if chance.random() < 0.85 else None,  # noqa: PLR2004 - chance
        cost_vnd=chance.randrange(6_000_000, 20_000_000, 500_000) if chance.random() < 0.8 else None,  # noqa: PLR2004
        firmware_on=bought - timedelta(days=chance.randint(0, 500)) if is_pc else None,
        system=chance.choice(_SYSTEMS) if is_pc else None,
        windows11=chance.random() < 0.5 if is_pc else None,  # noqa: PLR2004 - chance
        cores=chance.choice((2, 4, 6)) if is_pc else None,
        processor_listed=chance.random() < 0.5 if is_pc else None,  # noqa: PLR2004 - chance
        memory_mb=chance.choice((2048, 4096, 8192, 16384)) if is_pc else None,
        is_spinning=chance.random() < 0.5 if is_pc else None,  # noqa: PLR2004 - chance
        disk_free_ratio=chance.random() if is_pc else None,
        is_prefail=(chance.random() < 0.03) if is_pc and chance.random() < 0.7 else None,  # noqa: PLR2004 - chance
        crashes=chance.choice((0, 0, 0, 1, 4)) if is_pc else None,
        repairs=chance.choice((0, 0, 1)),
        failures=chance.choice((0, 0, 0, 1)),
        repair_vnd=chance.randrange(500_000, 6_000_000, 100_000) if works is False else None,
    )


def own_money(communes: Sequence[Commune], chance: Random) -> dict[str, int]:
    """Return a small ceiling of each commune's own."""
    return {one.code: chance.randrange(0, 60_000_000, 1_000_000) for one in communes}
