"""Read what is assumed of dossiers, a version with its source: needs, paths, paper shares, paces, thresholds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from itertools import product
from math import isfinite
from typing import Annotated, Any, Literal

import msgspec

from machxa_collector.impact.words import Channel, Group, Stage, System
from machxa_collector.registry.learnt import learnt

Ratio = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class BadModel(ValueError):
    """Say which row of the assumptions cannot be used and why; the person who entered it can mend it."""


class Kind(Enum):
    """Say what the lack of a system does to a stage."""

    HARD = "hard"
    SOFT = "soft"
    DEFER = "defer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Say how a stage needs a system; weight is 0 to 1 for SOFT, None otherwise."""

    kind: Kind
    weight: float | None = None


class Assumed(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold the paces of F1 to F4; efforts are shares of a dossier's whole effort.

    repair_allowed_hours: the most working time for which a fault of a unit's own equipment excuses (F7).
    """

    stage_minutes: Positive
    pages: Annotated[float, msgspec.Meta(ge=0)]
    spare: Positive
    reentry_effort: Ratio
    deferred_effort: Ratio
    day_hours: Positive
    horizon_days: Annotated[int, msgspec.Meta(ge=1, le=366)]
    repair_allowed_hours: Positive = 15


class Thresholds(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold the limits of F5: shares of a unit's daily flow, and minutes."""

    p1_ratio: Ratio
    p2_ratio: Ratio
    p3_ratio: Ratio
    blocked_minutes: Positive
    hold_down_minutes: Positive
    hold_down_remote_minutes: Positive


class Figures(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold what is assumed of a unit nobody has counts of, with where it was read."""

    per_hour: Positive
    online_ratio: Ratio
    source: Text
    share: dict[Group, Ratio]


class _Paths(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    direct: list[Stage]
    online: list[Stage]
    group: dict[Group, dict[Channel, list[Stage]]] = {}


class _Needs(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    stage: Stage
    group: Group | None = None
    channel: Channel | None = None
    needs: dict[System, Ratio | Literal["hard", "defer", "none"]]


@learnt
class _Table(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    version: Text
    source: Text
    remote: list[System]
    pace: Assumed
    thresholds: Thresholds
    figures: Figures
    paths: _Paths
    paper: dict[Group, dict[Stage, Ratio]]
    need: list[_Needs]


Body = dict[str, Any]  # the assumptions as TOML or JSON say them
Stream = tuple[Group, Channel]
Needs = Mapping[System, Need]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Hold one version of all that is assumed; streams are the pairs of a group and a channel."""

    version: str
    source: str
    remote: frozenset[System]
    pace: Assumed
    thresholds: Thresholds
    figures: Figures
    paths: Mapping[Stream, tuple[Stage, ...]]
    needs: Mapping[tuple[Group, Channel, Stage], Needs]
    paper: Mapping[tuple[Group, Channel, Stage], float]  # absent: 0


def default_model() -> Model:
    """Return the assumptions as shipped."""
    return model_of(default_body())


def default_body() -> Body:
    """Return the assumptions as shipped, as they are written."""
    text = resources.files("machxa_collector.impact").joinpath("defaults.toml").read_text("utf-8")
    return tomllib.loads(text, parse_float=_finite)


def read_model(text: str) -> Model:
    """Return the assumptions written as TOML; raises BadModel for what it cannot use."""
    try:
        return model_of(tomllib.loads(text, parse_float=_finite))
    except tomllib.TOMLDecodeError as refused:
        raise BadModel(f"the assumptions are not as expected: {refused}") from refused


def model_of(body: Body) -> Model:
    """Return the assumptions that a table says; raises BadModel for what it cannot use."""
    try:
        table = msgspec.convert(body, _Table)
    except msgspec.ValidationError as refused:
        raise BadModel(f"the assumptions are not as expected: {refused}") from refused
    _check(table)
    return Model(
        version=table.version,
        source=table.source,
        remote=frozenset(table.remote),
        pace=table.pace,
        thresholds=table.thresholds,
        figures=table.figures,
        paths={stream: _path(table, *stream) for stream in product(Group, Channel)},
        needs={place: _needs(table, *place) for place in product(Group, Channel, Stage)},
        paper={
            (group, Channel.DIRECT, stage): share
            for group, stages in table.paper.items()
            for stage, share in stages.items()
        },
    )


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise BadModel(f"a number is {text}, expected one with an end")
    return number


def _check(table: _Table) -> None:
    seen = set()
    for row in table.need:
        place = (row.stage, row.group, row.channel)
        if place in seen:
            raise BadModel(
                f"the needs of {row.stage.value} are given twice for group {row.group}, channel {row.channel}"
            )
        seen.add(place)
        if System.SIGN_IN in row.needs:
            raise BadModel(f"{row.stage.value} needs sign_in, which cuts what comes in and is needed by no stage")
    limits = table.thresholds
    if not limits.p3_ratio <= limits.p2_ratio <= limits.p1_ratio:
        raise BadModel(f"p3, p2, p1 are {limits.p3_ratio}, {limits.p2_ratio}, {limits.p1_ratio}, expected to rise")
    total = sum(table.figures.share.values())
    if set(table.figures.share) != set(Group) or abs(total - 1) > 1e-6:  # noqa: PLR2004 (rounding)
        raise BadModel(f"the shares of the groups sum to {total}, expected all five and 1")
    for group, channel in product(Group, Channel):
        path = _path(table, group, channel)
        if not path or len(set(path)) != len(path):
            raise BadModel(f"the path of {group.value} {channel.value} is empty or has a stage twice")


def _path(table: _Table, group: Group, channel: Channel) -> tuple[Stage, ...]:
    common = table.paths.direct if channel is Channel.DIRECT else table.paths.online
    return tuple(table.paths.group.get(group, {}).get(channel, common))


def _needs(table: _Table, group: Group, channel: Channel, stage: Stage) -> Needs:
    rows = [
        row
        for row in table.need
        if row.stage is stage and row.group in (None, group) and row.channel in (None, channel)
    ]
    rows.sort(key=lambda row: (row.group is not None) + (row.channel is not None))
    said = {system: need for row in rows for system, need in row.needs.items()}
    return {system: _need(need) for system, need in said.items() if need != "none"}


def _need(said: float | str) -> Need:
    if isinstance(said, str):
        return Need(kind=Kind(said))
    return Need(kind=Kind.SOFT, weight=said)
