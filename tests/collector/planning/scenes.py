"""Communes and assets that planning's tests speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from machxa_collector.impact.model import default_model
from machxa_collector.planning.bundles import Lock
from machxa_collector.planning.facts import Asset, Commune, System
from machxa_collector.planning.province import Basis
from machxa_collector.planning.rules import read_rules
from machxa_collector.planning.told import Booked
from machxa_collector.planning.words import Item, Title
from machxa_collector.purchasing import sample

TODAY = date(2026, 11, 30)
RULES = read_rules('[choice]\nlife = "seven"\ntransition = "spread"')
GOOD = Asset(
    id="good",
    unit="29410",
    item=Item.PC,
    works=True,
    acquired_on=date(2025, 6, 1),
    cost_vnd=15_000_000,
    system=System(product="windows", release="11", version="25H2"),
    windows11=True,
    cores=6,
    processor_listed=True,
    memory_mb=16384,
    is_spinning=False,
    disk_free_ratio=0.6,
    is_prefail=False,
    crashes=0,
    repairs=0,
    failures=0,
)
OLD = replace(
    GOOD,
    id="old",
    acquired_on=date(2013, 6, 1),
    system=System(product="windows", release="7", version="6.1"),
    windows11=False,
    cores=2,
    processor_listed=False,
    memory_mb=4096,
    is_spinning=True,
    disk_free_ratio=0.05,
    crashes=6,
)

BOOKED = Booked(
    id="a",
    unit="29410",
    kind="computer",
    name="may-01",
    code=None,
    serial=None,
    status="in_use",
    tags=(),
    owner=None,
    budget=None,
    acquired_on=None,
    acquired_year=None,
    acquired_source=None,
    cost_vnd=None,
    firmware_on=None,
    is_heard=False,
)


def commune(code: str = "29410", staff: tuple[int, int, int] = (1, 2, 9), **others: object) -> Commune:
    """Return a commune with its staff of groups VI, VII and VIII."""
    titles = dict(zip((Title.VI, Title.VII, Title.VIII), staff, strict=True))
    return Commune(code=code, province="86", staff=titles, handles_land=True, **others)  # type: ignore[arg-type] # tests know the fields


def basis(locks: Mapping[str, Lock] | None = None) -> Basis:
    """Return what the tests judge by."""
    return Basis(rules=RULES, model=default_model(), prices=sample.prices(), today=TODAY, locks=locks or {})
