from __future__ import annotations

from machxa_web.finance.drawing import standing


def test_each_year_has_a_bar_by_the_longest_and_one_by_the_shortest_lives_whichever_is_taller() -> None:
    years: list[dict[str, object]] = [
        {"year": 2028, "longest_vnd": 40, "shortest_vnd": 10},
        {"year": 2027, "longest_vnd": 20, "shortest_vnd": 80},
        {"year": 2028, "longest_vnd": None, "shortest_vnd": 30},
    ]

    bars = standing(years)

    assert [(one.label, one.value, one.is_open) for one in bars] == [
        ("2027", 20, False),
        ("2027", 80, True),
        ("2028", 40, False),
        ("2028", 40, True),
    ]
    assert all(one.height >= 0 and one.y >= 0 for one in bars)
    assert [one.x for one in bars] == sorted(one.x for one in bars)
    assert standing([]) == ()
