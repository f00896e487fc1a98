"""Draw an address as a QR code for the window: segno encodes it, where it is installed (``machxa[report]``)."""

from __future__ import annotations

from typing import Optional, Tuple

Modules = Tuple[Tuple[bool, ...], ...]  # rows from the top, True is dark; without the quiet zone of four modules
MOST_BYTES = 180  # in UTF-8: version 9 at level M (ISO/IEC 18004), 53 modules a side, what the window has room for


def encoded(text: str) -> Optional[Modules]:
    """Return the code of a text: level M or better, at most 53 modules a side.

    None without text, with more than MOST_BYTES of it, and where segno is not installed: the words must do then.
    """
    if not 0 < len(text.encode("utf-8")) <= MOST_BYTES:
        return None
    try:
        import segno  # noqa: PLC0415 - of no use to the agent itself, and it may be missing
    except ImportError:
        return None
    drawn = segno.make(text, error="m", micro=False)
    return tuple(tuple(module == 1 for module in row) for row in drawn.matrix)
