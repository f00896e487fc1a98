"""Make text from outside harmless to the eye: what cannot be seen is shown, what is endless is cut."""

from __future__ import annotations

import unicodedata
from datetime import date

LONGEST = 160  # characters shown of one outside text; no maker, model or mount point is longer
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS_IN_A_ROW = 3  # Vietnamese stacks two on one letter


def plain(text: str, longest: int = LONGEST) -> str:
    """Return the text with control, direction and zero-width characters as U+FFFD and piled-up marks removed.

    Escaping for HTML is the template's work; this is for characters that stay active after it.
    """
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    shown: list[str] = []
    marks = 0
    for letter in cut:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks < _MARKS_IN_A_ROW:
            shown.append("\ufffd" if category in _UNSEEN else letter)
    return "".join(shown)


def plain_version(text: str, longest: int = 60) -> str:
    """Return a version as people read it: one that is a day as dd/mm/yyyy, another as it is, made harmless."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return plain(text, longest)
