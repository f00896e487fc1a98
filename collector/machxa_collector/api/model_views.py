"""Turn versions of the assumptions into the API's shapes, and rows into a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from machxa_collector.api.answers import iso
from machxa_collector.impact.matrix import BadEntries, Entry, body_of, changes, entries_of, shifts
from machxa_collector.impact.model import Body, model_of
from machxa_collector.store.models import Kept, Version

Json = dict[str, object]
_KEY = ("section", "stage", "group", "channel", "name")


def version_view(one: Version) -> Json:
    """Return a version without its rows."""
    return {**asdict(one), "made_at": iso(one.made_at)}


def model_view(kept: Kept) -> Json:
    """Return a version whole."""
    return {**version_view(kept.about), "entries": [asdict(one) for one in entries_of(kept.body)]}


def preview_view(kept: Kept, entries: Sequence[Entry]) -> Json:
    """Return what saving rows over a version would do."""
    told: Json = {"base": kept.about.version, "entries": [asdict(one) for one in entries]}
    try:
        body = made(kept, entries, "preview", "preview")
    except BadEntries as refused:
        return {**told, "faults": [asdict(one) for one in refused.faults], "changes": [], "shifts": []}
    return {
        **told,
        "faults": [],
        "changes": [
            {**dict(zip(_KEY, one.key, strict=True)), "before": one.before, "after": one.after}
            for one in changes(entries_of(kept.body), entries_of(body))
        ],
        "shifts": [
            {
                "system": one.system.value,
                "group": one.group.value,
                "channel": one.channel.value,
                "stage": one.stage.value,
                "before": one.before,
                "after": one.after,
            }
            for one in shifts(model_of(kept.body), model_of(body))
        ],
    }


def made(kept: Kept, entries: Sequence[Entry], version: str, source: str) -> Body:
    """Return the assumptions that rows say over a version; raises BadEntries."""
    return body_of(entries, kept.body, version, source)
