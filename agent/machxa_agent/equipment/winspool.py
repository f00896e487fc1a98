"""Call Windows' winspool: the one use of it. Of a job only its status and its time are looked at."""

from __future__ import annotations

import ctypes
import sys
from datetime import datetime, timezone
from typing import Tuple

from machxa_agent.equipment.spooler import SpooledJob, SpooledPrinter

_LOCAL_AND_CONNECTED = 0x2 | 0x4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
_MOST, _MOST_JOBS = 16, 256
_MOST_BYTES = 1024 * 1024
_DWORD = ctypes.c_uint32
_POINTER = ctypes.c_void_p


class SystemTime(ctypes.Structure):
    """SYSTEMTIME, in UTC."""

    _fields_ = [
        (name, ctypes.c_uint16)
        for name in ("year", "month", "weekday", "day", "hour", "minute", "second", "milliseconds")
    ]


class PrinterInfo2(ctypes.Structure):
    """PRINTER_INFO_2W."""

    _fields_ = [
        ("server", _POINTER), ("name", ctypes.c_wchar_p), ("share", _POINTER), ("port", ctypes.c_wchar_p),
        ("driver", ctypes.c_wchar_p), ("comment", _POINTER), ("location", _POINTER), ("devmode", _POINTER),
        ("separator", _POINTER), ("processor", _POINTER), ("datatype", _POINTER), ("parameters", _POINTER),
        ("security", _POINTER), ("attributes", _DWORD), ("priority", _DWORD), ("default_priority", _DWORD),
        ("start", _DWORD), ("until", _DWORD), ("status", _DWORD), ("jobs", _DWORD), ("pages_a_minute", _DWORD),
    ]  # fmt: skip


class JobInfo1(ctypes.Structure):
    """JOB_INFO_1W; what its pointers lead to is not read."""

    _fields_ = [
        ("id", _DWORD), ("printer", _POINTER), ("machine", _POINTER), ("owner", _POINTER), ("document", _POINTER),
        ("datatype", _POINTER), ("said", _POINTER), ("status", _DWORD), ("priority", _DWORD), ("position", _DWORD),
        ("total", _DWORD), ("printed", _DWORD), ("submitted", SystemTime),
    ]  # fmt: skip


def printers() -> Tuple[SpooledPrinter, ...]:
    """Return the printers of this computer; raises OSError where the spooler does not answer."""
    if sys.platform != "win32":
        raise OSError("there is no winspool here")
    spool = ctypes.WinDLL("winspool.drv", use_last_error=True)
    needed, count = _DWORD(), _DWORD()
    spool.EnumPrintersW(_LOCAL_AND_CONNECTED, None, 2, None, 0, ctypes.byref(needed), ctypes.byref(count))
    if not 0 < needed.value <= _MOST_BYTES:
        return ()
    room = ctypes.create_string_buffer(needed.value)
    got = spool.EnumPrintersW(_LOCAL_AND_CONNECTED, None, 2, room, needed, ctypes.byref(needed), ctypes.byref(count))
    if not got:
        raise OSError(f"EnumPrinters: error {ctypes.get_last_error()}")
    rows = (PrinterInfo2 * count.value).from_buffer(room)
    return tuple(
        SpooledPrinter(
            name=row.name or "",
            port=row.port or "",
            driver=row.driver or "",
            status=row.status,
            attributes=row.attributes,
            jobs=_jobs(spool, row.name) if row.jobs else (),
        )
        for row in rows[:_MOST]
    )


def _jobs(spool: ctypes.CDLL, name: str) -> Tuple[SpooledJob, ...]:
    handle, needed, count = _POINTER(), _DWORD(), _DWORD()
    if not spool.OpenPrinterW(name, ctypes.byref(handle), None):
        return ()
    try:
        wanted = (handle, 0, _MOST_JOBS, 1)
        spool.EnumJobsW(*wanted, None, 0, ctypes.byref(needed), ctypes.byref(count))
        if not 0 < needed.value <= _MOST_BYTES:
            return ()
        room = ctypes.create_string_buffer(needed.value)
        if not spool.EnumJobsW(*wanted, room, needed, ctypes.byref(needed), ctypes.byref(count)):
            return ()
        rows = (JobInfo1 * count.value).from_buffer(room)
        now = datetime.now(timezone.utc)
        return tuple(SpooledJob(row.status, _age(row.submitted, now)) for row in rows)
    finally:
        spool.ClosePrinter(handle)


def _age(at: SystemTime, now: datetime) -> int:
    try:
        submitted = datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, tzinfo=timezone.utc)
    except ValueError:
        return 0
    return int((now - submitted).total_seconds())
