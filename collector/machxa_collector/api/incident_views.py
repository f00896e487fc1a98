"""Turn incidents and acts into the API's shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from machxa_collector.api.answers import iso
from machxa_collector.api.incident_scope import Seen
from machxa_collector.incidents.acts import Act, Handling, handling_of
from machxa_collector.store.incidents import body_of

Json = dict[str, object]
NameOf = Callable[[str], str | None]
_TIMES = ("started_at", "noticed_at", "ended_at")


def incident_view(seen: Seen, acts: Sequence[Act], name_of: NameOf) -> Json:
    """Return an incident without its evidence, with where it stands with people; name_of names units and assets."""
    one = seen.incident
    body = body_of(one)
    for name in ("evidence", "why", "merged_into"):
        del body[name]
    times = {name: iso(body[name]) for name in _TIMES}
    body["subject_name"] = name_of(one.subject)
    others = {"other_units": seen.other_units, "is_whole": seen.is_whole}
    return {**body, **times, **others, "revised": one.revised, "handling": handling_view(handling_of(acts))}


def detail_view(
    seen: Seen, acts: Sequence[Act], explains: Sequence[Seen], context: Sequence[Json], name_of: NameOf
) -> Json:
    """Return an incident whole, as far as it may be seen."""
    one = seen.incident
    return {
        **incident_view(seen, acts, name_of),
        "other_evidence": seen.other_evidence,
        "context": list(context),
        "unit_names": {code: name for code in one.units if (name := name_of(code)) is not None},
        "evidence": [
            {"kind": sign.kind, "source": sign.source, "source_name": name_of(sign.source), "at": iso(sign.at)}
            for sign in one.evidence
        ],
        "why": [{"code": why.code, "figures": dict(why.figures)} for why in one.why],
        "acts": [
            {"at": iso(act.at), "actor": act.actor, "kind": act.kind.value, "detail": dict(act.detail)} for act in acts
        ],
        "explains": [incident_view(child, (), name_of) for child in explains],
    }


def handling_view(handling: Handling) -> Json:
    """Return where an incident stands with people."""
    return {
        "acknowledged_at": iso(handling.acknowledged_at),
        "acknowledged_by": handling.acknowledged_by,
        "owner": handling.owner,
        "until": iso(handling.until),
        "tickets": [list(ticket) for ticket in handling.tickets],
        "overruled": None if handling.overruled is None else handling.overruled.value,
        "overruled_because": handling.overruled_because,
        "merged_into": handling.merged_into,
        "is_closed": handling.is_closed,
        "is_false": handling.is_false,
    }
