"""Keep secrets out of what is written for people: values that are known, and whatever looks like one. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"
LEAST = 4  # shorter values would mask ordinary words; the API takes none

_NAMES = r"(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key|session|community|otp|totp|mac)"
_SHAPES = (
    (re.compile(rf"([?&;][\w-]*{_NAMES}[\w-]*=)[^\s&#;\"'<>]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(rf"([\"'][\w-]*{_NAMES}[\"']\s*:\s*[\"'])[^\"']+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(rf"(\b\w*{_NAMES}=[\"'])[^\"']+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w+/.=~-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{MASK}@"),
    # 256 bits in base64url, as our tokens, sessions and MAC keys are written: 43 letters, some large, some small
    (re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{43}(?![\w-])", re.ASCII), MASK),
)


def masked(text: str) -> str:
    """Return a text with everything masked that looks like a secret."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


class Masker:
    """Know secret values and mask them wherever they stand, however they are escaped."""

    def __init__(self) -> None:
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None

    def learn(self, *values: str) -> None:
        """Mask these values from now on; safe to call from any thread."""
        forms = self._forms.union(*(_forms(value) for value in values if len(value) >= LEAST))
        if forms and forms != self._forms:
            self._known = re.compile("|".join(re.escape(one) for one in sorted(forms, key=len, reverse=True)))
            self._forms = forms

    def mask(self, text: str) -> str:
        """Return a text without known secrets and without what looks like one."""
        known = self._known
        return masked(text if known is None else known.sub(MASK, text))


def _forms(value: str) -> Iterable[str]:
    return {value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]}
