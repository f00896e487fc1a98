"""A province changes assumptions row by row, sees what a change does, and is told of every row that cannot be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.impact.matrix import BadEntries, Change, Entry, body_of, changes, entries_of, shifts
from machxa_collector.impact.model import default_body, default_model, model_of
from machxa_collector.impact.words import Channel, Group, Stage, System

ROWS = entries_of(default_body())
SOFTER = Entry(section="need", stage="receive_direct", name="dossier", value="0,5")


def changed(*entries: Entry, without: tuple[Entry, ...] = ()) -> tuple[Entry, ...]:
    keys = {one.key for one in (*entries, *without)}
    return (*(one for one in ROWS if one.key not in keys), *entries)


def test_the_rows_say_all_that_the_shipped_assumptions_say() -> None:
    body = body_of(ROWS, default_body(), default_body()["version"], default_body()["source"])

    assert model_of(body) == default_model()


def test_a_changed_row_changes_the_model_and_nothing_else() -> None:
    model = model_of(body_of(changed(SOFTER), default_body(), "2", "thí điểm"))

    assert model.version == "2"
    assert model.needs[Group.LAND, Channel.DIRECT, Stage.RECEIVE_DIRECT][System.DOSSIER].weight == 0.5
    assert replace(model, version="", source="", needs={}) == replace(default_model(), version="", source="", needs={})


def test_a_figure_keeps_its_digits_from_version_to_version() -> None:
    once = body_of(changed(replace(SOFTER, value="0,123456789")), default_body(), "2", "thí điểm")

    again = body_of(entries_of(once), once, "3", "thí điểm")

    assert model_of(again).needs[Group.LAND, Channel.DIRECT, Stage.RECEIVE_DIRECT][System.DOSSIER].weight == 0.123456789


def test_what_a_change_does_is_said_stage_by_stage() -> None:
    after = model_of(body_of(changed(SOFTER), default_body(), "2", "thí điểm"))

    told = {(one.system, one.group, one.stage, one.before, one.after) for one in shifts(default_model(), after)}

    receive = Stage.RECEIVE_DIRECT
    assert told == {(System.DOSSIER, group, receive, 0.0, 0.5) for group in Group} | {
        (System.LINE, group, receive, 0.0, 0.5 * 0.7) for group in Group
    }


def test_differences_name_the_row_before_and_after() -> None:
    found = changes(ROWS, changed(replace(SOFTER, value="0.5")))

    assert found == (Change(key=SOFTER.key, before="hard", after="0.5"),)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (replace(SOFTER, value="1,5"), "value"),
        (replace(SOFTER, value="=1+1"), "value"),
        (replace(SOFTER, value="nan"), "value"),
        (replace(SOFTER, name="kettle"), "name"),
        (replace(SOFTER, stage="lunch"), "stage"),
        (replace(SOFTER, group="ZZ"), "group"),
        (replace(SOFTER, channel="post"), "channel"),
        (Entry(section="luck", value="1"), "section"),
        (Entry(section="paper", stage="scan", group="HT", name="pc", value="0.1"), "name"),
        (Entry(section="pace", name="source", value="0.1"), "name"),
    ],
    ids=lambda one: str(one)[:60],
)
def test_a_row_that_cannot_be_used_is_named_with_its_column(row: Entry, column: str) -> None:
    rows = changed(row)

    with pytest.raises(BadEntries) as refused:
        body_of(rows, default_body(), "2", "x")

    assert [(one.row, one.column) for one in refused.value.faults] == [(len(rows) - 1, column)]


def test_every_fault_is_told_at_once() -> None:
    pace = next(one for one in ROWS if one.key == ("pace", "", "", "", "spare"))
    rows = (*changed(replace(SOFTER, value="x"), without=(pace,)), SOFTER)

    with pytest.raises(BadEntries) as refused:
        body_of(rows, default_body(), "2", "x")

    told = [(one.row, one.en) for one in refused.value.faults]
    assert told == [
        (len(rows) - 2, "value is 'x', expected hard, defer, none, 0-1"),
        (len(rows) - 1, f"the same as row {len(rows) - 1}"),
        (None, "no row says pace spare"),
    ]


def test_rows_that_do_not_go_together_are_refused_as_a_whole() -> None:
    with pytest.raises(BadEntries, match="the shares of the groups sum to") as refused:
        body_of(changed(Entry(section="share", group="HT", value="0.9")), default_body(), "2", "x")

    assert refused.value.faults[0].row is None
