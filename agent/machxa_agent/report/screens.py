"""Say what is on the screen, from what the window is at and what the agent shows. Pure; Tk and the terminal draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import List, Mapping, Optional, Tuple, Union

from machxa_agent.report import sending, words
from machxa_agent.report.model import Act, Page, State
from machxa_agent.report.shown import Sent, Shown
from machxa_agent.report.words import Words, named, said
from machxa_wire.notices import Notice, Progress

_STALE = timedelta(minutes=15)  # the agent writes every five
_NOTICES_FIRST, _NOTICES_LATER = 2, 1  # of them at most, so that the page stays on a small screen
_NUMBER_CHARACTERS = 8


@dataclass(frozen=True)
class Text:
    """Say something; tone is "title", "plain", "small", "good" or "bad"."""

    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Button:
    """Offer a tap; picture names one of ``pictures``, key is the keyboard's, chosen shows it pressed."""

    label: str
    act: Act
    value: str = ""
    picture: str = ""
    key: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Row:
    """Put buttons beside each other, so many to a line; is_main: large ones."""

    buttons: Tuple[Button, ...]
    columns: int
    is_main: bool = False


@dataclass(frozen=True)
class Step:
    """Tell one thing to try, with a picture of ``pictures``."""

    words: str
    picture: str


@dataclass(frozen=True)
class Code:
    """Show an address to be typed, and as a QR code to be scanned."""

    words: str
    address: str


@dataclass(frozen=True)
class Note:
    """Ask for a line of free text."""

    label: str


@dataclass(frozen=True)
class Listing:
    """Show lines that may be many, to be scrolled."""

    lines: Tuple[str, ...]


Part = Union[Text, Row, Step, Code, Note, Listing]


@dataclass(frozen=True)
class Screen:
    """Hold a page from top to bottom, and the buttons at its foot."""

    parts: Tuple[Part, ...]
    foot: Tuple[Button, ...]


def screen(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    """Return the page; shown is None when the agent shows nothing. now is an aware local time."""
    return _PAGES[state.page](state, shown, now)


def _what(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    language = state.language
    tiles = _choices(words.CATEGORIES, Act.CATEGORY, language, pictures=True)
    parts = (*_health(shown, language, now), *_known(shown, language, now, _NOTICES_FIRST), _title("what", language))
    return Screen((*parts, Row(tiles, 3, is_main=True)), _foot(language))


def _how(state: State, _shown: Optional[Shown], _now: datetime) -> Screen:
    language = state.language
    about = named(words.CATEGORIES[state.category or "other"], language)
    tiles = _choices(words.SYMPTOMS, Act.SYMPTOM, language)
    return Screen((Text(about), _title("how", language), Row(tiles, 1, is_main=True)), (_back(language),))


def _more(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    language = state.language
    about = named(words.CATEGORIES[state.category or "other"], language)
    how = "" if state.symptom is None else ": " + named(words.SYMPTOMS[state.symptom], language)
    device = said("this_device", language, shown.device) if shown and shown.device else ""
    parts: Tuple[Part, ...] = (
        *_known(shown, language, now, _NOTICES_LATER),
        Text(about + how, "title"),
        Text(device, "small"),
        Row((Button(said("send", language), Act.SEND, key="Return"),), 1, is_main=True),
        Text(said("began", language)),
        Row(_choices(words.BEGAN, Act.BEGAN, language, chosen=(state.began,)), 5),
        Text(said("people", language)),
        Row(_choices(words.WAITING, Act.WAITING, language, chosen=(state.waiting or "-",)), 4),
        Text(said("stages", language)),
        Row(_choices(words.STAGES, Act.STAGE, language, chosen=state.stages), 5),
        Note(said("note", language)),
        Row((Button(said("paper", language), Act.PAPER, chosen=state.paper),), 1),
    )
    return Screen(parts, (_back(language),))


def _after(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    language = state.language
    again = Button(said("again", language), Act.AGAIN)
    close = Button(said("close", language), Act.CLOSE, key="Escape")
    call = Text(said("call", language, shown.notices.hotline)) if shown and shown.notices.hotline else None
    if not state.id:
        failed: List[Part] = [Text(said("after_failed", language), "bad"), *([call] if call else [])]
        return Screen(tuple(failed), (_back(language), close))
    sent, progress = _report(state.id, shown)
    parts: List[Part] = [
        _line_of(sent, progress, language),
        Text(said("number", language, state.id[:_NUMBER_CHARACTERS])),
    ]
    if progress is not None and progress.contact:
        parts.append(Text(said("handler", language, progress.contact)))
    if progress is not None and progress.until is not None:
        parts.append(Text(said("until", language, clock(progress.until, now))))
    parts += [call] if call else []
    parts += _health(shown, language, now)
    if progress is not None and progress.link:
        parts.append(Code(said("photo", language), progress.link))
    parts += _help(state, language)
    return Screen(tuple(parts), (again, close))


def _help(state: State, language: str) -> Tuple[Part, ...]:
    """Return what may mend it in the meantime, and the button that says it did; a word of thanks once it was said."""
    if state.is_fixed:
        return (Text(said("thanks", language), "good"),)
    fixed = Row((Button(said("fixed", language), Act.FIXED),), 1)
    steps = words.HELP.get(state.category or "", ())
    if not steps:
        return (fixed,)
    told = (Step(f"{number}. {named(say, language)}", picture) for number, (picture, say) in enumerate(steps, 1))
    return (Text(said("help", language)), *told, fixed)


def _mine(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    language = state.language
    lines = [_mine_line(one, shown, language, now) for one in reversed(shown.reports)] if shown else []
    parts = (_title("mine", language), Listing(tuple(lines or [said("none_yet", language)])))
    return Screen(parts, (_back(language),))


def _sends(state: State, shown: Optional[Shown], _now: datetime) -> Screen:
    language = state.language
    return Screen((_title("sends", language), Listing(sending.lines(shown, language))), (_back(language),))


def clock(ms: int, now: datetime) -> str:
    """Return a time as people say it: 09:15, with its day when that is not today's; ? when no calendar can say it."""
    try:
        at = datetime.fromtimestamp(ms / 1000, now.tzinfo)
    except (OverflowError, OSError, ValueError):
        return "?"
    return at.strftime("%H:%M") if at.date() == now.date() else at.strftime("%H:%M %d/%m")


def _known(shown: Optional[Shown], language: str, now: datetime, most: int) -> Tuple[Part, ...]:
    if shown is None or not shown.notices.notices:
        return ()
    told = said("known", language) + " (" + said("as_of", language, clock(shown.notices.at, now)) + ")"
    parts: List[Part] = [Text(told, "small")]
    for notice in shown.notices.notices[:most]:
        parts.append(Text(_sentence(notice, language, now), "bad"))
        parts.append(Row((Button(said("me_too", language), Act.ME_TOO, notice.id),), 1))
    return tuple(parts)


def _sentence(notice: Notice, language: str, now: datetime) -> str:
    words_ = (notice.words_vi or notice.words_en) if language == "vi" else (notice.words_en or notice.words_vi)
    ends = "" if notice.until is None else ", " + said("until", language, clock(notice.until, now))
    return f"{words_} ({said('since', language, clock(notice.since, now))}{ends})"


def _health(shown: Optional[Shown], language: str, now: datetime) -> Tuple[Part, ...]:
    is_stale = shown is None or now.timestamp() - shown.written_at / 1000 > _STALE.total_seconds()
    if is_stale:
        return (Text(said("not_running", language), "bad"),)
    return () if shown is not None and shown.connected else (Text(said("offline", language), "small"),)


def _report(id_: str, shown: Optional[Shown]) -> Tuple[Optional[Sent], Optional[Progress]]:
    if shown is None:
        return None, None
    sent = next((one for one in shown.reports if one.id == id_), None)
    return sent, next((one for one in shown.notices.reports if one.id == id_), None)


def _line_of(sent: Optional[Sent], progress: Optional[Progress], language: str) -> Text:
    if progress is not None:
        return Text(named(words.STATES[progress.state], language), "good")
    if sent is not None and sent.state == "sent":
        return Text(said("after_sent", language), "good")
    return Text(said("after_waiting", language), "title")


def _mine_line(sent: Sent, shown: Shown, language: str, now: datetime) -> str:
    _, progress = _report(sent.id, shown)
    state = sent.state if progress is None else progress.state
    about = named(words.CATEGORIES[sent.category], language)
    return f"{clock(sent.at, now)}  {about}: {named(words.STATES[state], language)}"


def _choices(
    table: Mapping[str, Words], act: Act, language: str, *, chosen: Tuple[str, ...] = (), pictures: bool = False
) -> Tuple[Button, ...]:
    has_keys = act in (Act.CATEGORY, Act.SYMPTOM)
    return tuple(
        Button(
            named(label, language),
            act,
            value,
            picture=value if pictures else "",
            key=str(number) if has_keys else "",
            chosen=value in chosen,
        )
        for number, (value, label) in enumerate(table.items(), 1)
    )


def _title(key: str, language: str) -> Text:
    return Text(said(key, language), "title")


def _back(language: str) -> Button:
    return Button(said("back", language), Act.BACK, key="Escape")


def _foot(language: str) -> Tuple[Button, ...]:
    return (
        Button(said("mine", language), Act.SHOW, Page.MINE.value),
        Button(said("sends", language), Act.SHOW, Page.SENDS.value),
        Button(said("other_language", language), Act.LANGUAGE),
    )


_PAGES = {
    Page.WHAT: _what,
    Page.HOW: _how,
    Page.MORE: _more,
    Page.AFTER: _after,
    Page.MINE: _mine,
    Page.SENDS: _sends,
}
