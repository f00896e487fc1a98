"""Say in words whom a norm is for, what it is for, and how sure its source is."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.finance.words import ITEMS
from machxa_web.languages import msg

__all__ = ["CONFIDENCE", "ITEMS", "PURPOSES", "STATES", "TITLES", "WHY_NOT"]

TITLES: Mapping[str, str] = {
    "vi": msg("group VI (party secretary)"),
    "vii": msg("group VII (leaders of the commune)"),
    "viii": msg("group VIII (heads of offices, staff)"),
}
PURPOSES: Mapping[str, str] = {
    "common": msg("common office equipment"),
    "one_stop": msg("special-purpose, one-stop shop"),
}
CONFIDENCE: Mapping[str, str] = {
    "H": msg("the text itself"),
    "M": msg("one or two secondary sources"),
    "L": msg("weak source"),
    "P": msg("the product’s own default"),
}
STATES: Mapping[str, str] = {"now": msg("holds now"), "past": msg("has ended"), "later": msg("holds later")}
WHY_NOT: Mapping[str, str] = {
    "role": msg("Adding and ending rows is for provincial IT, finance and administrators."),
    "territory": msg("Norms hold for all units: only who sees the whole province adds or ends a row."),
    "paper": msg(
        "The province’s own file of rules cannot be read any more; shipped rows are shown. "
        "Keep it anew: machxa plan keep rules."
    ),
}
