from __future__ import annotations

import pytest

from machxa_collector.planning.line_figures import Measured, Proposal, measured_of, proposal, speeds_of

_FAST, _SLOW, _SELDOM = (Measured(p10_bps=1e6, p50_bps=mbps * 1e6, tests=n) for mbps, n in ((90, 8), (49, 8), (10, 7)))


@pytest.mark.parametrize(
    ("speeds", "spent", "expected"),
    [
        ((), (), []),
        ((None, 5.0, 5.0, 5.0), (0.0, 1.0, 1.0, 2.0), [5.0, 5.0]),
        ((5.0, 5.0, 7.0), (), [5.0, 7.0]),
        ((None, None), (1.0, 2.0), []),
    ],
    ids=["nothing", "equal speeds of two tests", "no cost told", "no speed told"],
)
def test_a_speed_counts_once_a_test(
    speeds: tuple[float | None, ...], spent: tuple[float | None, ...], expected: list[float]
) -> None:
    assert speeds_of(speeds, spent) == expected


def test_p10_and_p50_are_nearest_ranks_and_nothing_is_not_0() -> None:
    assert measured_of([float(n) for n in range(20, 0, -1)]) == Measured(p10_bps=2.0, p50_bps=10.0, tests=20)
    assert measured_of([]) == Measured(p10_bps=None, p50_bps=None, tests=0)


@pytest.mark.parametrize(
    ("measured", "contract", "share", "need", "expected"),
    [
        (_FAST, 100.0, 0.999, 50.0, Proposal(advice="keep", why="in_order")),
        (_FAST, 100.0, 0.979, None, Proposal(advice="backup", why="often_cut")),
        (_SLOW, 100.0, 0.999, None, Proposal(advice="change", why="below_contract")),
        (_FAST, 100.0, 0.999, 120.0, Proposal(advice="raise", why="need_above")),
        (_SELDOM, 100.0, 0.999, None, Proposal(advice="survey", why="not_measured")),
        (_FAST, None, 0.999, None, Proposal(advice="survey", why="no_contract")),
        (_FAST, 100.0, None, None, Proposal(advice="survey", why="not_measured")),
    ],
)
def test_a_line_is_kept_only_where_all_is_known(
    measured: Measured, contract: float | None, share: float | None, need: float | None, expected: Proposal
) -> None:
    assert proposal(measured, contract, share, need) == expected
