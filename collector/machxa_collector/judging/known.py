"""Tell the agents of a unit what is known there, whenever it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Engine

from machxa_collector.incidents.acts import handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.intake.turn import Turn
from machxa_collector.judging.board import boards
from machxa_collector.judging.driver import Judging
from machxa_collector.judging.reporters import Reporters
from machxa_collector.notices import NoticeBoard
from machxa_collector.store import channels, incidents, notices, systems
from machxa_wire.notices import Notices, Progress

_EVERY_MS = 60_000


def follow(
    judging: Judging,
    turn: Turn,
    store: Engine,
    now_ms: Callable[[], int],
    token_of: Callable[[str], str],
    province_of: Callable[[str], str | None],
) -> NoticeBoard:
    """Return a board of what is open, whom to call and how far reports are, published by the judgement's thread.

    token_of gives the part of a report's address that nobody can guess; without an address of our pages none is told.
    province_of gives a unit's province.
    """
    reporters: Reporters | None = None

    def progress() -> dict[str, list[Progress]]:
        base = str(channels.policy(store).get("base_url") or "").rstrip("/")
        page_of = (lambda report: f"{base}/report/s/{token_of(report)}") if base else (lambda _report: "")
        return notices.progress(store, now_ms(), page_of, fresh().far)

    def fresh() -> Reporters:
        nonlocal reporters
        reporters = Reporters(store, province_of)
        return reporters

    # the board asks for progress first, so that contacts are read once for each look
    board = NoticeBoard(turn, notices.StoredAgents(store), progress, lambda: (reporters or fresh()).hotline)
    last: dict[str, Notices] = {}
    shown_at = 0

    def look(open_ones: Sequence[Incident]) -> None:
        nonlocal last, shown_at
        acts = incidents.acts_of(store, [one.id for one in open_ones])
        handled = {one: handling_of(done) for one, done in acts.items()}
        names = {one.id: (one.vi, one.en) for one in systems.effective(store).systems}
        now = now_ms()
        told = boards(open_ones, handled, names, 0)
        if told == last and now - shown_at < _EVERY_MS:
            return  # who enrolled or moved since waits for the next look
        last, shown_at = told, now
        board.publish_notices({unit: replace(one, at=now) for unit, one in told.items()})

    judging.look.append(look)
    return board
