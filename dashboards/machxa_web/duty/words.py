"""Say states, stages, layers and grades of the duty desk in words."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg

STATES: Mapping[str, str] = {  # the words of the commune's page
    "stopped": msg("Out of service"),
    "partly": msg("Partly interrupted"),
    "weak": msg("Weakened"),
    "unclear": msg("Something is wrong; how much is not known"),
    "planned": msg("Planned maintenance"),
    "unseen": msg("No readings come"),
    "never": msg("No computer reports yet"),
    "off": msg("Outside working hours, or switched off"),
    "well": msg("In service"),
}
LINES: Mapping[str, str] = {
    "ok": msg("line works"),
    "weak": msg("line is weak"),
    "down": msg("line is down"),
    "unknown": msg("line not known"),
}
OLD: Mapping[str, str] = {
    "low": msg("few outdated computers"),
    "middle": msg("at least some outdated computers"),
    "high": msg("many outdated computers"),
    "unknown": msg("outdated or not: not known"),
}
LATE: Mapping[str, str] = {
    "low": msg("lateness seldom comes from infrastructure"),
    "middle": msg("lateness at least partly comes from infrastructure"),
    "high": msg("lateness mostly comes from infrastructure"),
    "none": msg("no dossier was late"),
    "unknown": msg("reasons of lateness not known"),
}
LAYERS: Mapping[str, str] = {
    "TB": msg("Device"),
    "LAN": msg("Network inside the office"),
    "WAN": msg("Line, provider"),
    "TINH": msg("System of the province"),
    "TW": msg("System of the nation"),
    "DIEN": msg("Power"),
    "TRUNG_TAM": msg("The centre itself"),
}
STANDINGS: Mapping[str, str] = {
    "new": msg("nobody has taken note"),
    "taken": msg("taken note of"),
    "owned": msg("in hand"),
    "promised": msg("an end is promised"),
    "late": msg("the promised end has passed"),
}
FOUND: Mapping[str, str] = {
    "machine": msg("measured"),
    "people": msg("reported by people"),
    "both": msg("measured and reported"),
}
WAITING: Mapping[str, str] = {
    "0": msg("nobody waits"),
    "1-5": msg("1 to 5 people wait"),
    "6-20": msg("6 to 20 people wait"),
    "20+": msg("more than 20 people wait"),
}
CATEGORIES: Mapping[str, str] = {
    "computer": msg("Computer"),
    "printer": msg("Printer"),
    "land_printer": msg("Printer of land certificates"),
    "scanner": msg("Scanner"),
    "network": msg("Network, Wi-Fi"),
    "one_stop": msg("One-stop software"),
    "signature": msg("Digital signature"),
    "lookup": msg("Look-up of population, civil status, land"),
    "other": msg("Something else"),
}
TITLES: Mapping[str, str] = {
    "normal": msg("communes serve normally"),
    "grave": msg("open incidents P1 and P2"),
    "held": msg("dossiers held up now"),
    "at_risk": msg("dossiers that incidents will make late"),
    "no_data": msg("communes without data"),
}
WHY: Mapping[str, str] = {
    "no_dossiers": msg("no dossier data yet"),
    "reckoning": msg("being reckoned"),
    "some": msg("of some it is not known"),
}
LOOKS: Mapping[str, str] = {  # the layers of the map
    "state": msg("Readiness"),
    "line": msg("Quality of lines"),
    "old": msg("Outdated computers"),
    "late": msg("Lateness by infrastructure"),
}
GRADED: Mapping[str, str] = {  # how the layers of months are made
    "old": msg(
        "From the outdated scores: few is surely below a fifth of the computers, some at least a fifth, "
        "many at least a half. Where what is not known allows few and some, none is told."
    ),
    "late": msg(
        "From the late hours of this month and the last: seldom is surely below a quarter, partly at least a quarter, "
        "mostly at least a half. Hours that nobody watched may be either: "
        "where they allow seldom and partly, none is told."
    ),
}
VALUES: Mapping[str, Mapping[str, str]] = {  # each layer's words by the value of a dot
    "state": STATES,
    "line": LINES,
    "old": OLD,
    "late": LATE,
}
SHAPES: Mapping[str, Mapping[str, str]] = {  # and the shape that says the same without colour
    "state": {one: one for one in STATES},
    "line": {"ok": "well", "weak": "weak", "down": "stopped", "unknown": "unseen"},
    "old": {"low": "well", "middle": "weak", "high": "partly", "unknown": "unseen"},
    "late": {"low": "well", "middle": "weak", "high": "partly", "none": "off", "unknown": "unseen"},
}
GRAVE = ("stopped", "partly", "weak", "unclear", "planned", "unseen", "never", "off", "well")
