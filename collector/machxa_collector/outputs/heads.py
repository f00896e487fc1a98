"""Head documents as offices do (Decree 30/2020, Annex I): who is over whom, number and symbol, place and day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.outputs.blocks import Document, Facts, Signature, Table, Text
from machxa_collector.registry.units import Kind, Unit

_BLANK = "...................."


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Give the two lines on the left of a head, the place of writing, and the unit in words."""

    over: str
    name: str
    place: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Give what a document is besides its head."""

    kind: str
    symbol: str
    title: str
    subtitle: str
    blocks: Sequence[Text | Facts | Table]
    signatures: Sequence[Signature]
    receivers: Sequence[str] = ()
    basis: str = ""


def office_of(unit: Unit | None, province: Unit | None) -> Office:
    """Return how a unit heads its documents; a blank is left where the registry does not say."""
    over = _BLANK if province is None else f"UBND {province.full_name.upper()}"
    if unit is None:
        return Office(over=over, name=_BLANK, place=_BLANK, full=_BLANK)
    if unit.kind is Kind.PROVINCE:
        return Office(over=over, name=_BLANK, place=unit.name, full=unit.full_name)
    name = unit.full_name.upper() if unit.kind is Kind.CENTRE else f"UBND {unit.full_name.upper()}"
    return Office(over=over, name=name, place=unit.name, full=unit.full_name)


def document(office: Office, body: Body, made: date) -> Document:
    """Return a document with its head."""
    return Document(
        kind=body.kind,
        over=office.over,
        office=office.name,
        symbol=body.symbol,
        place=office.place,
        made_day=made.day,
        made_month=made.month,
        made_year=made.year,
        title=body.title,
        subtitle=body.subtitle,
        blocks=tuple(body.blocks),
        signatures=tuple(body.signatures),
        receivers=tuple(body.receivers),
        basis=body.basis,
    )
