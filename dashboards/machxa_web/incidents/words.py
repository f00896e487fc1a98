"""Say causes, states, signs, reasons and acts of incidents in words."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.incidents.reasons import FIGURES, REASONS, SIGNS, SUBJECTS, SYMPTOMS
from machxa_web.languages import msg

CAUSES: Mapping[str, str] = {
    "device": msg("Device"),
    "lan": msg("Network inside the office"),
    "line": msg("Line of the unit"),
    "provider": msg("Provider of lines"),
    "provider_area": msg("Provider's network in an area"),
    "provincial_system": msg("System of the province"),
    "national_system": msg("System of the nation"),
    "power": msg("Power"),
    "power_or_line": msg("Power or line: nobody can tell yet"),
    "centre": msg("The centre itself hears nothing"),
    "maintenance": msg("Planned maintenance"),
    "unknown": msg("Not known"),
}
HUSHED: Mapping[str, str] = {
    "maintenance": msg("in planned maintenance: nobody is woken"),
    "planned_power_cut": msg("in a planned power cut: nobody is woken"),
}
STATES: Mapping[str, str] = {
    "dark": msg("nothing of the unit is heard"),
    "down": msg("down"),
    "hang": msg("hangs"),
    "error": msg("answers with errors"),
    "portal": msg("somebody else answers"),
    "untrusted": msg("its certificate is refused"),
    "slow": msg("slow"),
    "intermittent": msg("fails now and then"),
    "degraded": msg("weak"),
    "saturated": msg("full"),
    "lost": msg("lost"),
    "blocked": msg("blocked"),
    "unreachable": msg("does not answer"),
    "warning": msg("warns"),
    "reported": msg("reported by people"),
    "cut": msg("cut off"),
    "partial": msg("partly cut off"),
    "weak": msg("weak radio"),
    "slow_pc": msg("slow computer"),
    "on_battery": msg("runs on battery"),
    "tslcd_down": msg("TSLCĐ down"),
    "silent": msg("silent"),
    "offline": msg("does not answer"),
    "toner_low": msg("toner low"),
    "disk_failing": msg("disk failing"),
    "clock_wrong": msg("wrong clock"),
    "undelivered": msg("a channel of notices does not deliver"),
}
ACTS: Mapping[str, str] = {
    "acknowledge": msg("took note"),
    "own": msg("named who has it in hand"),
    "promise": msg("said when it should be over"),
    "note": msg("wrote"),
    "ticket": msg("opened a ticket"),
    "hand_over": msg("handed it over"),
    "overrule": msg("set another cause"),
    "merge": msg("made it part of another"),
    "split": msg("took it apart again"),
    "close": msg("closed it"),
    "reopen": msg("opened it again"),
    "false_alarm": msg("called it a false alarm"),
}
TELLINGS: Mapping[str, str] = {
    "opened": msg("people were told of it"),
    "revised": msg("people were told of another cause than first"),
    "ended": msg("people were told that it is over"),
}
MISSING: Mapping[str, str] = {
    "no_stock": msg("how many devices the unit has and needs is not entered"),
    "no_state": msg("what was wrong was not measured"),
    "no_flow": msg("no counts of dossiers were taken in"),
    "never_ends": msg("more comes in than can be done"),
    "too_far": msg("not caught up within the days looked ahead"),
    "not_all_known": msg("it rests on a figure that is not known"),
}
OFFERED: tuple[str, ...] = (
    "device",
    "lan",
    "line",
    "provider",
    "provincial_system",
    "national_system",
    "power",
    "unknown",
)

CONTEXT: Mapping[str, str] = {
    "status": msg("state of the link"),
    "errors_per_hour": msg("errors an hour"),
    "requests_per_hour": msg("requests an hour"),
    "backup_at": msg("last backup"),
    "backup_bytes": msg("size of the backup"),
    "restore_tested_at": msg("last trial of a restore"),
    "free_bytes": msg("free space"),
    "days_to_full": msg("days until it is full"),
    "synchronised_at": msg("last good synchronisation"),
    "rows_rejected": msg("rows refused"),
    "posts": msg("posts"),
    "posts_filled": msg("posts filled"),
}
STANDINGS: Mapping[str, str] = {
    "ok": msg("in order"),
    "warning": msg("needs care"),
    "down": msg("down"),
    "stale": msg("too old to say anything"),
    "told": msg("a figure only"),
    "slow": msg("slow"),
}
SOURCES: Mapping[str, str] = {
    "check": msg("checked by agents"),
    "reports": msg("by people’s reports and error counts"),
    "storage": msg("told: storage and backup"),
    "import": msg("told: when it was last synchronised"),
    "entered": msg("entered by hand"),
}
OWNERS: Mapping[str, str] = {"province": msg("the province"), "national": msg("the nation")}
RULES: Mapping[str, str] = {  # what the judgement does for one subject; who keeps the log knows it by its id
    "hear": msg("taking in what a computer says"),
    "unit": msg("judging a unit"),
    "site": msg("line and network of a unit"),
    "computers": msg("computers that fell silent"),
    "devices": msg("printers, UPS and other devices"),
    "signs": msg("signs of slow or failing computers"),
    "outages": msg("which units are dark together, and why"),
    "system": msg("judging a work system"),
    "reports": msg("weighing people’s reports"),
    "channels": msg("channels by which people are told"),
    "tell": msg("deciding who is told"),
    "severity": msg("weighing how grave an incident is"),
    "save": msg("keeping an incident"),
}
SLOW: Mapping[str, str] = {
    "pc": msg("this computer is slow"),
    "line": msg("the unit’s line is slow"),
    "system": msg("the system is slow"),
    "unclear": msg("computer or line: too few computers to tell"),
}

WORDS = {
    "rules": RULES,
    "slow": SLOW,
    "context": CONTEXT,
    "standings": STANDINGS,
    "sources": SOURCES,
    "owners": OWNERS,
    "causes": CAUSES,
    "states": STATES,
    "hushed": HUSHED,
    "acts": ACTS,
    "offered": OFFERED,
    "tellings": TELLINGS,
    "unsaid": MISSING,
    "reasons": REASONS,
    "figures": FIGURES,
    "signs": {**STATES, **SIGNS},
    "symptoms": SYMPTOMS,
    "subjects": SUBJECTS,
}
