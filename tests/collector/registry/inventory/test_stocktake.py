from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.inventory.stocktake import EXPECTED, Mark, Proposal, code_of, findings
from machxa_collector.registry.records import KINDS, Value

HERE, THERE = "29506", "29410"


def asset(**said: Value) -> dict[str, Value]:
    empty = {one.name: one.empty for one in KINDS["assets"].fields}
    return {**empty, "kind": "computer", "name": "Máy", "unit": HERE, "status": "in_use", **said}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://centre.example:8470/q/TS-01", "TS-01"),
        ("https://centre.example/q/TS%2F01%20A?x=1", "TS/01 A"),
        ("  TS-01\n", "TS-01"),
        ("/q/TS-01", "TS-01"),
        ("", ""),
        ("https://other.example/page", "https://other.example/page"),
    ],
)
def test_a_labels_address_and_a_typed_code_come_to_the_same(text: str, expected: str) -> None:
    assert code_of(text) == expected


@pytest.mark.parametrize(
    ("record", "mark", "why", "after"),
    [
        pytest.param({}, None, ("missing",), {"status": "missing"}, id="not found"),
        pytest.param({"status": "missing"}, None, (), {}, id="not found again"),
        pytest.param({"status": "draft"}, None, (), {}, id="a draft is in no books"),
        pytest.param({}, {}, (), {}, id="found as it should be"),
        pytest.param({"status": "missing"}, {}, ("again",), {"status": "in_use"}, id="found after all"),
        pytest.param({"status": "disposed"}, {}, ("again",), {"status": "in_use"}, id="disposed of and still there"),
        pytest.param({}, {"is_damaged": True}, ("damaged",), {"status": "broken"}, id="damaged"),
        pytest.param({"status": "repair"}, {"is_damaged": True}, (), {}, id="known to be damaged"),
        pytest.param({"unit": THERE}, {}, ("moved",), {"unit": HERE}, id="stands elsewhere by the books"),
        pytest.param({"unit": None}, {}, ("moved",), {"unit": HERE}, id="stood nowhere"),
        pytest.param({"location": "P. 1"}, {"room": "P. 2"}, ("room",), {"location": "P. 2"}, id="another room"),
        pytest.param({"location": "P. 1"}, {"room": "P. 1"}, (), {}, id="the same room"),
        pytest.param(
            {"unit": THERE, "status": "missing"},
            {"is_damaged": True},
            ("moved", "damaged"),
            {"unit": HERE, "status": "broken"},
            id="several at once",
        ),
    ],
)
def test_what_differs_from_the_books_is_proposed(
    record: dict[str, Value], mark: dict[str, bool] | None, why: tuple[str, ...], after: dict[str, str]
) -> None:
    records = {"a": asset(**record)}
    marks = [] if mark is None else [Mark(code="TS", asset="a", **mark)]  # type: ignore[arg-type] # of the table

    told = findings(HERE, records, marks)

    before = {name: records["a"][name] for name in after}
    expected = (Proposal(asset="a", why=why, before=before, after=after),) if why else ()  # type: ignore[arg-type] # texts
    assert told.proposals == expected


def test_a_code_that_names_no_asset_is_told_and_proposes_nothing() -> None:
    told = findings(HERE, {}, [Mark(code="LẠ-1", asset=None), Mark(code="gone", asset="merged")])

    assert (told.unknown, told.proposals, told.expected) == (("LẠ-1", "gone"), (), 0)


_STATUS = st.sampled_from(["draft", "in_use", "spare", "broken", "repair", "missing", "rejected", "disposed"])


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(_STATUS, st.sampled_from([HERE, THERE, None]))),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=8, unique_by=lambda one: one[0]),
)
def test_every_expected_asset_is_found_or_missing_and_a_change_always_changes_something(
    drawn: dict[str, tuple[str, str | None]], scanned: list[tuple[str, bool]]
) -> None:
    records = {one: asset(status=status, unit=unit) for one, (status, unit) in drawn.items()}

    told = findings(HERE, records, [Mark(code=one, asset=one, is_damaged=damaged) for one, damaged in scanned])

    expected = {one for one, record in records.items() if record["unit"] == HERE and record["status"] in EXPECTED}
    assert set(told.found) | set(told.missing) == expected
    assert not set(told.found) & set(told.missing)
    assert len(told.unknown) + len({one for one, _ in scanned} & records.keys()) == len(scanned)
    assert all(one.before != one.after and one.before.keys() == one.after.keys() for one in told.proposals)
