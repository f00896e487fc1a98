"""Give file pages that a start needed and a quiet agent does not back to the system, once.

They are clean pages of libraries: the kernel reads them again from its cache when they are touched. Only
mappings without any private page qualify; dropping a changed page would end the process.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Iterator, Tuple

logger = logging.getLogger(__name__)

_DONTNEED = 4  # MADV_DONTNEED, madvise(2)


def clean_mappings(smaps: str) -> Iterator[Tuple[int, int]]:
    """Yield start and length of every file mapping that holds resident pages, none of them private."""
    start = end = resident_kb = 0
    for line in smaps.splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            start = end = 0
            low, _, high = words[0].partition("-")
            if len(words) == 6 and words[5].startswith("/") and "w" not in words[1]:  # noqa: PLR2004 - proc_pid_smaps(5)
                start, end = int(low, 16), int(high, 16)
        elif words[0] == "Rss:":
            resident_kb = int(words[1])
        elif words[0] == "Anonymous:" and end and resident_kb and words[1] == "0":
            yield start, end - start


def give_back() -> None:
    """Give clean file pages back; does nothing where there is no /proc/self/smaps."""
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - for this one call

        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for start, length in clean_mappings(Path("/proc/self/smaps").read_text(encoding="utf-8")):
            madvise(start, length, _DONTNEED)
    except (OSError, ImportError, AttributeError) as exc:
        logger.info("file pages are kept: %s", exc)
