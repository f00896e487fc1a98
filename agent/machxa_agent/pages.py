"""Give file pages that a start or a report needed and a quiet agent does not back to the system.

They are clean pages of libraries: the kernel reads them again from its cache when they are touched. Only
mappings without any private page qualify; dropping a changed page would end the process.
"""

from __future__ import annotations

import logging
import sys
from typing import Callable, Iterable, Iterator, List, Optional, Tuple

logger = logging.getLogger(__name__)

_DONTNEED = 4  # MADV_DONTNEED, madvise(2)
_ARENA_MAX = -8  # M_ARENA_MAX, glibc's malloc.h
_LEAST_BYTES = 32 * 1024  # less is not worth its call


def clean_mappings(smaps: Iterable[str]) -> Iterator[Tuple[int, int]]:
    """Yield start and length of every file mapping that holds resident pages, none of them private."""
    start = end = resident_kb = 0
    for line in smaps:
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


def spans(mappings: Iterable[Tuple[int, int]]) -> List[Tuple[int, int]]:
    """Return start and length of what is worth a call: neighbours in memory as one, small ones left out."""
    joined: List[Tuple[int, int]] = []
    for start, length in sorted(mappings):
        if joined and sum(joined[-1]) == start:
            joined[-1] = (joined[-1][0], joined[-1][1] + length)
        else:
            joined.append((start, length))
    return [one for one in joined if one[1] >= _LEAST_BYTES]


class Pages:
    """Give clean file pages back; which mappings hold them is found out once, when everything is loaded."""

    def __init__(self) -> None:
        """Prepare; nothing is looked at yet."""
        self.is_due = False  # something was done since pages were given back
        self.sends = False  # and what is sent now needs pages after the next time
        self._mappings: List[Tuple[int, int]] = []
        self._madvise: Optional[Callable[[int, int], None]] = None

    def settle(self) -> None:
        """Find the mappings; does nothing where there is no /proc/self/smaps."""
        if sys.platform != "linux":
            return
        try:
            self._madvise = _madvise()
            with open("/proc/self/smaps", encoding="utf-8") as smaps:  # noqa: PTH123 - read line by line: it is long
                self._mappings = spans(clean_mappings(smaps))
        except (OSError, ImportError, AttributeError) as exc:
            logger.info("file pages are kept: %s", exc)

    def give_back(self) -> None:
        """Give back what was found, if anything was done since.

        A read-only mapping of a library that stays loaded holds no page of our own.
        """
        if self._madvise is not None and self.is_due:
            self.is_due, self.sends = self.sends, False
            for start, length in self._mappings:
                self._madvise(start, length)


def one_arena() -> None:
    """Let all threads take memory from one place (mallopt(3), M_ARENA_MAX); call it before the first one is started."""
    if sys.platform != "linux":
        return
    try:
        libc_call("mallopt", _ARENA_MAX, 1)
    except (OSError, ImportError, AttributeError) as exc:
        logger.info("every thread has a memory arena of its own: %s", exc)


def libc_call(name: str, *arguments: object) -> int:
    """Return what a function of the C library returns, of int arguments and bytes; raises OSError without it."""
    import _ctypes  # noqa: PLC0415 - for this one call

    returned: int = _ctypes.call_function(_symbol(name), arguments)
    return returned


def _symbol(name: str) -> int:
    import _ctypes  # noqa: PLC0415 - by ctypes' core: ctypes itself would be 0.3 MB more

    address: int = _ctypes.dlsym(_ctypes.dlopen(None, 0), name)  # type: ignore[arg-type]  # None is this program
    return address


def _madvise() -> Callable[[int, int], None]:
    """Return madvise(2) with MADV_DONTNEED."""
    import _ctypes  # noqa: PLC0415 - for this one call

    class Pointer(_ctypes._SimpleCData):  # type: ignore[type-arg]  # noqa: SLF001
        _type_ = "P"

    class Length(_ctypes._SimpleCData):  # type: ignore[type-arg]  # noqa: SLF001
        _type_ = "L"

    address = _symbol("madvise")
    call = _ctypes.call_function

    def advise(start: int, length: int) -> None:
        call(address, (Pointer(start), Length(length), _DONTNEED))

    return advise
