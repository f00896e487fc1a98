"""Tell by which words a device is found, and what somebody looks for by a text. Pure.

A device is found by the beginnings of the words of its name, code, maker, model and serial, whatever their marks; by
its serial or code however they are cut up, and by the address at which a gateway watches it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address

from machxa_collector.registry.units.fold import words

MOST_CHARACTERS = 100  # of a text; what stands behind is not read
MOST_WORDS = 8
LONGEST = 60  # characters of a term
_MOST_TERMS = 24  # words of one device
_SHORTEST_MARK = 4  # characters of a serial or code before its beginning is looked for
_SEPARATORS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\S*[0-9]\S*(?: \S+){0,3}", re.ASCII)
_SHORTEST_NUMBER, _LONGEST_NUMBER = 3, 64


class Term(Enum):
    """Name a kind of term."""

    WORD = "w"
    MARK = "m"  # a serial or code, letters and digits alone, in upper case
    ADDRESS = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Hold what a text asks for: words, a mark and an address, None where it can be none; number is a dossier's."""

    words: tuple[str, ...]
    mark: str | None
    address: str | None
    number: str | None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing can be looked for."""
        return not self.words and self.address is None


def sought(text: str) -> Sought:
    """Return what a text asks for; a text without a letter or digit asks for nothing."""
    read = " ".join(text[:MOST_CHARACTERS].split())
    compact = mark(read)
    is_number = _SHORTEST_NUMBER <= len(read) <= _LONGEST_NUMBER and _NUMBER.fullmatch(read) is not None
    return Sought(
        words=tuple(one[:LONGEST] for one in dict.fromkeys(words(read)))[:MOST_WORDS],
        mark=compact if _SHORTEST_MARK <= len(compact) <= LONGEST else None,
        address=address(read),
        number=read if is_number else None,
    )


def mark(text: str) -> str:
    """Return a serial or code without spaces, dashes and dots, in upper case."""
    return _SEPARATORS.sub("", text).upper()


def address(text: str) -> str | None:
    """Return an address of IPv4 or IPv6 as it is compared, None for another text; zeros in front count nothing."""
    bare = text.replace(" ", "").removeprefix("[").removesuffix("]")
    try:
        if bare.count(".") == 3 and ":" not in bare:  # noqa: PLR2004 - four bytes
            bare = ".".join(str(int(part)) if part.isascii() and part.isdecimal() else part for part in bare.split("."))
        return str(ip_address(bare))
    except ValueError:
        return None


def terms_of(
    texts: Iterable[str | None], marks: Iterable[str | None], addresses: Iterable[str]
) -> tuple[tuple[Term, str], ...]:
    """Return the terms of a device: of what names it, of its serial and code, of the addresses it answers at."""
    said = [one for text in texts if text for one in words(text)]
    found = [(Term.WORD, one[:LONGEST]) for one in dict.fromkeys(said)][:_MOST_TERMS]
    found += [(Term.MARK, one[:LONGEST]) for text in marks if text and (one := mark(text))]
    found += [(Term.ADDRESS, known) for text in addresses if (known := address(text)) is not None]
    return tuple(dict.fromkeys(found))
