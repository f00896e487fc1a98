"""Take values out of a scenario's JSON, each within its bounds, and name the place of what is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence

_MOST_TEXT = 200
_NEEDED = object()
_REMARKS = ("note", "comment", "description", "title")


class Bad(ValueError):
    """Say where a scenario is wrong, what stands there and what was expected."""


class Fields:
    """Hold one JSON object whose keys are taken one by one; what is left at the end is unknown, and refused."""

    def __init__(self, told: object, place: str) -> None:
        """Take a parsed value and its place in the scenario; raises Bad when it is no object."""
        if not isinstance(told, dict):
            raise Bad(f"{place} is {told!r:.80}, expected an object")
        self._left: dict[str, object] = dict(told)
        self.place = place

    def bad(self, key: str, value: object, expected: str) -> Bad:
        """Return the refusal of one value."""
        return Bad(f"{self.place}.{key} is {value!r:.80}, expected {expected}")

    def rest(self) -> tuple[str, ...]:
        """Return the keys not yet taken."""
        return tuple(self._left)

    def has(self, key: str) -> bool:
        """Tell whether a key stands there, not yet taken."""
        return key in self._left

    def end(self) -> None:
        """Refuse keys that nobody knows; a remark is nobody's."""
        for remark in _REMARKS:
            self._left.pop(remark, None)
        if self._left:
            raise Bad(f"{self.place}: unknown {', '.join(repr(key)[:40] for key in list(self._left)[:5])}")

    def take(self, key: str, default: object = _NEEDED) -> object:
        """Return a value as it stands."""
        value = self._left.pop(key, default)
        if value is _NEEDED:
            raise Bad(f"{self.place}.{key} is missing")
        return value

    def text(self, key: str, default: object = _NEEDED) -> str:
        """Return a short text."""
        value = self.take(key, default)
        if not isinstance(value, str) or len(value) > _MOST_TEXT:
            raise self.bad(key, value, f"a text of at most {_MOST_TEXT} characters")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a short text, None where there is none."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return None
        return self.text(key)

    def choice(self, key: str, default: object, words: Sequence[str]) -> str:
        """Return one of some words."""
        value = self.take(key, default)
        if not isinstance(value, str) or value not in words:
            raise self.bad(key, value, f"one of {', '.join(words)}")
        return value

    def number(self, key: str, default: object, least: float, most: float) -> float:
        """Return a number within bounds; default None means that it is needed."""
        value = self.take(key, _NEEDED if default is None else default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.bad(key, value, "a number")
        if not least <= value <= most:
            raise self.bad(key, value, f"{least:g} to {most:g}")
        return float(value)

    def optional_number(self, key: str, default: float | None, least: float, most: float) -> float | None:
        """Return a number within bounds, or the default where there is none."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return default
        return self.number(key, None, least, most)

    def whole(self, key: str, default: object, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.bad(key, value, f"a whole number from {least} to {most}")
        return value

    def truth(self, key: str, *, default: bool | None) -> bool | None:
        """Return true or false."""
        value = self.take(key, default)
        if value is not None and not isinstance(value, bool):
            raise self.bad(key, value, "true or false")
        return value

    def array(self, key: str, most: int) -> list[object]:
        """Return an array, empty where there is none."""
        value = self.take(key, [])
        if not isinstance(value, list) or len(value) > most:
            raise self.bad(key, value, f"an array of at most {most}")
        return value

    def texts(self, key: str, default: Sequence[str], most: int) -> list[str]:
        """Return an array of different short texts."""
        if not self.has(key):
            return list(default)
        values = self.array(key, most)
        for value in values:
            if not isinstance(value, str) or not value or len(value) > _MOST_TEXT:
                raise self.bad(key, value, "short texts")
        found = [value for value in values if isinstance(value, str)]
        if len(set(found)) < len(found):
            raise self.bad(key, found, "each once")
        return found
