"""Poll devices, each in a thread of its own: open, ask, close, interpret."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from typing import Iterator, Optional, Sequence, Tuple, Union

from machxa_agent.snmp.answers import Answers
from machxa_agent.snmp.ask import ask
from machxa_agent.snmp.device import Device, device
from machxa_agent.snmp.profiles import Profiles
from machxa_agent.snmp.session import Community, Secured
from machxa_agent.snmp.target import Limits, Target
from machxa_agent.snmp.walk import Complaint, Silent, Walker

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 64  # devices asked at the same time, each by a thread of its own; more wait for a free one


@dataclass(frozen=True)
class Polled:
    """Hold a device, what it answered, and what it did that devices must not do."""

    device: Device
    answers: Answers
    complaints: Tuple[Complaint, ...]


@dataclass(frozen=True)
class Outcome:
    """Hold what came of one target: a poll, or the reason why there is none."""

    target: Target
    polled: Optional[Polled]
    reason: Optional[str]

    @property
    def finding(self) -> Optional[str]:
        """Return in one text what is wrong with how the device answers, None where nothing is."""
        if self.polled is None:
            return self.reason
        return "; ".join(complaint.value for complaint in self.polled.complaints) or None


def poll(target: Target, profiles: Profiles, limits: Limits) -> Polled:
    """Return what a device answers; raises Silent, or OSError where its address is none."""
    link = _opened(target, limits)
    try:
        answers = ask(Walker(link), profiles)
    finally:
        link.close()
    if not answers.scalars and not any(answers.columns.values()):
        link.complaints.add(Complaint.NOTHING)
    complaints = tuple(sorted(link.complaints, key=lambda one: one.name))
    return Polled(device(answers, profiles), answers, complaints)


def poll_all(targets: Sequence[Target], profiles: Profiles, limits: Limits) -> Iterator[Outcome]:
    """Yield what came of each target, as they finish; a slow one holds up none of the others."""
    waiting: queue.SimpleQueue[Target] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    for target in targets:
        waiting.put(target)

    def work() -> None:
        while True:
            try:
                target = waiting.get_nowait()
            except queue.Empty:
                return
            done.put(_outcome(target, profiles, limits))

    for number in range(min(MOST_AT_ONCE, len(targets))):
        threading.Thread(target=work, name=f"snmp-{number}", daemon=True).start()
    for _ in targets:
        yield done.get()


def _opened(target: Target, limits: Limits) -> Union[Community, Secured]:
    if target.credentials is None:
        return Community(target, limits)
    return Secured(target, target.credentials, limits)


def _outcome(target: Target, profiles: Profiles, limits: Limits) -> Outcome:
    try:
        return Outcome(target, poll(target, profiles, limits), None)
    except (Silent, OSError) as exc:
        return Outcome(target, None, str(exc))
    except Exception as exc:  # one device must never end the thread that asks the others
        logger.exception("polling %s:%s broke", target.host, target.port)
        return Outcome(target, None, f"{type(exc).__name__}: {exc}")
