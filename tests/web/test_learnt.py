"""Types that several threads bring to msgspec at once: learnt by one of them, so that the process lives."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_RUN = """
import sys, threading
import msgspec
from machxa_web.learnt import converted

sys.setswitchinterval(1e-6)
source = '''
class Inner(msgspec.Struct):
    name: str = ""
    more: dict[str, int] = {}
class Outer(msgspec.Struct):
    one: Inner
    all_: list[Inner]
'''
for _ in range(300):
    made = {"msgspec": msgspec, "__name__": "made"}
    exec(source, made)
    starting, found = threading.Barrier(4), []
    def go():
        starting.wait()
        found.append(converted({"one": {"name": "a"}, "all_": [{}]}, made["Outer"]).one.name)
    threads = [threading.Thread(target=go) for _ in range(4)]
    [one.start() for one in threads], [one.join() for one in threads]
    assert found == ["a"] * 4, found
"""


def test_threads_that_bring_a_new_type_at_once_all_get_their_answer() -> None:
    done = subprocess.run([sys.executable, "-c", _RUN], capture_output=True, text=True, check=False, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("package", ["collector/machxa_collector", "dashboards/machxa_web"])
def test_whatever_is_converted_to_was_learnt_before(package: str) -> None:
    learnt, asked = set(), set()
    for path in (ROOT / package).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"msgspec\.convert\(.*, (\w+)[,)]|\.decode\(.*type=(\w+)\)", text))
        if "msgspec" in text:
            tree = ast.parse(text)
            learnt |= {
                one.name
                for one in ast.walk(tree)
                if isinstance(one, ast.ClassDef)
                and any(isinstance(by, ast.Name) and by.id == "learnt" for by in one.decorator_list)
            }

    part_of_rules, by_the_lock = {"Norm"}, {"shape"}
    assert {name for pair in asked for name in pair if name} - learnt - part_of_rules - by_the_lock == set()
