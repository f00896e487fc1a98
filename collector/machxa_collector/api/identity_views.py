"""Turn what is known of identities into the JSON that pages and callers read."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.api.answers import iso
from machxa_collector.store.findings import Finding
from machxa_collector.store.identity_read import Identity, MergeRow

View = dict[str, object]


def identity_view(asset_id: str, known: Identity, names: Mapping[str, str], agents: Mapping[int, str]) -> View:
    """Return everything that says which device an asset is."""
    return {
        "asset": asset_id,
        "marks": [
            {
                "kind": one.mark.kind.value,
                "value": one.mark.value,
                "first_at": iso(one.first_at),
                "last_at": iso(one.last_at),
                "is_current": one.is_current,
            }
            for one in known.marks
        ],
        "refused": [{"kind": one.kind.value, "value": one.value, "why": one.why.name.lower()} for one in known.refused],
        "agents": [
            {"agent": one.agent, "enrolled_at": iso(one.enrolled_at), "last_seen": iso(one.last_at)}
            for one in known.agents
        ],
        "merges": [merge_view(one) for one in known.merges],
        "places": [
            {"unit": one.unit, "began_at": iso(one.began_at), "ended_at": iso(one.ended_at)} for one in known.places
        ],
        "findings": [finding_view(one, names, agents) for one in known.findings],
    }


def merge_view(merge: MergeRow) -> View:
    """Return a merge; without reason where a person made it."""
    return {
        "pk": merge.pk,
        "at": iso(merge.at),
        "actor": merge.actor,
        "kept": merge.kept,
        "absorbed": merge.absorbed,
        "agents": list(merge.agents),
        "reason": merge.evidence.get("reason"),
        "confidence": merge.evidence.get("confidence"),
        "evidence": merge.evidence.get("marks", []),
        "undone_at": iso(merge.undone_at),
        "undone_by": merge.undone_by,
    }


def finding_view(finding: Finding, names: Mapping[str, str], agents: Mapping[int, str]) -> View:
    """Return a finding with the names of the assets it tells of; one without a name here is another territory's."""
    about = finding.about if finding.about in names else None
    own = finding.asset if finding.asset in names else None
    marks = finding.evidence.get("marks", [])
    told = marks if isinstance(marks, list) else []
    return {
        "pk": finding.pk,
        "at": iso(finding.at_ms),
        "verdict": finding.verdict,
        "reason": finding.evidence.get("reason"),
        "confidence": finding.evidence.get("confidence"),
        "agent": None if finding.agent_pk is None or own is None else agents.get(finding.agent_pk),
        "asset": None if own is None else {"id": own, "name": names[own]},
        "about": None if about is None else {"id": about, "name": names[about]},
        "evidence": [
            {
                **one,
                "arrived": one["arrived"] if own is not None else [],
                "recorded": one["recorded"] if about is not None else [],
            }
            for one in told
        ],
        "is_open": finding.is_open,
        "decided": finding.decided,
    }
