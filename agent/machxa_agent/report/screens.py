"""Say what is on the screen, from what the window is at and what the agent shows. Pure; Tk and the terminal draw it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import List, Mapping, Optional, Tuple

from machxa_agent.report import sending, words
from machxa_agent.report.model import Act, Page, State
from machxa_agent.report.parts import Button, Code, Listing, Note, Part, Row, Screen, Step, Text
from machxa_agent.report.shown import Sent, Shown
from machxa_agent.report.told import MOST_BACK_MINUTES
from machxa_agent.report.words import Words, named, said
from machxa_wire.notices import Notice, Progress
from machxa_wire.reports import again_of

_STALE = timedelta(minutes=15)  # the agent writes every five
_NOTICES_FIRST, _NOTICES_LATER = 2, 1  # of them at most, so that the page stays on a small screen
_NUMBER_CHARACTERS = 8
_MOST_ROWS = 3  # reports of which more can be said, so that the page stays on a small screen


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
        words_ = said("lost" if state.reopens else "after_failed", language)
        failed: List[Part] = [Text(words_, "bad"), *([call] if call else [])]
        return Screen(tuple(failed), (_back(language), close))
    sent, progress = _report(state.id, shown)
    parts: List[Part] = [
        *_line_of(sent, progress, language),
        Text(said("number", language, number(state.id))),
        *([Text(said("reopened", language, number(state.reopens)))] if state.reopens else []),
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
    lost = (Text(said("lost", language), "bad"),) if state.is_lost else ()
    fixed = Row((Button(said("fixed", language), Act.FIXED),), 1)
    steps = words.HELP.get(state.category or "", ())
    if not steps:
        return (fixed, *lost)
    told = (Step(f"{number}. {named(say, language)}", picture) for number, (picture, say) in enumerate(steps, 1))
    return (Text(said("help", language)), *told, fixed, *lost)


def _mine(state: State, shown: Optional[Shown], now: datetime) -> Screen:
    language = state.language
    newest = tuple(reversed(shown.reports)) if shown else ()
    lines = [_mine_line(one, state, shown, now) for one in newest] if shown else []
    rows = [_mine_row(one, state, shown, now) for one in newest if _may_be_said_of(one, shown, now)] if shown else []
    said_ = [Text(said("reopen_more", language), "small")] if rows else []
    lost = [Text(said("lost", language), "bad")] if state.is_lost else []
    parts = (_title("mine", language), *_health(shown, language, now), *said_, *rows[:_MOST_ROWS], *lost)
    return Screen((*parts, Listing(tuple(lines or [said("none_yet", language)]))), (_back(language),))


def _may_be_said_of(sent: Sent, shown: Shown, now: datetime) -> bool:
    """Return whether more can be said of a report: one of the last days that was not told again already."""
    is_late = now.timestamp() * 1000 - sent.at <= MOST_BACK_MINUTES * 60_000
    return is_late and bool(sent.id) and again_of(sent.id) not in {one.id for one in shown.reports}


def _mine_row(sent: Sent, state: State, shown: Shown, now: datetime) -> Row:
    about = f"{named(words.CATEGORIES[sent.category], state.language)} ({clock(sent.at, now)})"
    if _is_over(sent, state, shown):
        return Row((Button(said("reopen", state.language, about), Act.REOPEN, sent.id),), 1)
    return Row((Button(f"{said('fixed', state.language)}: {about}", Act.FIXED, sent.id),), 1)


def _is_over(sent: Sent, state: State, shown: Optional[Shown]) -> bool:
    _, progress = _report(sent.id, shown)
    return sent.is_over or sent.id in state.over or (progress is not None and progress.state == "done")


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


def _line_of(sent: Optional[Sent], progress: Optional[Progress], language: str) -> Tuple[Text, ...]:
    """Return how far a report is, and what that means: who has seen it, and whether it must be told again."""
    if progress is not None:
        more = (Text(said("sent_more", language), "small"),) if progress.state == "received" else ()
        return (Text(named(words.STATES[progress.state], language), "good"), *more)
    if sent is not None and sent.state == "sent":
        return (Text(said("after_sent", language), "good"), Text(said("sent_more", language), "small"))
    if sent is not None and sent.state == "unknown":
        return (Text(named(words.STATES["unknown"], language), "title"), Text(said("unknown_more", language), "small"))
    return (Text(said("after_waiting", language), "title"), Text(said("waits_more", language), "small"))


def _mine_line(sent: Sent, state: State, shown: Shown, now: datetime) -> str:
    language = state.language
    _, progress = _report(sent.id, shown)
    far = "over" if _is_over(sent, state, shown) else sent.state if progress is None else progress.state
    about = named(words.CATEGORIES[sent.category], language)
    is_again = again_of(sent.id) in {one.id for one in shown.reports}
    again = f", {said('told_again', language)}" if is_again else ""
    line = f"{clock(sent.at, now)}  {about}: {named(words.STATES[far], language)}{again}"
    return f"{line}. {said('number', language, number(sent.id))}"


def number(id_: str) -> str:
    """Return the number under which people speak of a report, at this computer and at the centre."""
    return id_[:_NUMBER_CHARACTERS].upper()


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
