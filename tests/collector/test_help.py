"""Each command says what each of its arguments is, in one form."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from machxa_collector.main import _parser


def commands(parser: argparse.ArgumentParser, name: str = "machxa") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command and act with its parser."""
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, one in action.choices.items():
                yield from commands(one, f"{name} {word}")


def test_each_argument_of_each_command_is_told_of() -> None:
    untold = [
        f"{name}: {action.metavar or action.dest}"
        for name, parser in commands(_parser())
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction) and not action.help
    ]
    acts = [
        f"{name} {word}"
        for name, parser in commands(_parser())
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for word in set(action.choices) - {one.dest for one in action._choices_actions if one.help}
    ]

    assert (untold, acts) == ([], [])


def test_what_is_to_be_filled_in_stands_in_capitals() -> None:
    small = [
        f"{name}: {action.dest}"
        for name, parser in commands(_parser())
        for action in parser._actions
        if action.nargs != 0 and action.choices is None and not str(action.metavar or "x")[:1].isupper()
    ]

    assert small == []
