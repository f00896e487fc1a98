"""Say what a field of a record is: its name, its form, and what it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from machxa_collector.registry.speech import Language

Value = str | int | float | date | tuple[str, ...] | None  # None: not known, or not said
Record = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold one text in both languages."""

    vi: str
    en: str

    def said(self, language: Language) -> str:
        """Return the text in a language."""
        return self.vi if language is Language.VIETNAMESE else self.en


class Form(Enum):
    """Name how a value is written and compared."""

    TEXT = "text"  # one line
    CODE = "code"  # text whose leading zeros belong to it; a unit's, 2 or 5 digits, or a centre's
    UNIT = "unit"  # the code of a unit that there is
    ASSETS = "assets"  # ids of assets, a list
    CHOICE = "choice"  # one of a closed set
    LIST = "list"  # short texts, each once, in the order given
    DATE = "date"  # a civil day
    MOMENT = "moment"  # int, ms since 1970 UTC; written in Việt Nam's time
    MONEY = "money"  # int, đồng
    DECIMAL = "decimal"  # float
    COUNT = "count"  # int, without a unit: pages, a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Hold one value of a closed set, what people read, and what files of others say for it."""

    value: str
    told: Told
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Describe a field.

    longest bounds a text, or each text of a list; least and most bound a number. aliases are headings that stand for
    the field in files of others.
    """

    name: str
    told: Told
    form: Form = Form.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    longest: int = 200
    least: float | None = None
    most: float | None = None
    aliases: tuple[str, ...] = ()

    @property
    def empty(self) -> Value:
        """Return the value of a field that nobody filled."""
        return () if self.form in (Form.LIST, Form.ASSETS) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """Describe a kind of record.

    keys are the sets of fields by which a row of a file finds the record that it is about, tried in order; one whose
    fields are not all filled is passed over. place is the field that tells in whose territory a record lies. title are
    the fields that name a record to a person. has_lots: a row of a file may stand for several, by its quantity.
    resembles are fields by which a new row is told to be like a record that is there: no key, since two may be meant.
    """

    name: str
    told: Told
    fields: tuple[Field, ...]
    keys: tuple[tuple[str, ...], ...]
    place: str
    title: tuple[str, ...]
    has_lots: bool = False
    resembles: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by its name; raises KeyError when the kind has none of this name."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)
