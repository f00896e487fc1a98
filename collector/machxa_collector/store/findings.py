"""Keep what the vote on identities found, until it is settled or a person has decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from machxa_collector.registry.identity import Decision, Evidence, Mark, MarkKind, Opinion, Reason, Verdict
from machxa_collector.store.tables import identity_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold one finding: asset is the arriving agent's record, about the one the vote speaks of (asset itself: its own).

    evidence is what the vote compared, as JSON; decided what a person said of it, None when nobody did.
    """

    pk: int
    at_ms: int
    agent_pk: int | None
    asset: str
    verdict: str
    about: str | None
    is_open: bool
    evidence: dict[str, object]

    @property
    def is_own(self) -> bool:
        """Return whether it doubts that the agent speaks from the device of its own record."""
        return self.about == self.asset

    @property
    def is_away(self) -> bool:
        """Return whether its agent speaks from another board, so that to hear it says nothing of its own one."""
        return self.is_own and self.is_open

    @property
    def decided(self) -> str | None:
        """Return "same" or "apart" once a person said so."""
        said = self.evidence.get("decided")
        return str(said) if said is not None else None


def of_assets(connection: Connection, members: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings of some records' agents, the newest first."""
    columns = identity_findings.c
    query = select(identity_findings).where(columns.asset_id.in_(members)).order_by(columns.pk.desc())
    return tuple(_finding(row) for row in connection.execute(query).mappings())


def naming(connection: Connection, members: Sequence[str]) -> tuple[Finding, ...]:
    """Return the open findings of any agent that speak of one of these records. Reads all that are open."""
    query = select(identity_findings).where(identity_findings.c.is_open).order_by(identity_findings.c.pk)
    found = (_finding(row) for row in connection.execute(query).mappings())
    return tuple(finding for finding in found if finding.about in members)


def list_findings(connection: Connection, *, is_open: bool | None, after: int, most: int) -> tuple[Finding, ...]:
    """Return findings with a key beyond after, in the order they were made; is_open None: open and closed."""
    columns = identity_findings.c
    query = select(identity_findings).where(columns.pk > after)
    if is_open is not None:
        query = query.where(columns.is_open.is_(is_open))
    rows = connection.execute(query.order_by(columns.pk).limit(most)).mappings()
    return tuple(_finding(row) for row in rows)


def one(connection: Connection, pk: int) -> Finding | None:
    """Return a finding, None when there is none of this key."""
    row = connection.execute(select(identity_findings).where(identity_findings.c.pk == pk)).mappings().first()
    return None if row is None else _finding(row)


def update_findings(
    connection: Connection, agent_pk: int, asset: str, verdict: Verdict, there: Sequence[Finding], now_ms: int
) -> None:
    """Open what a vote found and close what it no longer finds.

    One stays open, with the time it became true, for as long as it holds; that another board spoke with an agent's
    id is not settled by the agent's own board speaking again. What a person decided stays decided.
    """
    wanted = _wanted(verdict)
    is_back = verdict.reason is Reason.CONTINUES or verdict.asset != asset
    mine = [finding for finding in there if finding.agent_pk == agent_pk]
    for finding in mine:
        key = (finding.verdict, finding.about)
        if finding.is_open and key not in wanted:
            if not (finding.is_own and is_back):
                close(connection, finding.pk)
        elif finding.is_open:
            _refresh(connection, finding, wanted.pop(key))
        elif finding.decided is not None and not finding.is_own:
            wanted.pop(key, None)  # another board with the agent's id is asked about each time
    for (decision, about), evidence in wanted.items():
        row = {"at": now_ms, "agent_pk": agent_pk, "asset_id": asset, "verdict": decision, "is_open": True}
        connection.execute(insert(identity_findings).values({**row, "evidence": _text(about, evidence)}))


def close(connection: Connection, pk: int, decided: str | None = None, actor: str | None = None) -> None:
    """Close a finding, as settled or as a person decided."""
    values: dict[str, object] = {"is_open": False}
    if decided is not None:
        found = connection.execute(
            select(identity_findings.c.evidence).where(identity_findings.c.pk == pk)
        ).scalar_one()
        told = {**json.loads(found), "decided": decided, "decided_by": actor}
        values["evidence"] = json.dumps(told, ensure_ascii=False)
    connection.execute(update(identity_findings).where(identity_findings.c.pk == pk).values(values))


def arrived(finding: Finding) -> tuple[Mark, ...]:
    """Return the marks that had arrived when a finding was made."""
    rows = finding.evidence.get("marks")
    told = rows if isinstance(rows, list) else []
    return tuple(Mark(MarkKind(row["kind"]), value) for row in told for value in row["arrived"])


def told(evidence: Sequence[Evidence]) -> list[dict[str, object]]:
    """Return compared marks as JSON."""
    return [
        {
            "kind": one.kind.value,
            "agreement": one.agreement.value,
            "arrived": list(one.arrived),
            "recorded": list(one.recorded),
        }
        for one in evidence
    ]


def _refresh(connection: Connection, finding: Finding, evidence: dict[str, object]) -> None:
    """Keep what was compared last, if it has changed since a finding was made."""
    if {**finding.evidence, **evidence} != finding.evidence:
        where = identity_findings.c.pk == finding.pk
        connection.execute(update(identity_findings).where(where).values(evidence=_text(finding.about, evidence)))


def _text(about: str | None, evidence: dict[str, object]) -> str:
    return json.dumps({"about": about, **evidence}, ensure_ascii=False)


def _wanted(verdict: Verdict) -> dict[tuple[str, str | None], dict[str, object]]:
    asked: list[Verdict | Opinion] = [verdict, *verdict.others]
    return {
        (one.decision.value, one.asset): {
            "reason": one.reason.value,
            "confidence": one.confidence,
            "marks": told(one.evidence),
        }
        for one in asked
        if one.decision in (Decision.CLONE, Decision.CONFLICT)
    }


def _finding(row: RowMapping) -> Finding:
    told = json.loads(row["evidence"])
    evidence = told if isinstance(told, dict) else {"alike": told}  # at enrolment: the agents it was like
    return Finding(
        pk=row["pk"],
        at_ms=row["at"],
        agent_pk=row["agent_pk"],
        asset=row["asset_id"],
        verdict=row["verdict"],
        about=evidence.get("about"),
        is_open=row["is_open"],
        evidence=evidence,
    )
