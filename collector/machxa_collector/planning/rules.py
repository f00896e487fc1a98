"""Read the dated rules of planning: as shipped, and with what a province decided of its own. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from importlib import resources
from math import isfinite
from typing import Annotated, Literal, Protocol, TypeVar

import msgspec

from machxa_collector.planning.words import Item, Title
from machxa_collector.registry.learnt import learnt

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Least0 = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Vnd = Annotated[int, msgspec.Meta(gt=0, le=10**13)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Confidence = Literal["H", "M", "L", "P"]


class BadRules(ValueError):
    """Say which row of the rules cannot be used and why; the person who entered it can mend it."""


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    source: Text
    confidence: Confidence
    valid_from: date | None = None
    valid_to: date | None = None  # the last day


class Choice(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold what a province decided; empty: not yet."""

    life: str = ""
    transition: Literal["", "spread", "rate"] = ""


class CpuClass(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Give the points of a processor that Windows 11 takes or not, from so many cores up."""

    listed: bool
    cores: Count
    points: Least0


class Score(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold the points and bands of F12; support_* to reliability_most in points."""

    source: Text
    support_ended: Least0
    support_paid: Least0
    cpu_most: Least0
    memory_most: Least0
    memory_full_mb: Count
    memory_none_mb: Annotated[int, msgspec.Meta(ge=2, le=10**7)]
    disk_spinning: Least0
    disk_full: Least0
    disk_prefail: Least0
    disk_free_ratio: Share
    age_life: Least0
    age_most: Least0
    age_most_lives: Annotated[float, msgspec.Meta(gt=1)]
    reliability_each: Least0
    reliability_most: Least0
    firmware_lead_years: Least0
    band_replace: Positive
    band_plan: Positive
    band_upgrade: Positive
    completeness: Share
    cpu: list[CpuClass]


class Failure(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold the prior of F13 and where its age bands begin, in years."""

    source: Text
    alpha: Positive
    beta: Positive
    age_bands: list[Positive]


class Signs(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold from where a sign of failing is told."""

    source: Text
    full_days: Positive
    fit_days: Positive
    crashes: Count
    alerts_per_thousand_pages: Positive
    pages_least: Count
    toner_days: Positive
    endurance_left_ratio: Share
    sectors: Count


class Value(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold how the lack of equipment becomes dossier-hours a year."""

    source: Text
    year_hours: Positive
    held_hours: Positive
    repair_days: Least0
    year_days: Positive
    replace_pace: Share
    plan_pace: Share


class Disposal(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold when an asset may be disposed of, and by which form and days."""

    id: Text
    form: Text
    repair_ratio: Share
    decision_days: Count
    carry_out_days: Count
    report_days: Count


class Ceiling(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold by how much a head of unit, or the province, may exceed a price."""

    id: Text
    head_ratio: Share
    province_ratio: Share


class Norm(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Give who may have how many: each holder of a title, one for per_staff of them, or per counter of a centre."""

    id: Text
    item: Item
    titles: list[Title] = []
    per_staff: Count = 1
    per_counter: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.0
    per_unit: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    max_price_vnd: Vnd | None = None
    purpose: Literal["common", "one_stop"] = "common"


class Floor(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Name what every unit needs one of, so that no hard stage stops; needs_land: where land dossiers are handled."""

    item: Item
    needs_land: bool = False


class Life(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Give a useful life and its yearly rate; scheme "": whatever the province chose."""

    id: Text
    scheme: str
    items: list[Item]
    years: Positive
    rate: Share


class Threshold(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Say from which cost a thing is a fixed asset."""

    id: Text
    cost_vnd: Vnd


class Procurement(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Give up to which sum a head of unit decides alone, and may appoint directly."""

    id: Text
    alone_vnd: Vnd
    direct_vnd: Vnd


class Deadline(_Row, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Give a day of the year by which something is due."""

    id: Text
    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=31)]
    what: Text
    province: str = ""


class Commodity(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Name a group of like things, which are one purchase."""

    name: Text
    items: list[Item]


@learnt
class Rules(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold one version of all rules."""

    version: Text
    source: Text
    choice: Choice
    score: Score
    failure: Failure
    signs: Signs
    value: Value
    disposal: Disposal
    ceiling: Ceiling
    norm: list[Norm]
    floor: list[Floor]
    life: list[Life]
    threshold: list[Threshold]
    procurement: list[Procurement]
    deadline: list[Deadline]
    commodity: list[Commodity]


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


_AnyRow = TypeVar("_AnyRow", bound=_Dated)
_KEYED = ("norm", "life", "threshold", "procurement", "deadline")


def shipped_rules() -> Rules:
    """Return the rules as shipped."""
    return read_rules("")


def read_rules(own: str) -> Rules:
    """Return the shipped rules with a province's own, as TOML, laid over them; raises BadRules.

    A row with a shipped id replaces that row, other rows are added; of tables the keys given replace.
    """
    base = tomllib.loads(resources.files("machxa_collector.planning").joinpath("vietnam.toml").read_text("utf-8"))
    try:
        given = tomllib.loads(own, parse_float=_finite)
        rules = msgspec.convert(_laid_over(base, given), Rules)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, TypeError, AttributeError) as refused:
        raise BadRules(f"the rules are not as expected: {refused}") from refused
    _check(rules)
    return rules


def valid(rows: Sequence[_AnyRow], day: date) -> tuple[_AnyRow, ...]:
    """Return the rows that hold on a day."""
    return tuple(
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
    )


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise BadRules(f"a number is {text}, expected one with an end")
    return number


def _laid_over(base: dict[str, object], own: dict[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in own.items():
        there = merged.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            merged[key] = {**there, **value}
        elif key in _KEYED and isinstance(there, list) and isinstance(value, list):
            replaced = {row.get("id") for row in value}
            merged[key] = [row for row in there if row["id"] not in replaced] + value
        else:
            merged[key] = value
    return merged


def _check(rules: Rules) -> None:
    edges = rules.score
    if not edges.band_upgrade < edges.band_plan < edges.band_replace:
        raise BadRules("the bands of the score do not rise")
    if edges.memory_none_mb <= edges.memory_full_mb:
        raise BadRules("the memory without points is not above that with all points")
    for name in _KEYED:
        ids = [row.id for row in getattr(rules, name)]
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise BadRules(f"{name}: the ids {sorted(twice)} are given twice")
    schemes = {row.scheme for row in rules.life} - {""}
    if rules.choice.life and rules.choice.life not in schemes:
        raise BadRules(f"choice.life is {rules.choice.life!r}, expected one of {sorted(schemes)} or empty")
    if not {(one.listed, 1) for one in rules.score.cpu} <= {(one.listed, one.cores) for one in rules.score.cpu}:
        raise BadRules("score.cpu gives no points for one core")
    for row in rules.norm:
        ways = (bool(row.titles), row.per_counter > 0, row.per_unit > 0)
        if sum(ways) != 1:
            raise BadRules(f"the norm {row.id} counts by {sum(ways)} of titles, per_counter, per_unit; expected one")
