from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.failing import troubles_of
from machxa_collector.planning.figure import Missing
from machxa_collector.planning.history import History, Trouble, alerts, apart, printed, together
from machxa_collector.planning.told import NOTHING, Measured, asset_of
from machxa_collector.planning.words import Item
from tests.collector.planning.scenes import BOOKED

_BOOKED = replace(BOOKED, is_heard=True)


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ([], 0),
        ([("ok", ()), ("blocked", ("jam",)), ("ok", ()), ("blocked", ("jam",))], 2),
        ([("warning", ("toner_low",)), ("blocked", ("toner_low", "no_paper"))], 0),
        ([("warning", ("service",)), ("blocked", ("service", "jam"))], 2),
        ([("blocked", ("jam",)), ("blocked", ("jam", "no_paper"))], 1),
        ([("unreachable", ("no_answer",)), ("unknown", ("no_credential",))], 0),
    ],
    ids=["nothing", "twice", "refilled", "one more reason", "the same still stands", "not heard"],
)
def test_an_alert_is_told_when_it_begins(told: list[tuple[str, tuple[str, ...]]], count: int) -> None:
    assert alerts(told) == count


@pytest.mark.parametrize(
    ("counters", "pages"),
    [([], None), ([(1, 100.0)], None), ([(1, 100.0), (2, 100.0), (3, 1900.0)], 1800), ([(1, 9.0), (2, 3.0)], None)],
    ids=["never read", "once", "printed", "another device's"],
)
def test_pages_are_what_the_counter_rose(counters: list[tuple[int, float]], pages: int | None) -> None:
    assert printed(counters) == pages


@pytest.mark.parametrize(
    ("windows", "total"),
    [([], None), ([(20, 2), (15, 2), (13, 1), (6, 4)], 7), ([(20, 0)], 0)],
    ids=["none", "one overlaps", "nothing happened"],
)
def test_windows_that_overlap_count_once(windows: list[tuple[int, float]], total: int | None) -> None:
    assert apart(windows, 7) == total


def test_spans_that_touch_are_one_and_end_with_the_window() -> None:
    assert together([(5, 9), (0, 3), (8, 12), (20, 40), (7, 7)], (2, 30)) == [(2, 3), (5, 12), (20, 30)]


@pytest.mark.parametrize(
    ("state", "reasons", "fails", "down"),
    [
        ("lost", (), True, True),
        ("disk_failing", (), True, False),
        ("blocked", ("jam",), True, True),
        ("blocked", ("no_paper", "toner_empty"), False, True),
        ("offline", ("no_answer",), False, True),
        ("toner_low", ("toner_low",), False, False),
        ("slow_pc", (), False, False),
    ],
)
def test_what_is_refilled_is_no_failure(state: str, reasons: tuple[str, ...], fails: bool, down: bool) -> None:  # noqa: FBT001
    one = Trouble(state=state, reasons=frozenset(reasons), span=(0, 1))

    assert (one.is_failure, one.is_down) == (fails, down)


@pytest.mark.parametrize(
    ("of_week", "least", "most", "told"),
    [
        (None, None, None, (None, None, None)),
        (2, None, None, (2, None, None)),
        (None, None, 0, (0, 0, 0)),
        (1, 3, 5, (3, 5, None)),
        (4, 3, 4, (4, 4, 4)),
        (4, None, 2, (4, 4, 4)),
    ],
    ids=["nothing known", "a week", "no bad end", "between", "both agree", "more than was told"],
)
def test_crashes_lie_between_counters_and_bad_ends(
    of_week: int | None, least: int | None, most: int | None, told: tuple[int | None, int | None, int | None]
) -> None:
    asset = asset_of(_BOOKED, None, Measured(crashes=of_week), History(crashes_least=least, crashes_most=most))

    assert (asset.crashes_least, asset.crashes_most, asset.crashes) == told


def test_a_device_that_nobody_watched_has_no_figures_of_trouble() -> None:
    failures, downtime = troubles_of(asset_of(_BOOKED, None, NOTHING))

    assert failures.missing is downtime.missing is Missing.NO_FACT


def test_figures_of_trouble_name_their_method_and_how_long_was_watched() -> None:
    asset = Asset(id="a", unit="29410", item=Item.PC, failures=2, downtime_hours=3.5, watched_years=0.5)

    failures, downtime = troubles_of(asset)

    assert (failures.exact, downtime.exact) == (2, 3.5)
    assert dict(failures.inputs)["watched_years"] == 0.5
    assert "incidents of 12 months" in str(dict(failures.inputs)["method"])
