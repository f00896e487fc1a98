"""Change a scenario as pages ask, and write it as the paper it is kept as. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from machxa_collector.planning.bundles import Lock
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.overrides import Override
from machxa_collector.purchasing.papers import Scenario

_DELETE = "\x7f"  # JSON lets it stand, TOML does not


def written(said: Scenario) -> str:
    """Return a scenario as TOML; read_scenario gives the same again."""
    return "\n".join(_lines(said)) + "\n"


def with_lock(said: Scenario, lock: Lock) -> Scenario:
    """Return a scenario with a line fixed in or out, whatever was said of it before."""
    return replace(said, locks={**said.locks, lock.line: lock})


def with_override(said: Scenario, override: Override) -> Scenario:
    """Return a scenario with a decision over a proposal, instead of an older one on the same line."""
    kept = tuple(one for one in said.overrides if one.line != override.line)
    return replace(said, overrides=(*kept, override))


def without(said: Scenario, line: str) -> Scenario:
    """Return a scenario that says nothing of a line."""
    locks = {name: lock for name, lock in said.locks.items() if name != line}
    return replace(said, locks=locks, overrides=tuple(one for one in said.overrides if one.line != line))


def _lines(said: Scenario) -> Iterator[str]:
    money = said.ceilings
    yield f"shared_vnd = {money.shared_vnd}"
    yield f"shared_source = {_text(money.shared_source)}"
    yield f"own_source = {_text(money.own_source)}"
    if money.own_items is not None:
        yield f"own_items = [{_listed(item.value for item in money.own_items)}]"
    if money.minimum_per_1000 is not None:
        yield f"minimum_per_1000 = {money.minimum_per_1000}"
    yield from _sources(money)
    if money.own_vnd:
        yield "[own_vnd]"
        yield from (f"{_text(unit)} = {vnd}" for unit, vnd in sorted(money.own_vnd.items()))
    for lock in said.locks.values():
        yield "[[lock]]"
        yield f"line = {_text(lock.line)}"
        yield f"way = {_text(lock.way)}"
        yield f"reason = {_text(lock.reason)}"
        yield f"actor = {_text(lock.actor)}"
    for one in said.overrides:
        yield "[[override]]"
        yield f"line = {_text(one.line)}"
        yield f"reason = {_text(one.reason)}"
        if one.quantity is not None:
            yield f"quantity = {one.quantity}"
        if one.action is not None:
            yield f"action = {_text(one.action.value)}"
        yield f"exceptions = [{', '.join(map(_text, sorted(one.exceptions)))}]"
        yield f"actor = {_text(one.actor)}"
        yield f"on = {one.on.isoformat()}"


def _sources(money: Ceilings) -> Iterator[str]:
    for source in money.further:
        yield "[[source]]"
        yield f"name = {_text(source.name)}"
        yield f"vnd = {source.vnd}"
        if source.items is not None:
            yield f"items = [{_listed(item.value for item in source.items)}]"
        if source.actions is not None:
            yield f"actions = [{_listed(action.value for action in source.actions)}]"
        if source.units is not None:
            yield f"units = [{_listed(source.units)}]"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(_text(one) for one in sorted(values))


def _text(value: str) -> str:
    """Return a TOML basic string: JSON's escapes are among its own."""
    return json.dumps(value, ensure_ascii=False).replace(_DELETE, "\\u007f")
