"""A file that is put into the drop folder is heard of at once, and nothing wakes the agent in between."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from machxa_agent import pages
from machxa_agent.report.arrivals import Arrivals
from machxa_agent.waker import Waker

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux tells of files")


@linux
def test_a_report_that_is_put_there_ends_the_sleep(tmp_path: Path) -> None:
    waker, came = Waker(), threading.Event()
    arrivals = Arrivals(came.set, waker)
    assert arrivals.are_told(tmp_path)
    waker.drain()
    sleeping = threading.Thread(target=lambda: waker.pause(600.0, came.is_set), daemon=True)
    sleeping.start()

    (tmp_path / "new").write_bytes(b"{}")
    was_told_of_half_a_file = came.is_set()
    (tmp_path / "new").rename(tmp_path / "report.json")
    sleeping.join(30)

    assert not sleeping.is_alive()
    assert not was_told_of_half_a_file
    arrivals.close()
    assert (arrivals.descriptor, waker.readers()) == (None, [waker.receiver])


@linux
@pytest.mark.parametrize("limit", ["inotify_init1", "inotify_add_watch"])
def test_where_the_kernel_gives_no_watch_the_folder_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    real, descriptors = pages.libc_call, len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(pages, "libc_call", lambda name, *given: -1 if name == limit else real(name, *given))
    arrivals = Arrivals(lambda: None, Waker())

    assert not arrivals.are_told(None)
    assert not arrivals.are_told(tmp_path)
    assert arrivals.descriptor is None
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2  # the waker's
