"""Say why a command cannot run, in one sentence for who started it."""

from __future__ import annotations


class CannotRunError(Exception):
    """Tell what is in the way and what to do about it, in Vietnamese and, in brackets, in English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese} ({english})")
