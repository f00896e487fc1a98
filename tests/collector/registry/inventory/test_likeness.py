from __future__ import annotations

import pytest

from machxa_collector.registry.inventory.likeness import Candidate, candidates
from machxa_collector.registry.records import KINDS, Value

DRAFT: dict[str, Value] = {
    "kind": "computer",
    "name": "VP-01",
    "vendor": "Dell Inc.",
    "model": "OptiPlex 3020",
    "serial": "F5RJM2Z",
}


def entry(**said: Value) -> dict[str, Value]:
    return {**{one.name: one.empty for one in KINDS["assets"].fields}, **said}


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        pytest.param(
            {"kind": "printer", "name": "Máy", "serial": " f5rjm2z "}, ("serial",), id="serial, whatever kind"
        ),
        pytest.param(
            {"kind": "computer", "name": "Máy tính Dell OptiPlex"}, ("model", "vendor", "kind"), id="model in the name"
        ),
        pytest.param({"kind": "laptop", "name": "Máy tính"}, ("kind",), id="family"),
        pytest.param({"kind": "computer", "name": "Máy", "code": "VP 01"}, ("code", "kind"), id="named by its tag"),
        pytest.param({"kind": "computer", "name": "Dell OptiPlex", "serial": "OTHER99"}, None, id="another serial"),
        pytest.param({"kind": "scanner", "name": "Dell OptiPlex"}, None, id="another kind"),
    ],
)
def test_an_entry_is_offered_with_what_speaks_for_it(said: dict[str, Value], reasons: tuple[str, ...] | None) -> None:
    found = candidates(entry(**DRAFT), [("a", entry(**said))])

    assert found == (() if reasons is None else (Candidate(id="a", reasons=reasons),))


def test_the_best_three_are_offered_best_first() -> None:
    said = {
        "d": {"kind": "computer", "name": "Máy"},
        "c": {"kind": "computer", "name": "Máy"},
        "b": {"kind": "computer", "name": "Máy Dell"},
        "a": {"kind": "computer", "name": "Máy", "serial": "F5RJM2Z"},
    }

    found = candidates(entry(**DRAFT), [(one, entry(**its)) for one, its in said.items()])

    assert [one.id for one in found] == ["a", "b", "c"]
