from __future__ import annotations

import re
from pathlib import Path

from machxa_collector import planning
from machxa_collector.planning import spoken
from machxa_web.finance.figures import rests_on, worded
from machxa_web.finance.words import RULES
from machxa_web.languages import load_languages

_NAMED = re.compile(r'"(F1[2-6](?:\.[a-z_]+)?|F20\.[a-z_]+)"')


def test_every_rule_that_planning_names_is_told_in_words_on_pages_and_in_files() -> None:
    texts = "".join(path.read_text("utf-8") for path in Path(planning.__path__[0]).glob("*.py"))
    named = set(_NAMED.findall(texts))

    assert named - RULES.keys() == set()
    assert {name for name in named if name.startswith("F15.")} - spoken.RULES.keys() == set()
    assert spoken.rule("F15.repair").endswith("(F15.repair)")


def test_what_a_plan_rests_on_is_told_in_words() -> None:
    languages = load_languages()
    stamp = "prices::3;scenario:A:1;model:2026-11-25;odd"

    assert [rests_on(languages[code], stamp) for code in ("vi", "en")] == [
        "bảng giá bản 3; phương án A bản 1; giả định bản 25/11/2026; odd",
        "table of prices version 3; scenario A version 1; assumptions version 25/11/2026; odd",
    ]


def test_rows_of_norms_and_fixed_words_among_the_inputs_are_told_in_words() -> None:
    language = load_languages()["vi"]

    row, flow = worded(language, "qd15-pc-viii", 12), worded(language, "flow", "counted")

    assert (row.name, row.value) == ("Dòng định mức qd15-pc-viii", "12")
    assert flow.value == "thống kê của chính đơn vị"
