"""Order Vietnamese text as Unicode's collation for Vietnamese does, in Python alone.

The rules are CLDR's for `vi`: ă and â follow a, đ follows d, ê follows e, ô and ơ follow o, ư follows u, each a letter
of its own; tones decide only between words whose letters are the same, in the order none, huyền, hỏi, ngã, sắc, nặng;
case decides last. It holds for letters of the Latin alphabet with Vietnamese marks, digits, space and the punctuation
below; any other character is put after z by its code point, where Unicode may think otherwise.
"""

from __future__ import annotations

import unicodedata

_PUNCTUATION = " _-,;:!?.'()[]{}@*/\\&#%`^+<=>|~$"  # CLDR's root order
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {sign: chr(1 + place) for place, sign in enumerate(f"{_PUNCTUATION}0123456789{_LETTERS}")}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = "\u0306\u0302\u031b"  # breve, circumflex, horn: with them a letter is another letter
_QUOTES = {"‘": ("'", "7"), "’": ("'", "8")}  # apostrophes that differ no more than tones do
_AFTER_LATIN = 0x1000
_STRANGE_MARK = "6"


def sort_key(text: str) -> tuple[str, str, str]:
    """Return what to compare: letters first, then tones, then case. Equal keys mean equal text to a reader."""
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for sign, marks in _signs(text):
        plain, variant = _QUOTES.get(sign, (sign, "0"))
        lower = plain.lower()
        shape = next((mark for mark in marks if mark in _SHAPES), "")
        shaped = unicodedata.normalize("NFC", lower + shape)
        letters.append(_ORDER.get(shaped) or chr(min(_AFTER_LATIN + ord(lower[0]), 0x10FFFF)))
        others = [_TONES.get(mark, _STRANGE_MARK) for mark in marks if mark != shape]
        tones.extend((variant, *others))
        cases.extend(("1" if plain != lower else "0", *("0" for _ in others)))
    return "".join(letters), "".join(tones), "".join(cases)


def _signs(text: str) -> list[tuple[str, str]]:
    """Split text into signs, each with the marks that belong to it."""
    signs: list[tuple[str, str]] = []
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign) and signs:
            signs[-1] = (signs[-1][0], signs[-1][1] + sign)
        else:
            signs.append((sign, ""))
    return signs
