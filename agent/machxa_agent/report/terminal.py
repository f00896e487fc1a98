"""Ask the three questions in a terminal, for a computer without Tk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Callable, Mapping, Optional

from machxa_agent.report import drop, shown, words
from machxa_agent.report.model import Act, State, kept, tap, told
from machxa_agent.report.parts import Code, Listing, Step, Text
from machxa_agent.report.screens import screen
from machxa_agent.report.words import Words, named, said
from machxa_wire.refusal import Refused

Ask = Callable[[str], str]
Say = Callable[[str], None]


def run(folder: Path, language: str, ask: Ask, say: Say, now: Callable[[], datetime]) -> int:
    """Ask what, how and what else, and keep the report; return 0, 1 when it could not be kept or nobody answered."""
    state = State(language)
    for one in screen(state, _shown(folder), now()).parts:
        if isinstance(one, Text) and one.tone != "title":
            say(one.words)
    try:
        state = tap(state, Act.CATEGORY, _one_of(words.CATEGORIES, said("what", language), language, ask, say))
        state = tap(state, Act.SYMPTOM, _one_of(words.SYMPTOMS, said("how", language), language, ask, say))
        note = ask(said("note", language) + ": ")
        state = kept(state, drop.put(folder / "drop", told(state, note, now())))
    except EOFError:
        return 1
    except OSError:
        state = kept(state, "")
    for one in screen(state, _shown(folder), now()).parts:
        if isinstance(one, (Text, Step)):
            say(one.words)
        elif isinstance(one, Code):
            say(one.address)
    return 0 if state.id else 1


def sends(folder: Path, language: str, say: Say) -> int:
    """Say what this computer sends."""
    from machxa_agent.report import sending  # noqa: PLC0415 - loaded by those who ask

    for line in Listing(sending.lines(_shown(folder), language)).lines:
        say(line)
    return 0


def _one_of(table: Mapping[str, Words], question: str, language: str, ask: Ask, say: Say) -> str:
    names = tuple(table)
    say(question)
    for number, name in enumerate(names, 1):
        say(f"  {number}. {named(table[name], language)}")
    while True:
        answer = ask(f"1-{len(names)}: ").strip()
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]


def _shown(folder: Path) -> Optional[shown.Shown]:
    try:
        return shown.read(folder)
    except (OSError, Refused):
        return None
