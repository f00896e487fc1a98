"""Hold the agent to a small memory, and giving pages back to what is safe."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from machxa_agent.pages import Pages, clean_mappings, one_arena, spans

SMAPS = """\
7f0000000000-7f0000003000 r-xp 00000000 fe:00 1 /usr/lib/libclean.so
Rss:                  12 kB
Anonymous:             0 kB
7f0000003000-7f0000005000 r--p 00000000 fe:00 1 /usr/lib/librelocated.so
Rss:                   8 kB
Anonymous:             4 kB
7f0000005000-7f0000006000 rw-p 00000000 fe:00 1 /usr/lib/libdata.so
Rss:                   4 kB
Anonymous:             0 kB
7f0000006000-7f0000007000 r--p 00000000 fe:00 1 /usr/lib/libuntouched.so
Rss:                   0 kB
Anonymous:             0 kB
7f0000007000-7f0000009000 rw-p 00000000 00:00 0 [heap]
Rss:                   8 kB
Anonymous:             0 kB
7f0000009000-7f000000a000 rw-p 00000000 00:00 0
Rss:                   4 kB
Anonymous:             0 kB
7f000000a000-7f000000b000 rw-s 00000000 fe:00 1 /var/lib/outbox.db-shm
Rss:                   4 kB
Anonymous:             0 kB
VmFlags: rd wr sh
"""


def test_only_clean_unwritable_file_pages_are_given_back() -> None:
    assert list(clean_mappings(SMAPS.splitlines(keepends=True))) == [(0x7F0000000000, 0x3000)]


def test_neighbours_are_given_back_in_one_call_and_small_ones_not_at_all() -> None:
    found = [(0x70000, 0x8000), (0x78000, 0x1000), (0x79000, 0x20000), (0xA0000, 0x7000), (0x10000, 0x8000)]

    assert spans(found) == [(0x10000, 0x8000), (0x70000, 0x29000)]


def test_what_only_websockets_proxies_and_tls_need_is_not_loaded() -> None:
    program = (
        "import sys, machxa_agent.main, machxa_agent.run;"
        "print([one for one in ('inspect', 'ssl', 'urllib.request', 'http.client', 'asyncio', 'psutil', 'subprocess')"
        " if one in sys.modules])"
    )
    path = str(Path(__file__).parents[2] / "agent")

    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}); {program}"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert told.stdout.strip() == "[]"


def test_what_is_left_out_is_loaded_when_something_of_it_is_asked_for_after_all() -> None:
    program = (
        "import sys, machxa_agent.main; from machxa_agent.config import broker_of;"
        "before = 'ipaddress' in sys.modules; broker = broker_of('mqtts://[::1]:8883');"
        "import gettext, inspect; print(before, broker.host, inspect.isfunction(broker_of), gettext.gettext('a'))"
    )
    path = str(Path(__file__).parents[2] / "agent")

    told = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {path!r}); {program}"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert told.stdout.strip() == "False ::1 True a"


@pytest.mark.skipif(sys.platform != "linux", reason="madvise(2)")
def test_pages_are_given_back_behind_a_reading_and_once_more_when_it_was_sent_and_the_process_lives_on() -> None:
    one_arena()
    kept = Pages()

    kept.settle()
    due = []
    kept.is_due = kept.sends = True
    for _ in range(2):
        kept.give_back()
        due.append(kept.is_due)

    assert due == [True, False]
    assert hashlib.sha256(b"a").hexdigest().startswith("ca978112")
