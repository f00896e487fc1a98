"""Change the norms in a province's own file of rules; the rest of the file stays as people wrote it. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from machxa_collector.planning.facts import Commune
from machxa_collector.planning.norms import expected
from machxa_collector.planning.rules import BadRules, Norm, Rules, read_rules
from machxa_collector.planning.words import Item

_BEGINS = re.compile(r"\s*\[\[\s*norm\s*\]\]\s*(#.*)?", re.ASCII)
_OTHER = re.compile(r"\s*\[", re.ASCII)
_ENDS = re.compile(r"\s*valid_to\s*=", re.ASCII)
_DELETE = "\x7f"  # JSON lets it stand, TOML does not


class CannotChange(ValueError):
    """Say why a file of rules cannot be changed so; whoever keeps it does it by hand."""


def with_norm(own: str, norm: Norm) -> str:
    """Return a file with one more norm; raises BadRules, and CannotChange where an id is taken."""
    before = read_rules(own)
    if any(row.id == norm.id for row in before.norm):
        raise CannotChange(f"there is a norm {norm.id} already")
    return _checked(before, "\n".join([*own.rstrip().splitlines(), *_lines(norm)]) + "\n", norm)


def with_end(own: str, norm_id: str, last_day: date) -> str:
    """Return a file in which a norm holds up to a day; one that was shipped is laid over by its own copy.

    Raises CannotChange where there is no such norm, or it begins later.
    """
    before = read_rules(own)
    norm = next((row for row in before.norm if row.id == norm_id), None)
    if norm is None:
        raise CannotChange(f"there is no norm {norm_id}")
    if norm.valid_from is not None and last_day < norm.valid_from:
        raise CannotChange(f"the norm {norm_id} begins on {norm.valid_from}, after {last_day}")
    ended = msgspec.structs.replace(norm, valid_to=last_day)
    lines = own.rstrip().splitlines()
    for first, last in _blocks(lines):
        if _id(lines[first:last]) == norm_id:
            kept = [line for line in lines[first:last] if not _ENDS.match(line)]
            lines[first:last] = [*kept, f"valid_to = {last_day.isoformat()}"]
            break
    else:
        lines += _lines(ended)
    return _checked(before, "\n".join(lines) + "\n", ended)


def totals(communes: Sequence[Commune], rules: Rules, day: date) -> Mapping[Item, tuple[int, int]]:
    """Return of each class how many all units may have on a day, and for how many units that is not known."""
    found: dict[Item, tuple[int, int]] = {}
    for item in Item:
        figures = [expected(item, commune, rules, day) for commune in communes]
        known = [figure.low for figure in figures if figure.low is not None]
        if known or any(row.item is item for row in rules.norm):
            found[item] = (round(sum(known)), len(figures) - len(known))
    return found


def free_id(rules: Rules, norm: Norm) -> str:
    """Return an id for a province's own norm that no other has."""
    day = "" if norm.valid_from is None else f"-{norm.valid_from:%Y%m%d}"
    base = f"own-{norm.item.value}{day}"
    taken = {row.id for row in rules.norm}
    return next(
        one for number in range(1, len(taken) + 2) if (one := base if number == 1 else f"{base}-{number}") not in taken
    )


def _checked(before: Rules, text: str, norm: Norm) -> str:
    """Return a file that says what the one before did, but for one norm; raises CannotChange for any other."""
    try:
        after = read_rules(text)
    except BadRules as refused:
        raise CannotChange(f"the file of rules cannot be changed line by line: {refused}") from refused
    others = {row.id: row for row in before.norm} | {norm.id: norm}
    if {row.id: row for row in after.norm} != others or _rest(after) != _rest(before):
        raise CannotChange("the file of rules is written in a way that cannot be changed line by line")
    return text


def _rest(rules: Rules) -> Rules:
    return msgspec.structs.replace(rules, norm=[])


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each [[norm]] begins, and where it ends."""
    begun: int | None = None
    for number, line in enumerate([*lines, "[end]"]):
        if _OTHER.match(line):
            if begun is not None:
                yield begun, number
            begun = number if _BEGINS.fullmatch(line) else None


def _id(block: Sequence[str]) -> str | None:
    try:
        rows = tomllib.loads("\n".join(block))["norm"]
    except (tomllib.TOMLDecodeError, KeyError):
        return None
    return str(rows[0].get("id"))


def _lines(norm: Norm) -> Iterator[str]:
    yield "[[norm]]"
    for name, value in msgspec.to_builtins(norm).items():
        if value is None or value == _DEFAULTS.get(name):
            continue
        text = json.dumps(value, ensure_ascii=False).replace(_DELETE, "\\u007f")
        yield f"{name} = {value if name in _DAYS else text}"


_DAYS = ("valid_from", "valid_to")
_DEFAULTS: Mapping[str, object] = {"titles": [], "per_staff": 1, "per_counter": 0.0, "per_unit": 0, "purpose": "common"}
