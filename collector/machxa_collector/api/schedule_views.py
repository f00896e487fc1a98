"""Turn schedules, their runs and what they would send into what the API answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from fastapi import Request

from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.notifications import own_name
from machxa_collector.effects.outages import moment
from machxa_collector.notify import periods
from machxa_collector.notify.happening import PERSON, Recipient
from machxa_collector.notify.report_making import EVERY, MOST_FILES, NoReport, is_working, made, sketched
from machxa_collector.notify.report_text import texts
from machxa_collector.notify.reports import ACTOR, base_of, brought_of
from machxa_collector.notify.wishes import LANGUAGES, clock
from machxa_collector.store import channels, people, schedules
from machxa_collector.store.schedules import Run, Schedule

Json = dict[str, object]


def schedule_views(request: Request, found: Sequence[Schedule]) -> list[Json]:
    """Return schedules, each with what became of it last."""
    deps: Deps = request.app.state.deps
    newest = schedules.newest(deps.store, [one.pk for one in found]) if found else {}
    names = {PERSON + one.id: one.login for one in people.every(deps.store)} if found else {}
    own, registry, now = own_name(request), deps.live.current(), moment(deps.now_ms())
    shown = []
    for one in found:
        history, run = registry.units.history(one.unit), newest.get(one.pk)
        works = is_working(registry.calendars, one.unit)
        shown.append(
            {
                "id": one.pk,
                "recipient": one.recipient,
                "recipient_name": names.get(one.recipient, one.recipient),
                "is_own": one.recipient == own,
                "kind": one.kind,
                "every": EVERY[one.kind].value,
                "unit": one.unit,
                "unit_name": history[-1].full_name if history else one.unit,
                "at": clock(one.minute),
                "attach": one.attach,
                "paused": one.paused,
                "made_at": iso(one.made_at),
                "made_by": one.made_by,
                "next_at": _iso(periods.next_at(EVERY[one.kind], one.minute, now, works)),
                "newest": None if run is None else run_view(run),
            }
        )
    return shown


def run_view(run: Run) -> Json:
    """Return what became of a period."""
    return {
        "period": run.period,
        "due_at": iso(run.due_at),
        "state": run.state,
        "tries": run.tries,
        "made_at": iso(run.made_at),
        "documents": run.documents,
        "sent": run.sent,
        "sent_at": iso(run.sent_at),
        "error": run.error,
    }


def preview_view(deps: Deps, one: Schedule, recipient: Recipient | None, first: date, now: datetime) -> Json:
    """Return the message that would go now about a period; raises NoReport."""
    if recipient is None:
        raise NoReport("not_allowed")
    kept = sketched(made(deps.facts, one, first, MOST_FILES + 1), one, deps.now_ms(), ACTOR)
    kinds = {channel.id: channel.kind for channel in channels.every(deps.store)}
    attach = one.attach and kinds.get(recipient.channel or "") == "email"
    due = periods.Due(first=first, at=now)
    brought = brought_of(deps.live, one, due, kept, base_of(deps.store), attach=attach, now=deps.now_ms())
    told = texts(brought, LANGUAGES.index(recipient.wishes.language))
    return {
        "subject": told.subject,
        "text": told.text,
        "channel": recipient.channel,
        "attached": brought.attached,
        "files": [{"name": file.name, "size_bytes": file.size_bytes} for file in kept.files],
    }


def _iso(when: datetime) -> str | None:
    return iso(round(when.timestamp() * 1000))
