"""Let a person's decision stand over what was proposed: pieces to buy, or what is done about an asset. Pure.

No override lifts a ceiling of money. Norms and highest prices hold too, unless the override names the exception; what
goes beyond them is told beside the line either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from machxa_collector.planning.advice import Advice
from machxa_collector.planning.needs import COSTING, Line, UnitNeeds, asset_lines, gap_line, rates_of
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.prices import exceeds
from machxa_collector.planning.province import Needs
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.words import Action, Answer, Item

EXCEPTIONS = ("beyond_norm", "above_ceiling", "no_norm")
ACTIONS = (Action.UPGRADE, Action.REPAIR, Action.REPLACE, Action.KEEP, Action.SURVEY, Action.DISPOSE)
MOST_PIECES = 1000
_RULE, _WHY = "override", "overridden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Hold one decision: quantity for "gap:UNIT:ITEM", or action for "asset:ID"; who, when and why.

    exceptions name what it may go beyond, of EXCEPTIONS.
    """

    line: str
    reason: str
    actor: str
    on: date
    quantity: int | None = None
    action: Action | None = None
    exceptions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what is no decision; raises ValueError."""
        kind, _, rest = self.line.partition(":")
        unit, _, item = rest.partition(":")
        is_asset = kind == "asset" and bool(rest) and self.action in ACTIONS and self.quantity is None
        is_gap = kind == "gap" and bool(unit) and item in {one.value for one in Item} and self.action is None
        if is_gap and (self.quantity is None or not 0 <= self.quantity <= MOST_PIECES):
            raise ValueError(f"an override of {self.line!r} has quantity {self.quantity}, expected 0 to {MOST_PIECES}")
        if not is_asset and not is_gap:
            known = ", ".join(one.value for one in ACTIONS)
            expected = f"gap:UNIT:ITEM with a quantity, or asset:ID with an action of {known}"
            raise ValueError(f"an override of {self.line!r}: expected {expected}")
        if not self.reason.strip() or not self.exceptions <= set(EXCEPTIONS):
            raise ValueError(f"an override of {self.line!r} needs a reason, and exceptions of {', '.join(EXCEPTIONS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """Tell what came of an override: its unit, what was proposed, and what stands.

    unit None: there is no such asset or unit here, and nothing came of it. beyond: what it goes beyond, also
    "not_disposable"; refused: what still keeps its lines out of every plan, or "transferred": nothing came of it.
    """

    override: Override
    unit: str | None
    was: str | None = None
    beyond: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def override_tree(one: Overridden) -> dict[str, object]:
    """Return what came of an override as plain JSON values."""
    said = one.override
    return {
        "line": said.line,
        "unit": one.unit,
        "was": one.was,
        "quantity": said.quantity,
        "action": None if said.action is None else said.action.value,
        "actor": said.actor,
        "on": said.on.isoformat(),
        "reason": said.reason,
        "beyond": list(one.beyond),
        "refused": list(one.refused),
    }


def overridden(needs: Needs, overrides: Sequence[Override]) -> tuple[Needs, tuple[Overridden, ...]]:
    """Return needs as decided, with what came of each override; the last of two on one line holds."""
    held = {one.line: one for one in overrides}
    if not held:
        return needs, ()
    units = {unit.commune.code: unit for unit in needs.units}
    places = {f"asset:{one.asset.id}": one.asset.unit for unit in needs.units for one in unit.judged}
    told = []
    for line, one in held.items():
        code = places.get(line) if one.action is not None else line.split(":")[1]
        unit = None if code is None else units.get(code)
        if unit is None:
            told.append(Overridden(override=one, unit=None))
            continue
        changed, said = (_acted if one.action is not None else _counted)(needs, unit, one)
        units[unit.commune.code] = changed
        told.append(said)
    return replace(needs, units=tuple(units.values())), tuple(told)


def _counted(needs: Needs, unit: UnitNeeds, one: Override) -> tuple[UnitNeeds, Overridden]:
    """Return a unit with so many pieces of a class to buy: what was not proposed lies beyond the norm."""
    item, quantity = Item(one.line.split(":")[2]), one.quantity or 0
    gap = next((gap for gap in unit.gaps if gap.item is item), None)
    bought = [line for line in unit.lines if line.item is item and line.action is Action.BUY]
    bought.sort(key=lambda line: (line.priority, line.id))
    kept = [_allowed(line, one, *_against(line, gap, needs.basis.rules)) for line in bought[:quantity]]
    gone = [replace(line, priority=2, refused="overridden_away", overridden=one.line) for line in bought[quantity:]]
    numbers = (number for number in range(1, len(bought) + quantity + 1))
    free = (number for number in numbers if f"{one.line}:{number}" not in {line.id for line in bought})
    for _ in range(quantity - len(bought)):
        line = gap_line(unit.commune.code, item, next(free), gap, needs.basis.prices, needs.basis.rules)
        kept.append(_allowed(line, one, *_against(line, gap, needs.basis.rules, is_more=True)))
    lines = [line for line in unit.lines if line not in bought]
    beyond = {word for line in kept for word in line.beyond}
    refused = {line.refused for line in kept if line.refused is not None}
    return replace(unit, lines=(*lines, *kept, *gone)), Overridden(
        override=one,
        unit=unit.commune.code,
        was=str(len(bought)),
        beyond=tuple(sorted(beyond)),
        refused=tuple(sorted(refused)),
    )


def _acted(needs: Needs, unit: UnitNeeds, one: Override) -> tuple[UnitNeeds, Overridden]:
    """Return a unit with something else done about an asset."""
    basis, action = needs.basis, one.action or Action.SURVEY
    judged = next(each for each in unit.judged if f"asset:{each.asset.id}" == one.line)
    was, gap = judged.advice.action, next((each for each in unit.gaps if each.item is judged.asset.item), None)
    if any(each.asset == judged.asset.id for each in needs.transfers):
        return unit, Overridden(override=one, unit=unit.commune.code, was=was.value, refused=("transferred",))
    is_more = judged.asset.works is False and (was is Action.DISPOSE or judged.advice.rule == "F15.surplus")
    if action is Action.REPLACE and gap is not None and gap.expected.low is not None:
        is_more = is_more or gap.works + gap.unsure > gap.expected.low
    beyond = set[str]()
    if action in (Action.DISPOSE, Action.REPLACE) and judged.advice.disposal.eligible is not Answer.YES:
        beyond.add("not_disposable")
    changed = replace(judged, advice=Advice(action=action, rule=_RULE, why=_WHY, disposal=judged.advice.disposal))
    lines = [line for line in unit.lines if line.id != one.line]
    before = next((line.priority for line in unit.lines if line.id == one.line), 2)
    refused = set[str]()
    if action in COSTING:
        rates = rates_of((each.asset for other in needs.units for each in other.judged), basis.rules, basis.today)
        for line in asset_lines(changed, unit.gaps, basis.rules, basis.prices, basis.today, rates):
            new = _allowed(replace(line, priority=before), one, *_against(line, gap, basis.rules, is_more=is_more))
            lines.append(new)
            beyond |= set(new.beyond)
            refused |= set() if new.refused is None else {new.refused}
    everyone = tuple(changed if each is judged else each for each in unit.judged)
    return replace(unit, judged=everyone, lines=tuple(lines)), Overridden(
        override=one,
        unit=unit.commune.code,
        was=was.value,
        beyond=tuple(sorted(beyond)),
        refused=tuple(sorted(refused)),
    )


def _against(line: Line, gap: Gap | None, rules: Rules, *, is_more: bool = False) -> list[str]:
    """Return all that speaks against a line; is_more: the norm leaves no room for it."""
    words = [] if line.refused is None else [line.refused]
    if is_more and line.refused != "no_norm":
        words.append("beyond_norm")
    is_new = line.action in (Action.BUY, Action.REPLACE)
    if is_new and line.vnd is not None and gap is not None and exceeds(line.vnd, gap.max_price_vnd, rules):
        words.append("above_ceiling")
    return list(dict.fromkeys(words))


def _allowed(line: Line, one: Override, *against: str) -> Line:
    """Return a line as overridden: free of the refusals that are excepted, which stand beside it then."""
    still = [word for word in against if word not in one.exceptions]
    beyond = tuple(word for word in against if word in one.exceptions)
    return replace(line, refused=still[0] if still else None, beyond=beyond, overridden=one.line)
