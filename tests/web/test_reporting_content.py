"""What the phone shows is what the report window shows: the same words, steps and pictures, without the same code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import machxa_web
from machxa_agent.report import pictures
from machxa_agent.report import words as window
from machxa_web.languages import CODES, load_languages
from machxa_web.reporting import words

SPRITE = (Path(next(iter(machxa_web.__path__))) / "static/report.svg").read_text("utf-8")


def drawn(path: str) -> set[tuple[int, ...]]:
    """Return the strokes of a path: each M begins a run of points."""
    runs = [[int(number) for number in run.split()] for run in path.split("M")[1:]]
    return {tuple(run[at : at + 4]) for run in runs for at in range(0, len(run) - 2, 2)}


def test_the_pictures_are_those_of_the_window() -> None:
    paths = dict(re.findall(r'<symbol id="(\w+)" viewBox="0 0 24 24"><path d="([^"]+)"', SPRITE))

    assert {name: drawn(path) for name, path in paths.items()} == {
        name: set(pictures._PICTURES[name]) for name in pictures.NAMES
    }


def test_each_form_asks_the_same() -> None:
    asked = {"what": words.WHAT, "how": words.HOW, "since": words.SINCE, "waiting": words.WAITING}

    assert {name: list(choices) for name, choices in asked.items()} == {
        "what": list(window.CATEGORIES),
        "how": list(window.SYMPTOMS),
        "since": list(window.BEGAN),
        "waiting": list(window.WAITING),
    }


@pytest.mark.parametrize("code", CODES)
def test_the_steps_to_try_are_told_in_the_same_words(code: str) -> None:
    say = load_languages()[code].catalogue.gettext

    told = {what: [(picture, say(step)) for picture, step in steps] for what, steps in words.HELP.items()}

    assert told == {
        what: [(picture, window.named(step, code)) for picture, step in steps] for what, steps in window.HELP.items()
    }
