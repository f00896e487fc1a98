"""Say in words how a commune serves, how its layers stand, what its devices are and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.commune.picture import ROWS
from machxa_web.incidents.words import WORDS as INCIDENT_WORDS
from machxa_web.languages import msg
from machxa_web.outputs.words import CHANNELS, GROUPS, STAGES, SYSTEMS

SERVING: Mapping[str, str] = {
    "well": msg("In service"),
    "weak": msg("Weakened"),
    "partly": msg("Partly interrupted"),
    "stopped": msg("Out of service"),
    "unclear": msg("Something is wrong; how much is not known"),
    "planned": msg("Planned maintenance"),
    "off": msg("Outside working hours, or switched off"),
    "unseen": msg("No readings come"),
    "never": msg("No computer reports yet"),
}
MEANS: Mapping[str, str] = {
    "well": msg("Computers report, and nothing that dossiers need is wrong."),
    "weak": msg("Everything passes, some of it slower or put off."),
    "partly": msg("Some kinds of dossiers stand still; the others pass."),
    "stopped": msg("No dossier passes until what is open below is over."),
    "unclear": msg("What is wrong cannot be measured, so the readiness has bounds instead of a figure."),
    "planned": msg("What is wrong now was announced beforehand."),
    "off": msg("The computers said good-bye, or no session runs: nothing is amiss."),
    "unseen": msg("Computers stand here, and none is heard in working time: nobody can say how it does."),
    "never": msg("Enrol a computer of this unit: from its first report on its state is shown here."),
}
SIGNS: Mapping[str, str] = {  # beside each word: colour alone says nothing in print
    "well": "✓",
    "weak": "▲",
    "partly": "◐",
    "stopped": "✕",
    "unclear": "?",
    "planned": "◇",
    "off": "○",
    "unseen": "▨",
    "never": "–",
    "down": "✕",
    "unknown": "?",
    "on": "✓",
    "ok": "✓",
    "lost": "▨",
    "warning": "▲",
    "blocked": "✕",
    "unreachable": "✕",
}
LAYERS: Mapping[str, str] = {
    "power": msg("Power"),
    "router": msg("Router"),
    "line": msg("Line"),
    "lan": msg("LAN"),
    "pcs": msg("Computers and devices"),
    "systems": msg("Systems"),
}
LIGHTS: Mapping[str, str] = {
    "well": msg("works"),
    "weak": msg("weak"),
    "down": msg("down"),
    "unclear": msg("not clear"),
    "planned": msg("announced"),
    "off": msg("switched off"),
    "unknown": msg("not known"),
}
WHY: Mapping[str, str] = {
    "heard": msg("computers of the unit report"),
    "answers": msg("answers the gateway"),
    "device": msg("the device tells of trouble"),
    "not_watched": msg("no gateway watches a router here: enter it, or let the gateway find it"),
    "measured": msg("the gateway reaches hosts beyond it"),
    "line_down": msg("the gateway reaches nothing over it; not judged yet"),
    "gateway": msg("the gateway sees the office’s network"),
    "no_gateway": msg("no computer watches the office’s network: choose a gateway"),
    "on": msg("on"),
    "lost": msg("fell silent without a good-bye"),
    "no_agent": msg("no computer reports"),
    "silent": msg("nobody of the unit is heard"),
    "off": msg("all said good-bye"),
    "not_checked": msg("nothing checks the systems from here"),
    "failing": msg("checks fail; not judged yet"),
    "checked": msg("answer the checks from here"),
}
DAYS: Mapping[str, str] = {
    "office": msg("working day"),
    "rest": msg("day of rest"),
    "holiday": msg("holiday"),
    "make_up_day": msg("make-up working day"),
    "unknown": msg("no calendar reaches this day"),
}
KINDS: Mapping[str, str] = {
    "pc": msg("Computer"),
    "computer": msg("Computer"),
    "laptop": msg("Laptop"),
    "tablet": msg("Tablet"),
    "monitor": msg("Monitor"),
    "printer": msg("Printer"),
    "copier": msg("Copier"),
    "scanner": msg("Scanner"),
    "multifunction": msg("Multifunction device"),
    "router": msg("Router"),
    "switch": msg("Switch"),
    "access_point": msg("Access point"),
    "firewall": msg("Firewall"),
    "modem": msg("Fibre modem (ONT)"),
    "ups": msg("UPS"),
    "storage": msg("Storage"),
    "server": msg("Server"),
    "token": msg("Signing token"),
    "certificate_printer": msg("Printer of land certificates"),
    "shredder": msg("Shredder"),
    "phone": msg("Phone"),
    "network": msg("Network equipment"),
    "other": msg("Other"),
}
STATES: Mapping[str, str] = {
    "on": msg("Running"),
    "off": msg("Switched off"),
    "lost": msg("No readings"),
    "ok": msg("works"),
    "warning": msg("asks for care"),
    "blocked": msg("cannot work"),
    "unreachable": msg("does not answer"),
    "unknown": msg("Not known yet"),
}
LINES: Mapping[str, str] = {
    "internet": msg("Internet line"),
    "tslcd": msg("TSLCĐ line"),
    "mobile": msg("Mobile 4G/5G"),
    "satellite": msg("Satellite"),
}
ROLES: Mapping[str, str] = {
    "it": msg("IT contact"),
    "leader": msg("Unit leader"),
    "centre": msg("Director of the centre"),
    "finance": msg("Finance, accounting"),
    "province": msg("Support of the province"),
    "provider": msg("Provider of lines"),
}
CATEGORIES: Mapping[str, str] = {
    "computer": msg("Computer"),
    "printer": msg("Printer"),
    "land_printer": msg("Printer of land certificates"),
    "scanner": msg("Scanner"),
    "network": msg("Network or Wi-Fi"),
    "one_stop": msg("Dossier software"),
    "signature": msg("Digital signature"),
    "lookup": msg("Looking up population, civil status or land"),
    "other": msg("Other"),
}
REPORT_STATES: Mapping[str, str] = {
    "unverified": msg("not verified yet"),
    "confirmed": msg("confirmed"),
    "fixed": msg("its reporter says it is over"),
}
PARTS: Mapping[str, str] = {
    "k1_direct": msg("K1: the infrastructure stood still"),
    "k1_queue": msg("K1: the queue that this left behind"),
    "k2_recorded_late": msg("K2: done in time, recorded late"),
    "k3_waiting": msg("K3: waited for somebody else"),
    "k4_staff": msg("K4: staff and process"),
    "k5_no_evidence": msg("K5: not enough evidence"),
}
CONFIDENCE: Mapping[str, str] = {
    "high": msg("high confidence"),
    "medium": msg("medium confidence"),
    "low": msg("low confidence"),
}
MISSING: Mapping[str, str] = {
    "no_fact": msg("not recorded"),
    "no_rule": msg("no norm is decided"),
    "no_staff": msg("staff by title is not entered"),
    "no_price": msg("no price is approved"),
    "under_threshold": msg("no fixed asset: no book value"),
    "too_few": msg("measured too short"),
}

WORDS = {
    **INCIDENT_WORDS,
    "serving": SERVING,
    "means": MEANS,
    "marks": SIGNS,
    "layers": LAYERS,
    "lights": LIGHTS,
    "why": WHY,
    "days": DAYS,
    "kinds": KINDS,
    "device_states": STATES,
    "lines": LINES,
    "roles": ROLES,
    "categories": CATEGORIES,
    "report_states": REPORT_STATES,
    "parts": PARTS,
    "missing": MISSING,
    "sureness": CONFIDENCE,
    "rows": ROWS,
    "groups": GROUPS,
    "channels": CHANNELS,
    "stages": STAGES,
    "needs": SYSTEMS,
}
