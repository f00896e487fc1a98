"""Keep one incident while it is judged: what it is now, how it came to be so, what was told of it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2s

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.finding import Finding, Key
from machxa_collector.incidents.incident import Incident, Why
from machxa_collector.incidents.words import Cause, Hush, Told

UNSTABLE_SPELLS = 3


class Case:
    """Hold an incident that changes. Times are milliseconds since 1970 UTC.

    hidden: what it was is no incident (a router's restart); it counts all the same when it comes again. told: what was
    told of it; owed: it is to be told though it is over. parent: the case that explains it. is_weighed: its severity
    rests on a known effect, of which weight tells.
    """

    __slots__ = (
        "ended_at",
        "finding",
        "first_cause",
        "hidden",
        "hush",
        "id",
        "is_weighed",
        "key",
        "noticed_at",
        "owed",
        "parent",
        "reports",
        "severity",
        "shown_at",
        "spells",
        "started_at",
        "told",
        "told_cause",
        "waiting",
        "weight",
    )

    def __init__(self, finding: Finding, now: int) -> None:
        """Open it."""
        self.key: Key = finding.key
        self.id = blake2s(f"{finding.key}{finding.since}".encode(), digest_size=8).hexdigest()
        self.finding = finding
        self.started_at = min(finding.since, now)
        self.noticed_at = now
        self.shown_at = now  # the present spell's
        self.ended_at: int | None = None
        self.first_cause: Cause | None = None
        self.severity = Severity.P4
        self.is_weighed = False
        self.weight: tuple[Why, ...] = ()
        self.hush: Hush | None = None
        self.parent: Case | None = None
        self.owed = False
        self.hidden = False
        self.spells = 1
        self.reports: set[str] = set()
        self.waiting = False
        self.told: set[Told] = set()
        self.told_cause: Cause | None = None

    @property
    def unstable(self) -> bool:
        """Tell whether it comes and goes."""
        return self.spells >= UNSTABLE_SPELLS

    @property
    def root(self) -> Case:
        """Return the case that explains it in the end, itself when nothing does."""
        case = self
        while case.parent is not None:
            case = case.parent
        return case

    def take(self, finding: Finding) -> None:
        """Take what is found now; units only grow, and a start that is better known replaces the first guess."""
        known = self.finding
        if self.spells > 1 and finding.cause is Cause.POWER_OR_LINE and known.cause in (Cause.POWER, Cause.LINE):
            finding = replace(finding, cause=known.cause, layer=known.layer)  # as it was when it came before
        if finding.cause is not self.finding.cause and self.first_cause is None:
            self.first_cause = self.finding.cause
        if finding.cause is self.first_cause:
            self.first_cause = None
        if finding.key[0] == "system" and finding.witnesses < known.witnesses and finding.cause is known.cause:
            finding = _as_wide(finding, known)
        if self.spells == 1:
            known_since = self.started_at if finding.key[0] == "reach" else self.noticed_at  # another sign came first
            self.started_at = min(finding.since, known_since)
        self.finding = finding

    def precede(self, noticed_at: int) -> None:
        """Take that another sign of it was noticed at a moment: it had begun by then, where checks do not tell when."""
        self.noticed_at = min(self.noticed_at, noticed_at)
        if self.key[0] == "reach":
            self.noticed_at = max(self.noticed_at, self.started_at)
        else:
            self.started_at = min(self.started_at, self.noticed_at)

    def reopen(self, finding: Finding, now: int) -> None:
        """Take that it came again."""
        self.spells += 1
        self.ended_at = None
        self.hidden = False
        self.shown_at = now
        self.told.discard(Told.ENDED)
        self.take(finding)

    def shown(self) -> Incident:
        """Return it as a value."""
        found = self.finding
        return Incident(
            id=self.id,
            cause=found.cause,
            layer=found.layer,
            subject=found.subject,
            state=found.state,
            units=found.units,
            started_at=self.started_at,
            noticed_at=self.noticed_at,
            ended_at=self.ended_at,
            severity=self.severity,
            confidence=round(found.confidence, 2),
            witnesses=found.witnesses,
            evidence=found.evidence,
            children=found.children,
            first_cause=self.first_cause,
            reports=len(self.reports),
            suppressed_by=self.hush,
            why=(*found.why, *self.weight),
            merged_into=None if self.parent is None else self.root.id,
            unstable=self.unstable,
            learning=found.learning,
            spells=self.spells,
        )


def _as_wide(finding: Finding, known: Finding) -> Finding:
    """Return what is found while sites find a system well again one by one: as wide as it was."""
    return replace(
        finding,
        units=tuple(sorted({*known.units, *finding.units})),
        confidence=known.confidence,
        witnesses=known.witnesses,
        evidence=known.evidence,
        children=known.children,
        why=known.why,
    )
