"""Say stages, groups, channels, systems and assumptions in words."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg

SECTIONS: Mapping[str, str] = {
    "need": msg("Needs of stages"),
    "paper": msg("Share that goes on by hand"),
    "pace": msg("Paces"),
    "threshold": msg("Thresholds of severity"),
    "figure": msg("Where nothing was imported"),
    "share": msg("Shares of the groups where nothing was imported"),
}
STAGES: Mapping[str, str] = {
    "receive_direct": msg("Receive in person"),
    "receive_online": msg("Receive online"),
    "scan": msg("Scan"),
    "look_up": msg("Look up"),
    "process": msg("Process"),
    "sign": msg("Sign the result"),
    "pay": msg("Pay"),
    "issue": msg("Print and issue"),
    "archive": msg("Archive"),
}
GROUPS: Mapping[str, str] = {
    "HT": msg("Civil status"),
    "CT": msg("Certification"),
    "DD": msg("Land"),
    "XD": msg("Construction"),
    "other": msg("Other procedures"),
}
CHANNELS: Mapping[str, str] = {"direct": msg("in person"), "online": msg("online")}
SYSTEMS: Mapping[str, str] = {
    "power": msg("Power"),
    "pc": msg("Computers"),
    "line": msg("Line"),
    "dossier": msg("Dossier software"),
    "documents": msg("Document software"),
    "scanner": msg("Scanner"),
    "copier": msg("Copier"),
    "printer": msg("Printer"),
    "certificate_printer": msg("Printer of land certificates"),
    "signature": msg("Digital signature"),
    "population": msg("Population database"),
    "civil_status": msg("Civil-status software"),
    "land": msg("Land database"),
    "payment": msg("Online payment"),
    "storage": msg("Storage"),
}
NAMES: Mapping[str, str] = {
    "stage_minutes": msg("minutes of work a stage"),
    "pages": msg("pages opened in a stage"),
    "spare": msg("capacity over mean arrivals, until learnt"),
    "reentry_effort": msg("share of a dossier's effort to type in what was done on paper"),
    "deferred_effort": msg("share of a dossier's effort for what was put off"),
    "day_hours": msg("working hours a day"),
    "horizon_days": msg("days looked ahead for the end of the catch-up"),
    "repair_allowed_hours": msg("most working hours for which a fault of the unit's own equipment excuses lateness"),
    "p1_ratio": msg("P1 from this share of a day's dossiers"),
    "p2_ratio": msg("P2 from this share of a day's dossiers"),
    "p3_ratio": msg("P3 from this share of a day's dossiers"),
    "blocked_minutes": msg("P1 after so many minutes in which nothing is received or issued"),
    "hold_down_minutes": msg("minutes before anybody is told"),
    "hold_down_remote_minutes": msg("the same on 4G and islands"),
    "per_hour": msg("dossiers an hour of a unit"),
    "online_ratio": msg("share that comes online"),
}
WORDS = {
    "sections": SECTIONS,
    "stages": STAGES,
    "groups": GROUPS,
    "channels": CHANNELS,
    "systems": SYSTEMS,
    "names": {**SYSTEMS, **NAMES},
}
