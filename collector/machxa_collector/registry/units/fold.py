"""Make what people type comparable: without marks for finding, with marks in one place for ranking."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return text in lower case without any mark: "Đắk Lắk" and "dak lak" become the same."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return bare.replace("đ", "d")


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text; an apostrophe inside joins: "Ea H'Leo" gives "ea", "hleo"."""
    return tuple(_WORD.findall(fold(text).translate(_APOSTROPHES)))


def spelled(text: str) -> tuple[str, ...]:
    """Return the words with their marks, the tone moved to the end: "Hoà" and "Hòa" become the same, "Hoa" stays."""
    joined = unicodedata.normalize("NFC", text.lower()).translate(_APOSTROPHES)
    return tuple(_tone_last(word) for word in _WORD.findall(joined))


def _tone_last(word: str) -> str:
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in signs if sign not in _TONES)
    return letters + "".join(sign for sign in signs if sign in _TONES)
