"""Hold the agent to a small memory, and giving pages back to what is safe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from machxa_agent.pages import clean_mappings

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
