"""Say in words how a system does in an hour, and by what its sites are grouped."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.incidents.words import WORDS as INCIDENT_WORDS
from machxa_web.languages import msg

LEVELS: Mapping[str, str] = {  # the gravest first
    "stopped": msg("Hangs or fails"),
    "partly": msg("Hangs or fails at some sites"),
    "slow": msg("Slow"),
    "well": msg("Works"),
    "unknown": msg("Nobody could tell"),
    "unwatched": msg("Not watched yet"),
}
RULES: Mapping[str, str] = {
    "stopped": msg("a third or more of the sites that could tell"),
    "partly": msg("a tenth or more of them"),
    "slow": msg("a third or more of them, slow ones included"),
    "well": msg("otherwise"),
    "unknown": msg("no site was on, or the sites’ own lines were cut"),
    "unwatched": msg("no computer there had an agent yet"),
}
SIGNS: Mapping[str, str] = {
    "stopped": "✕",
    "partly": "◆",
    "slow": "▲",
    "well": "●",
    "unknown": "?",
    "unwatched": "·",
}
BY: Mapping[str, str] = {
    "provider": msg("Provider of lines"),
    "province": msg("Province"),
    "unit": msg("Commune, ward"),
}
WORDS = {**INCIDENT_WORDS, "levels": LEVELS, "rules": RULES, "level_signs": SIGNS, "by": BY}
