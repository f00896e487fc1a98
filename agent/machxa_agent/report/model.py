"""Hold what the window is at, and what a tap does. Pure: what it shows is ``screens``', what it writes ``Told``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Callable, Mapping, Optional, Tuple

from machxa_agent.report.shown import Sent
from machxa_agent.report.told import MOST_BACK_MINUTES, MOST_NOTE, Told, clean

_MORNING_HOUR = 7
_MS = 1000


class Page(Enum):
    """Name what is on the screen."""

    WHAT = "what"
    HOW = "how"
    MORE = "more"
    AFTER = "after"
    MINE = "mine"
    SENDS = "sends"


class Act(Enum):
    """Name what a tap does; the value beside it says with what."""

    CATEGORY = "category"
    SYMPTOM = "symptom"
    BEGAN = "began"
    WAITING = "waiting"
    STAGE = "stage"
    PAPER = "paper"
    SEND = "send"
    ME_TOO = "me_too"
    FIXED = "fixed"
    REOPEN = "reopen"
    BACK = "back"
    AGAIN = "again"
    SHOW = "show"
    LANGUAGE = "language"
    CLOSE = "close"


@dataclass(frozen=True)
class State:
    """Hold what was tapped so far. id is that of the report that was kept last, "" when it could not be.

    over are ids of reports whose trouble is over, as was said in this window; reopens is the id of the one that the
    report that was kept last tells again; is_lost: the last word could not be kept.
    """

    language: str = "vi"
    page: Page = Page.WHAT
    category: Optional[str] = None
    symptom: Optional[str] = None
    began: str = "0"
    waiting: Optional[str] = None
    stages: Tuple[str, ...] = ()
    paper: bool = False
    incident: Optional[str] = None
    id: Optional[str] = None
    over: Tuple[str, ...] = ()
    reopens: Optional[str] = None
    is_lost: bool = False

    @property
    def is_fixed(self) -> bool:
        """Return whether the trouble of the report that was kept last is over."""
        return bool(self.id) and self.id in self.over


def tap(state: State, act: Act, value: str = "") -> State:
    """Return what the window is at after a tap. To send is the caller's part: see ``told`` and ``kept``."""
    return _TAPS[act](state, value) if act in _TAPS else state


def told(state: State, note: str, now: datetime) -> Told:
    """Return the report as it is dropped; now is an aware local time."""
    return Told(
        category=state.category or "other",
        symptom=state.symptom,
        at=int(now.timestamp() * _MS),
        began_minutes=None if state.incident and state.symptom is None else _minutes(state.began, now),
        waiting=state.waiting,
        stages=state.stages,
        note=clean(note, MOST_NOTE),
        incident=state.incident,
        paper=state.paper,
    )


def kept(state: State, id_: str) -> State:
    """Return what the window is at once a report was kept under an id, "" when it could not be."""
    return replace(state, page=Page.AFTER, id=id_)


def over(state: State, now: datetime, id_: str = "") -> Told:
    """Return the word that a report's trouble is over, that of the one kept last without an id; now is aware, local."""
    return Told(state.category or "other", None, int(now.timestamp() * _MS), fixes=id_ or state.id)


def reopened(state: State, sent: Sent, now: datetime) -> Tuple[State, Told]:
    """Return what the window is at when somebody tells a report of this computer again, and the report of that."""
    fresh = replace(_fresh(state), category=sent.category, symptom=sent.symptom, reopens=sent.id)
    return fresh, Told(sent.category, sent.symptom, int(now.timestamp() * _MS))


def _fresh(state: State) -> State:
    return State(state.language, over=state.over)


def _stage(state: State, value: str) -> State:
    others = tuple(one for one in state.stages if one != value)
    return replace(state, stages=others if value in state.stages else (*others, value))


def _back(state: State, _value: str) -> State:
    if state.page is Page.AFTER:
        return _fresh(state)
    return replace(state, page=Page.HOW if state.page is Page.MORE else Page.WHAT)


def _fixed(state: State, value: str) -> State:
    id_ = value or state.id
    over_ = (*(one for one in state.over if one != id_), id_) if id_ else state.over
    return replace(state, over=over_, is_lost=False)


def _minutes(began: str, now: datetime) -> int:
    """Return how many minutes ago something began; this morning is since seven, or an hour when it is earlier."""
    if began != "morning":
        return int(began)
    since_seven = (now.hour - _MORNING_HOUR) * 60 + now.minute
    return min(max(60, since_seven), MOST_BACK_MINUTES)


_TAPS: Mapping[Act, Callable[[State, str], State]] = {
    Act.CATEGORY: lambda state, value: replace(state, category=value, page=Page.HOW),
    Act.SYMPTOM: lambda state, value: replace(state, symptom=value, page=Page.MORE),
    Act.BEGAN: lambda state, value: replace(state, began=value),
    Act.WAITING: lambda state, value: replace(state, waiting=None if state.waiting == value else value),
    Act.STAGE: _stage,
    Act.PAPER: lambda state, _: replace(state, paper=not state.paper),
    Act.ME_TOO: lambda state, value: replace(state, incident=value, category=state.category or "other"),
    Act.FIXED: _fixed,
    Act.AGAIN: lambda state, _: _fresh(state),
    Act.SHOW: lambda state, value: replace(state, page=Page(value), is_lost=False),
    Act.BACK: _back,
    Act.LANGUAGE: lambda state, _: replace(state, language="en" if state.language == "vi" else "vi"),
}
