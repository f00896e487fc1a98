"""F16, solved: choose the best bundles by mixed-integer programming (HiGHS, ``machxa[optimize]``). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import highspy

from machxa_collector.planning.budget import Plan, own_of, settle
from machxa_collector.planning.bundles import Choices, floor_weight_of, weight
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.chosen import Chosen, Unsolved, by_source, chosen
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.money import OwnMoney
from machxa_collector.planning.needs import Line
from machxa_collector.planning.relaxed import Relaxation

_OPEN, _OPEN_OF_SEVERAL = 1e-6, 1e-4  # the solver's own gap, relative: of several sources each line has many payers
_MILLION = 1_000_000  # keeps the numbers of the matrix near each other
_Alike = tuple[int, bool, int]  # which further sources may pay, whether own money may, and the price


def solve(units: Sequence[Choices], ceilings: Ceilings, seconds: float = 60.0) -> Plan:
    """Return a plan that is proven best: first the most floors, then the most hours; raises Unsolved.

    Of several sources it is proven to 0.01 % of the most there can be.
    """
    money = own_of(units, ceilings)
    floors = _Model(units, money, ceilings, seconds).best(lambda bundle: float(bundle.has_floor), None)
    most = sum(one.bundle.has_floor for one in floors)
    found = _Model(units, money, ceilings, seconds).best(weight, most)
    relaxation = Relaxation(units, money, ceilings, floor_weight_of(units))
    return settle(units, found, ceilings, relaxation, is_exact=True)


class _Model:
    def __init__(self, units: Sequence[Choices], money: Sequence[OwnMoney], ceilings: Ceilings, seconds: float) -> None:
        self._units, self._money, self._ceilings, self._seconds = units, money, ceilings, seconds
        self._bundles = [_all(unit) if ceilings.further else list(unit.bundles) for unit in units]
        self._model: Any = highspy.Highs()  # type: ignore[no-untyped-call] # it has no types
        self._model.silent()
        self._model.setOptionValue("log_to_console", False)  # noqa: FBT003 - its signature
        self._model.setOptionValue("time_limit", seconds)
        self._model.setOptionValue("mip_rel_gap", _OPEN_OF_SEVERAL if ceilings.further else _OPEN)
        self._model.setOptionValue("threads", 1)
        self._takes = [[self._model.addBinary() for _ in each] for each in self._bundles]
        self._pays: list[dict[_Alike, list[Any]]] = []
        spent: list[list[Any]] = [[] for _ in range(len(ceilings.further) + 1)]
        for at, takes in enumerate(self._takes):
            self._model.addConstr(sum(takes) == 1)
            if ceilings.further:
                self._pays.append(self._pay_by_line(at, spent))
            else:
                self._pay_at_once(at, spent[0])
        for source, each in zip(ceilings.shared(), spent, strict=True):
            if each:
                self._model.addConstr(sum(each) <= source.vnd / _MILLION)

    def best(self, worth: Callable[[Bundle], float], least_floors: int | None) -> list[Chosen]:
        """Return what each unit gets where the worth of all is the most; raises Unsolved."""
        pairs = [
            (take, bundle)
            for takes, bundles in zip(self._takes, self._bundles, strict=True)
            for take, bundle in zip(takes, bundles, strict=True)
        ]
        if least_floors is not None:
            self._model.addConstr(sum(take * float(one.has_floor) for take, one in pairs) >= least_floors)
        self._model.maximize(sum(take * worth(one) for take, one in pairs))
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(f"HiGHS ended with {self._model.getModelStatus()} after {self._seconds:.0f} s")
        found = [self._chosen(at) for at in range(len(self._units))]
        self._check(found)
        return found

    def _pay_at_once(self, at: int, spent: list[Any]) -> None:
        """Let the shared source pay what own money leaves of each bundle: no line has to be told apart."""
        most = self._money[at].most([one.lines for one in self._bundles[at]])
        for take, bundle, paid in zip(self._takes[at], self._bundles[at], most, strict=True):
            spent.append(take * ((bundle.vnd - paid) / _MILLION))

    def _pay_by_line(self, at: int, spent: Sequence[list[Any]]) -> dict[_Alike, list[Any]]:
        """Let so many lines of one kind and price be paid by own money, the first source, each further one."""
        counts = [Counter(self._alike(at, line) for line in bundle.lines) for bundle in self._bundles[at]]
        own, found = [], {}
        for kind in sorted({kind for each in counts for kind in each}):
            bits, is_own, vnd = kind
            most = max(each[kind] for each in counts)
            able = [is_own, True, *(bool(bits >> one & 1) for one in range(len(self._ceilings.further)))]
            pays = [self._model.addIntegral(lb=0, ub=most if may else 0) for may in able]
            taken = sum(take * float(each[kind]) for take, each in zip(self._takes[at], counts, strict=True))
            self._model.addConstr(sum(pays) - taken == 0)
            own.append(pays[0] * (vnd / _MILLION))
            for each, pay in zip(spent, pays[1:], strict=True):
                each.append(pay * (vnd / _MILLION))
            found[kind] = pays
        if own:
            self._model.addConstr(sum(own) <= self._ceilings.own_vnd.get(self._units[at].unit, 0) / _MILLION)
        return found

    def _alike(self, at: int, line: Line) -> _Alike:
        return self._ceilings.mask(line), self._money[at].may_pay(line), line.vnd or 0

    def _chosen(self, at: int) -> Chosen:
        values = [self._model.val(take) for take in self._takes[at]]
        bundle = self._bundles[at][values.index(max(values))]
        if not self._ceilings.further:
            return chosen(self._units[at].unit, bundle, self._money[at].paid(bundle.lines), {})
        left = {kind: [round(self._model.val(pay)) for pay in pays] for kind, pays in self._pays[at].items()}
        own, payers = set(), {}
        for line in bundle.lines:
            counts = left[self._alike(at, line)]
            payer = next((number for number, count in enumerate(counts) if count > 0), 1)
            counts[payer] -= 1
            if payer == 0:
                own.add(line.id)
            elif payer > 1:
                payers[line.id] = payer - 2
        return chosen(self._units[at].unit, bundle, frozenset(own), payers)

    def _check(self, found: Sequence[Chosen]) -> None:
        """Refuse what the solver's tolerance lets go beyond a ceiling by a đồng."""
        for source, spent in zip(self._ceilings.shared(), by_source(found, self._ceilings), strict=True):
            if spent > source.vnd:
                raise Unsolved(f"HiGHS spends {spent} of {source.vnd} đồng")
        for one in found:
            if one.own_vnd > self._ceilings.own_vnd.get(one.unit, 0):
                raise Unsolved(f"HiGHS spends {one.own_vnd} đồng of the own money of {one.unit}")


def _all(unit: Choices) -> list[Bundle]:
    had = {id(one) for one in unit.bundles}
    return [*unit.bundles, *(one for one in unit.mixed.bundles.values() if id(one) not in had)]
