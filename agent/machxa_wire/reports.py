"""Say under which id a person's report is told again: the trouble was over, or was called over, and is back.

There is no event of its own for it: it is a ``human.report`` like any other, which every collector understands. Its id
follows from the first one's, so that pressing twice, a file taken twice and a record sent twice are one report, and so
that a collector that knows this rule finds the one from the other.
"""

from __future__ import annotations

import hashlib

_HEX_DIGITS = 32


def again_of(id_: str) -> str:
    """Return the id of the report that tells a report's trouble again: 32 hex digits of SHA-256."""
    return hashlib.sha256(b"again:" + id_.encode("ascii", "replace")).hexdigest()[:_HEX_DIGITS]
