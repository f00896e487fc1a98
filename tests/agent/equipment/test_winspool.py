"""The spooler's structures lie in memory as Windows lays them out; what their pointers lead to is not read."""

from __future__ import annotations

import ctypes
import sys
from datetime import datetime, timezone

import pytest

from machxa_agent.equipment import winspool
from machxa_agent.equipment.winspool import JobInfo1, PrinterInfo2, SystemTime


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="counted for 64 bits")
def test_structures_have_the_sizes_and_offsets_of_winspool_h() -> None:
    assert (ctypes.sizeof(SystemTime), ctypes.sizeof(PrinterInfo2), ctypes.sizeof(JobInfo1)) == (16, 136, 96)
    assert (PrinterInfo2.attributes.offset, PrinterInfo2.status.offset, PrinterInfo2.jobs.offset) == (104, 124, 128)
    assert (JobInfo1.status.offset, JobInfo1.submitted.offset) == (56, 76)


def test_an_age_is_told_and_a_time_that_is_none_has_none() -> None:
    now = datetime(2026, 11, 29, 8, 10, tzinfo=timezone.utc)

    assert winspool._age(SystemTime(2026, 11, 0, 29, 8, 0, 0, 0), now) == 600
    assert winspool._age(SystemTime(), now) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is one on Windows")
def test_elsewhere_there_is_no_spooler_to_ask() -> None:
    with pytest.raises(OSError, match="no winspool"):
        winspool.printers()
