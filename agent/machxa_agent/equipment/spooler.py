"""Read what Windows' print spooler says: numbers of EnumPrinters and EnumJobs, never a document or an owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

from machxa_agent.equipment.condition import key_of
from machxa_agent.equipment.printers import Queue, words_of

_VIRTUAL = ("PORTPROMPT:", "FILE:", "NUL:", "SHRFAX:", "XPSPORT:", "ONENOTE")  # print to no device
_BY_CABLE = ("USB", "LPT", "COM", "DOT4")
_WORK_OFFLINE = 0x400  # PRINTER_ATTRIBUTE_WORK_OFFLINE
_PAUSED, _PRINTING, _BUSY = 0x1, 0x400, 0x4200  # PRINTER_STATUS_
_DONE = 0x1 | 0x4 | 0x80 | 0x100 | 0x1000 | 0x2000  # JOB_STATUS_ PAUSED DELETING PRINTED DELETED COMPLETE RETAINED


@dataclass(frozen=True)
class SpooledJob:
    """Hold a job's JOB_STATUS_ bits and how many seconds ago it was submitted."""

    status: int
    age_seconds: int


@dataclass(frozen=True)
class SpooledPrinter:
    """Hold a printer as PRINTER_INFO_2 has it: status and attributes are its bits."""

    name: str
    port: str
    driver: str
    status: int
    attributes: int
    jobs: Tuple[SpooledJob, ...] = ()


def queues(printers: Tuple[SpooledPrinter, ...]) -> Tuple[Queue, ...]:
    """Return the printers that print onto paper."""
    return tuple(_queue(one) for one in printers if not one.port.upper().startswith(_VIRTUAL))


def _queue(one: SpooledPrinter) -> Queue:
    waiting = [job for job in one.jobs if not job.status & _DONE]
    words: List[str] = list(words_of(one.status, _STATUS))
    if one.attributes & _WORK_OFFLINE:
        words.append("offline")
    for job in waiting:
        words += words_of(job.status, _JOB)
    is_cable = one.port.upper().startswith(_BY_CABLE)
    return Queue(
        key=key_of("usb" if is_cable else "queue", one.port if is_cable else one.name),
        model=one.driver,
        words=tuple(dict.fromkeys(words)),
        ages=tuple(max(0, job.age_seconds) for job in waiting),
        is_stopped=bool(one.status & _PAUSED),
        is_printing=bool(one.status & (_PRINTING | _BUSY)),
    )


_STATUS = (  # PRINTER_STATUS_, winspool.h
    (0x1, "paused"),
    (0x2, "error"),
    (0x8, "jam"),
    (0x10, "no_paper"),
    (0x40, "no_paper"),  # PAPER_PROBLEM
    (0x80, "offline"),
    (0x800, "output_full"),
    (0x1000, "offline"),  # NOT_AVAILABLE
    (0x20000, "toner_low"),
    (0x40000, "toner_empty"),
    (0x100000, "service"),  # USER_INTERVENTION
    (0x400000, "door"),
    (0x2000000, "offline"),  # SERVER_OFFLINE
    (0x4000000, "driver"),  # DRIVER_UPDATE_NEEDED
)
_JOB = (  # JOB_STATUS_, winspool.h
    (0x2, "error"),
    (0x20, "offline"),
    (0x40, "no_paper"),
    (0x200, "driver"),  # BLOCKED_DEVQ: the driver cannot print the job
    (0x400, "service"),  # USER_INTERVENTION
)
