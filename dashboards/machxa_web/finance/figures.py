"""Word a figure with all that went into it, so that a page can open it step by step. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from machxa_web.finance.words import ITEMS, MISSING, PARTS, RULES
from machxa_web.languages import Language, msg
from machxa_web.plain import plain, plain_version

_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """Hold one figure or input: its name, what it is, by which rule, and its own inputs; is_known False: a word."""

    name: str
    value: str
    rule: str
    inputs: tuple[Worded, ...]
    is_known: bool = True


def worded(language: Language, name: str, told: object, depth: int = 0) -> Worded:
    """Return a figure of planning, as its JSON tree, or one of its inputs, in words."""
    label = _label(language, name)
    if isinstance(told, Mapping) and "rule" in told:
        inputs = told.get("inputs")
        parts = inputs.items() if isinstance(inputs, Mapping) and depth < _DEEPEST else ()
        return Worded(
            name=label,
            value=_figure(language, told),
            rule=_rule(language, str(told["rule"])),
            inputs=tuple(worded(language, str(key), value, depth + 1) for key, value in parts),
            is_known=told.get("low") is not None,
        )
    return Worded(name=label, value=_plain(language, told), rule="", inputs=(), is_known=told is not None)


def _figure(language: Language, told: Mapping[str, object]) -> str:
    low, high, unit = told.get("low"), told.get("high"), str(told.get("unit", ""))
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        why = MISSING.get(str(told.get("missing")), "")
        return language.catalogue.gettext(why) if why else language.catalogue.gettext(_UNKNOWN)
    if unit == "vnd":
        return language.money(low) if low == high else f"{language.money(low)} – {language.money(high)}"
    one = language.number(low, 2) if low == high else f"{language.number(low, 2)} – {language.number(high, 2)}"
    word = _UNITS.get(unit)
    return f"{one} {language.catalogue.gettext(word)}" if word else one


def _rule(language: Language, name: str) -> str:
    """Return what a rule says, with its name."""
    return f"{language.catalogue.gettext(RULES[name])} ({name})" if name in RULES else plain(name, 60)


def _plain(language: Language, told: object) -> str:
    if told is None:
        return language.catalogue.gettext(_UNKNOWN)
    if isinstance(told, bool):
        return language.catalogue.gettext(_YES if told else _NO)
    if isinstance(told, (int, float)):
        return language.number(told, 3)
    return language.catalogue.gettext(_WORDS[str(told)]) if str(told) in _WORDS else plain_version(str(told))


def _label(language: Language, name: str) -> str:
    stem, _, rest = name.partition("_")
    if stem == "left" and rest in ITEMS:
        return f"{language.catalogue.gettext(_LEFT)}: {language.catalogue.gettext(ITEMS[rest])}"
    word = _NAMES.get(name) or PARTS.get(name)
    if word is None and name.startswith(_NORM_ROWS):
        return f"{language.catalogue.gettext(_NORM_ROW)} {plain(name, 60)}"
    return language.catalogue.gettext(word) if word else plain(name, 60)


def rests_on(language: Language, stamp: str) -> str:
    """Return what a plan rests on in words: each paper with its name and version; a part of no known kind as it is."""
    told = []
    for part in stamp.split(";"):
        kind, _, rest = part.partition(":")
        name, _, version = rest.rpartition(":")
        word = _PAPERS.get(kind)
        if word is None:
            told.append(part)
            continue
        named = " ".join(one for one in (language.catalogue.gettext(word), name) if one)
        told.append(f"{named} {language.catalogue.gettext(_VERSION)} {plain_version(version)}")
    return "; ".join(told)


_UNKNOWN, _YES, _NO = msg("not known"), msg("yes"), msg("no")
_LEFT, _NORM_ROW, _VERSION = msg("Working share"), msg("Row of the norms"), msg("version")
_NORM_ROWS = ("qd15-", "own-")
_WORDS: Mapping[str, str] = {"counted": msg("the unit’s own counts")}
_PAPERS: Mapping[str, str] = {
    "prices": msg("table of prices"),
    "units": msg("staff of units"),
    "rules": msg("own rules"),
    "scenario": msg("scenario"),
    "previous": msg("plan of last year"),
    "model": msg("assumptions"),
}
_UNITS: Mapping[str, str] = {
    "points": msg("points"),
    "years": msg("years"),
    "days": msg("days"),
    "hours": msg("hours"),
    "per_year": msg("a year"),
    "per_thousand_pages": msg("per 1,000 pages"),
    "dossier_hours": msg("dossier-hours a year"),
}
_NAMES: Mapping[str, str] = {
    "score": msg("Outdated score (F12)"),
    "expected": msg("Norm"),
    "lacking": msg("Lacking: norm less what works"),
    "works": msg("Working"),
    "unsure": msg("Nobody knows whether it works"),
    "lost": msg("Dossier-hours lost a year (F16)"),
    "annual": msg("Wear of the year (F20)"),
    "accumulated": msg("Accumulated wear (F20)"),
    "book_value": msg("Book value (F20)"),
    "failures": msg("Failures in 12 months"),
    "downtime": msg("Working hours down in 12 months"),
    "watched_years": msg("Years watched"),
    "method": msg("Method"),
    "staff_vi": msg("Staff of group VI"),
    "staff_vii": msg("Staff of group VII"),
    "staff_viii": msg("Staff of group VIII"),
    "acquired_on": msg("In use since (books)"),
    "firmware_on": msg("Day of the firmware"),
    "cost_vnd": msg("Cost (đồng)"),
    "per_hour": msg("Dossiers an hour"),
    "flow": msg("Where the flow is from"),
    "year_hours": msg("Working hours of a year"),
    "held_hours": msg("Hours that a dossier waits"),
    "needs": msg("Version of the need matrix"),
    "memory_mb": msg("Memory (MB)"),
    "cores": msg("Cores"),
    "listed": msg("Windows 11 takes the processor"),
    "windows11": msg("Ready for Windows 11"),
    "ends_on": msg("End of support"),
    "paid_until": msg("Paid extension until"),
    "crashes": msg("Crashes in 90 days"),
    "repairs": msg("Repairs in 90 days"),
    "life_1": msg("Useful life, shortest (years)"),
    "life_2": msg("Useful life, longest (years)"),
}
