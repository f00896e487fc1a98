from __future__ import annotations

from datetime import timedelta

import pytest

from machxa_collector.impact import Interruption, Missing, delay, overtime

COMMUNE = 138_000 / 124 / 47 / 7.5  # dossiers an hour, the average of Vĩnh Long
CENTRE = 83_800 / 47 / 7.5
ALL = 124 * COMMUNE

# lambda, mu, q, hours, paper, re-entry -> held, catch-up hours, dossier-hours, as impact.md prints them
CHECKS = {
    "a PC of Dân Hòa dead for 2 h": (20, 25, 0, 2, 0, 0, ("40.00", "8.0", "200.0")),
    "the PC at half speed for 2 h": (20, 25, 0.5, 2, 0, 0, ("15.00", "3.0", "37.5")),
    "the PC at 0.8": (20, 25, 0.8, 2, 0, 0, ("0.00", "0.0", "0.0")),
    "average commune, line cut 4 h, paper 0.4": (COMMUNE, 1.25 * COMMUNE, 0, 4, 0.4, 0, ("7.58", "9.6", "51.5")),
    "with re-entry 0.25": (COMMUNE, 1.25 * COMMUNE, 0, 4, 0.4, 0.25, ("8.84", "11.2", "51.5")),
    "with re-entry 0.5": (COMMUNE, 1.25 * COMMUNE, 0, 4, 0.4, 0.5, ("10.10", "12.8", "51.5")),
    "the province's software down for 1 h": (ALL, 1.25 * ALL, 0, 1, 0, 0, ("391.49", "4.0", "978.7")),
    "with the provincial centre": (ALL + CENTRE, 1.25 * (ALL + CENTRE), 0, 1, 0, 0, ("629.22", "4.0", "1573.0")),
}


@pytest.mark.parametrize(("arrivals", "most", "q", "hours", "paper", "effort", "printed"), CHECKS.values(), ids=CHECKS)
def test_the_worked_checks_hold_to_the_digit(
    arrivals: float,
    most: float,
    q: float,
    hours: float,
    paper: float,
    effort: float,
    printed: tuple[str, str, str],
) -> None:
    found = delay(
        Interruption(arrivals=arrivals, capacity=most, factor=q, hours=hours, paper_ratio=paper, reentry_effort=effort)
    )

    assert (
        f"{found.work.figure:.2f}",
        f"{found.catch_up.figure:.1f}",
        f"{found.dossier_hours.figure:.1f}",
    ) == printed


def test_without_spare_capacity_the_catch_up_never_ends_and_says_so() -> None:
    found = delay(Interruption(arrivals=10, capacity=10, factor=0, hours=1))

    assert (found.held.figure, found.catch_up.figure) == (10, None)
    assert found.catch_up.missing is Missing.NEVER_ENDS


def test_what_does_not_fit_into_the_session_is_overtime() -> None:
    catch_up = delay(Interruption(arrivals=20, capacity=25, factor=0, hours=2)).catch_up
    endless = delay(Interruption(arrivals=10, capacity=10, factor=0, hours=1)).catch_up

    assert overtime(catch_up, timedelta(hours=3)).figure == 5
    assert overtime(catch_up, timedelta(hours=9)).figure == 0
    assert overtime(endless, timedelta(hours=9)).figure is None


def test_a_delay_names_its_inputs() -> None:
    found = delay(Interruption(arrivals=20, capacity=25, factor=0, hours=2)).held

    assert {one.name: one.value for one in found.inputs} == {
        "arrivals_per_hour": 20,
        "capacity_per_hour": 25,
        "factor": 0,
        "hours": 2,
        "paper_ratio": 0,
    }
