"""Hold a document as values: its head as offices write it, texts, facts, tables, who signs; and as one JSON. Pure.

Numbers stay numbers and are written with a decimal comma; days and moments come as dd/mm/yyyy texts.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import datetime

import msgspec

from machxa_collector.registry.calendar import LOCAL

Cell = str | int | float | None
NOT_KNOWN = "chưa rõ"
ONE_PAGE = frozenset({"monthly"})  # kinds that are set small, to stay on one A4


class Text(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Give a paragraph; is_heading: of what follows."""

    text: str
    is_heading: bool = False


class Facts(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Give labels with their values."""

    rows: tuple[tuple[str, Cell], ...]


class Table(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Give a table with its name; red: the numbers of rows (from 0) that somebody must look at."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    red: tuple[int, ...] = ()


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Give one who signs: in which office, and how."""

    role: str
    how: str = "(Ký, ghi rõ họ tên)"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a document. over and office stand on the left of its head, symbol behind the number.

    place: where it is written. receivers: who is sent it. basis: what its figures rest on, in small print.
    """

    kind: str
    over: str
    office: str
    symbol: str
    place: str
    made_day: int
    made_month: int
    made_year: int
    title: str
    subtitle: str
    blocks: tuple[Text | Facts | Table, ...]
    signatures: tuple[Signature, ...]
    receivers: tuple[str, ...] = ()
    basis: str = ""


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Document)


def content_of(document: Document) -> str:
    """Return the JSON of a document, the same text for the same values."""
    return _ENCODER.encode(document).decode()


def document_of(content: str) -> Document:
    """Return a document from its JSON; raises msgspec.ValidationError."""
    return _DECODER.decode(content)


def sha256_of(content: str) -> str:
    """Return the hash that a document is known by, as hex digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def said(text: str, most: int = 2000) -> str:
    """Return what came from outside as one line without control or format characters, cut to a length."""
    kept = (" " if one in "\t\r\n" else one for one in text[: most * 2])
    return "".join(one for one in kept if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn"))[:most]


def shown(cell: Cell) -> str:
    """Return a value as it is read: 1.234,5 for a number, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".")
    whole, _, rest = f"{cell:,.2f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


def moment_text(when: datetime | None) -> str:
    """Return a moment as 08:15 26/11/2026, Việt Nam's time."""
    return "" if when is None else f"{when.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def rounded(value: float | None, digits: int = 2) -> float | None:
    """Return a figure as it is printed; None stays unknown."""
    return None if value is None else round(value, digits)


def lines(names: Iterable[str]) -> str:
    """Return names in one cell, "không" where there are none."""
    return "; ".join(names) or "không"
