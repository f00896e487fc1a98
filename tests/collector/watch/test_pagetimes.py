"""F10: a computer beside its site's others, a site beside the others, a system beside its hour."""

from __future__ import annotations

import pytest

from machxa_collector.watch.pagetimes import WITHIN_MS, PageTimes, Slow

NOW = 1_000_000_000_000


def told(sites: dict[str, tuple[float, ...]], usual: float | None = 1.0) -> list[tuple[object, ...]]:
    """Return what is found of computers' seconds by site."""
    pages = PageTimes()
    for unit, times in sites.items():
        for number, seconds in enumerate(times):
            pages.take(unit, f"{unit}{number}", "dossier", NOW - 1000, seconds)
    found = pages.compare(NOW, lambda _check, _at: usual)
    return [(one.cause, one.unit, one.agent, round(one.excess_seconds, 1)) for one in found]


WELL = {"a": (1.0, 1.0, 1.0), "b": (1.0, 1.2, 0.9), "c": (1.0, 1.0, 1.1)}


@pytest.mark.parametrize(
    ("sites", "found"),
    [
        pytest.param(WELL, [], id="all are well"),
        pytest.param({**WELL, "a": (1.0, 9.0, 1.0)}, [(Slow.PC, "a", "a1", 8.0)], id="one computer"),
        pytest.param({**WELL, "a": (5.0, 5.0, 5.0)}, [(Slow.LINE, "a", None, 4.0)], id="one site"),
        pytest.param({**WELL, "a": (5.0,)}, [(Slow.UNCLEAR, "a", None, 4.0)], id="one computer is a whole site"),
        pytest.param(
            {"a": (5.0, 5.0, 5.0), "b": (5.0, 5.0, 5.1), "c": (4.9, 5.0, 5.0)},
            [(Slow.SYSTEM, None, None, 4.0)],
            id="everybody, and the hour is quick",
        ),
        pytest.param({**WELL, "a": (1.0, 2.4, 1.0)}, [], id="less than one and a half seconds"),
    ],
)
def test_what_differs_most_is_the_cause(sites: dict[str, tuple[float, ...]], found: list[tuple[object, ...]]) -> None:
    assert told(sites) == found


def test_what_the_hour_usually_takes_may_not_be_known() -> None:
    assert told({"a": (5.0, 5.0, 5.0), "b": (5.0, 5.0, 5.1), "c": (4.9, 5.0, 5.0)}, usual=None) == []


def test_runs_of_long_ago_say_nothing() -> None:
    pages = PageTimes()
    for agent, seconds in (("x", 1.0), ("y", 1.0), ("z", 9.0)):
        pages.take("a", agent, "dossier", NOW, seconds)

    assert pages.compare(NOW + WITHIN_MS, lambda _check, _at: None) != ()
    assert pages.compare(NOW + WITHIN_MS + 1, lambda _check, _at: None) == ()
