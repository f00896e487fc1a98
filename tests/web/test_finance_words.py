from __future__ import annotations

import re
from pathlib import Path

from machxa_collector import planning
from machxa_collector.planning import spoken
from machxa_web.finance.words import RULES

_NAMED = re.compile(r'"(F1[2-6](?:\.[a-z_]+)?|F20\.[a-z_]+)"')


def test_every_rule_that_planning_names_is_told_in_words_on_pages_and_in_files() -> None:
    texts = "".join(path.read_text("utf-8") for path in Path(planning.__path__[0]).glob("*.py"))
    named = set(_NAMED.findall(texts))

    assert named - RULES.keys() == set()
    assert {name for name in named if name.startswith("F15.")} - spoken.RULES.keys() == set()
    assert spoken.rule("F15.repair").endswith("(F15.repair)")
