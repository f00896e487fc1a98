"""Judge the printers this computer prints to, from what CUPS or Windows' spooler says of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet, Iterable, List, Optional, Sequence, Tuple

from machxa_agent.equipment.condition import BLOCKED, OK, WARNING, Condition
from machxa_agent.measured import label
from machxa_wire.records import Sample, Series

STUCK_SECONDS = 300
# CUPS says of a USB printer that is unplugged that it processes, without a reason; two hundred pages take minutes, too.
_LONG_SECONDS = 900
# What a printer does not print with; the others are for somebody to see to in time.
_BLOCKING = frozenset(
    ("jam", "no_paper", "door", "offline", "toner_empty", "service", "paused", "driver", "output_full", "error")
)


@dataclass(frozen=True)
class Queue:
    """Hold one printer: words says what is wrong, ages how many seconds each waiting job has waited.

    is_stopped says that the queue gives nothing to the printer, is_printing that it does so now.
    """

    key: str
    model: str
    words: Tuple[str, ...]
    ages: Tuple[int, ...]
    is_stopped: bool = False
    is_printing: bool = False


def condition(queue: Queue) -> Condition:
    """Return how a printer is: blocked where it does not print, warning where it soon will not or prints for long."""
    stuck = sum(age > STUCK_SECONDS for age in queue.ages)
    words = list(dict.fromkeys(queue.words))
    if stuck:
        words.append("jobs_stuck")
    prints_long = queue.is_printing and max(queue.ages, default=0) <= _LONG_SECONDS
    blocked = queue.is_stopped or not _BLOCKING.isdisjoint(words) or (stuck > 0 and not prints_long)
    state = BLOCKED if blocked else WARNING if words else OK
    return Condition(queue.key, "printer", label(queue.model), state, tuple(sorted(words)))


def samples(queues: Iterable[Queue]) -> Tuple[Sample, ...]:
    """Return how many jobs wait, and how many of them for more than five minutes, for each printer."""
    found: List[Sample] = []
    for one in queues:
        for state, count in (("waiting", len(one.ages)), ("stuck", sum(age > STUCK_SECONDS for age in one.ages))):
            labels = (("hw.id", one.key), ("machxa.job.state", state))
            found.append(Sample(Series("machxa.printer.jobs", labels), count))
    return tuple(found)


def words_of(flags: int, table: Sequence[Tuple[int, str]]) -> Tuple[str, ...]:
    """Return the words whose bit is set, each once."""
    return tuple(dict.fromkeys(word for bit, word in table if flags & bit))


def word_of_reason(reason: str) -> Optional[str]:
    """Return the fixed word of a printer-state-reasons keyword (RFC 8011 5.4.12), None for one that is no trouble.

    What is only a report is none, except offline-report: so CUPS' own backends say that the printer does not answer.
    """
    name, _, severity = reason.rpartition("-")
    if severity not in _SEVERITIES:
        name, severity = reason, ""
    word = _REASONS.get(name)
    return None if severity == "report" and word != "offline" else word


_SEVERITIES: FrozenSet[str] = frozenset(("report", "warning", "error"))
_REASONS = {
    "media-jam": "jam",
    "media-empty": "no_paper",
    "media-needed": "no_paper",
    "media-low": "paper_low",
    "cover-open": "door",
    "door-open": "door",
    "interlock-open": "door",
    "offline": "offline",
    "shutdown": "offline",
    "timed-out": "offline",
    "toner-low": "toner_low",
    "marker-supply-low": "toner_low",
    "toner-empty": "toner_empty",
    "marker-supply-empty": "toner_empty",
    "output-area-full": "output_full",
    "output-tray-missing": "door",
    "input-tray-missing": "door",
    "paused": "paused",
    "fuser-over-temp": "service",
    "opc-life-over": "service",
    "developer-empty": "service",
    "marker-waste-full": "service",
    "cups-missing-filter": "driver",
    "cups-insecure-filter": "driver",
}
