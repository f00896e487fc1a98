"""Keep texts in a CSV file from being taken for formulas (CWE-1236), so that reading it gives the same text back.

An apostrophe goes before a formula's first sign, also behind a separator inside a text: a program that expects another
separator than ours would begin a cell there. One more apostrophe is added where some stand already, and one is taken
off in reading, so that every text survives.
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20"  # and their full-width forms, which spreadsheets fold
_OPEN = re.compile(rf"(^|[,;\t\r\n])(['\"]*)(?=[{_SIGNS}])")  # quotes vanish where a program opens and closes them
_GUARDED = re.compile(rf"(^|[,;\t\r\n])'(['\"]*)(?=[{_SIGNS}])")


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return _OPEN.sub(r"\1'\2", text)


def unguard(text: str) -> str:
    """Return what guard was given."""
    return _GUARDED.sub(r"\1\2", text) if "'" in text else text
