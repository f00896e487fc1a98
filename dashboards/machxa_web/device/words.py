"""Say in words what a device's page shows beside its readings."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.commune.words import WORDS as COMMUNE_WORDS
from machxa_web.device.charts import COMPUTERS, NETWORK, PRINTERS
from machxa_web.finance.words import RULES
from machxa_web.languages import msg
from machxa_web.register.words import SOURCES

PARTS: Mapping[str, str] = {
    "support": msg("the operating system is out of support"),
    "cpu": msg("a weak processor"),
    "memory": msg("too little memory"),
    "disk": msg("the disk"),
    "age": msg("its age"),
    "reliability": msg("it fails often"),
}
BANDS: Mapping[str, str] = {
    "replace": msg("to be replaced"),
    "plan": msg("to be planned for"),
    "upgrade": msg("upgrade or watch"),
    "keep": msg("to be kept"),
    "survey": msg("survey: too little is known for a level"),
}
ACTIONS: Mapping[str, str] = {
    "transfer": msg("Transfer it to another unit"),
    "upgrade": msg("Upgrade it"),
    "repair": msg("Repair it"),
    "replace": msg("Replace it"),
    "buy": msg("Buy anew"),
    "dispose": msg("Dispose of it"),
    "survey": msg("Survey it"),
    "update": msg("Update the operating system (free)"),
    "keep": msg("Keep it"),
}
REASONS: Mapping[str, str] = {
    "beyond_norm": msg("beyond the norm"),
    "past_life": msg("past its life"),
    "not_repairable": msg("broken beyond repair"),
    "repair_too_dear": msg("a repair costs over 30 hundredths of its cost"),
    "repairable": msg("it can be repaired"),
    "repair_is_cheap": msg("it can be repaired within the limit"),
    "no_estimate": msg("broken, and no repair is estimated"),
    "condition_unknown": msg("its condition is not known"),
    "age_unknown": msg("its age or its life is not known"),
    "unit_decides": msg("no fixed asset: the unit decides"),
    "in_use": msg("in use, and not past its life"),
    "no_rule": msg("no rule holds"),
    "disk_prefail": msg("the disk is about to fail: replace it now"),
    "too_little_known": msg("less than 60 hundredths of the facts are known"),
    "dates_disagree": msg("the year in the books and the BIOS disagree"),
    "crosses_a_band": msg("the score is not sure enough for a level"),
    "memory_or_disk": msg("more memory or a new disk is enough"),
    "free_update": msg("a newer version is free"),
    "in_order": msg("it is in order"),
}
REPAIRS: Mapping[str, str] = {
    "done": msg("repaired"),
    "estimate": msg("estimated"),
    "beyond": msg("beyond repair"),
}
ANSWERS: Mapping[str, str] = {"yes": msg("yes"), "no": msg("no"), "unknown": msg("not enough grounds yet")}
SIGNS: Mapping[str, str] = {
    "disk_prefail": msg("the disk says that it will fail"),
    "disk_worn": msg("endurance of the disk left, in hundredths"),
    "disk_sectors": msg("bad sectors of the disk"),
    "crashes": msg("blue screens in 90 days"),
    "days_to_full": msg("days until the disk is full"),
    "alerts_per_thousand_pages": msg("alerts a thousand pages"),
    "toner_days": msg("days of toner left"),
}
MARKS: Mapping[str, str] = {
    "uuid": msg("Board"),
    "board": msg("Board"),
    "serial": msg("Serial number"),
    "mac": msg("Network card"),
    "dongle": msg("Plugged-in network card"),
    "disk": msg("Drive"),
    "memory": msg("Memory module"),
    "machine": msg("Operating system"),
}
LEVELS: Mapping[str, str] = {  # why a supply has no number; -1, -2, -3 of RFC 3805 are never per cent
    "some left": msg("some is left, the printer does not say how much"),
    "no restriction": msg("without limit, says the printer"),
    "unknown": msg("the printer does not know"),
    "capacity unknown": msg("it tells a level and no capacity, so no share"),
    "not told": msg("not measured: the printer does not tell"),
    "not_said": msg("not measured: the printer does not tell"),
}

WORDS = {
    **COMMUNE_WORDS,
    "repairs": REPAIRS,
    "score_parts": PARTS,
    "bands": BANDS,
    "actions": ACTIONS,
    "advice": REASONS,
    "rules": RULES,
    "answers": ANSWERS,
    "failing": SIGNS,
    "identity": MARKS,
    "levels": LEVELS,
    "dated": SOURCES,
    "computers": COMPUTERS,
    "printers": PRINTERS,
    "network": NETWORK,
}
