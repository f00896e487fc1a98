"""Name the languages that files are written in: Vietnamese, in which our words stand in the code, or English."""

from __future__ import annotations

from enum import Enum

from machxa_collector.registry.speech.words import ENGLISH


class Language(Enum):
    """Name a language by its BCP 47 tag."""

    VIETNAMESE = "vi"
    ENGLISH = "en"

    def say(self, text: str) -> str:
        """Return a text of ours in this language; what is none of ours, such as a unit's name, stays as it is."""
        return text if self is Language.VIETNAMESE else ENGLISH.get(text, text)
