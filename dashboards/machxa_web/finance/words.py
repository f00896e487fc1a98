"""Say classes, proposals, reasons and what planning names by words."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg

Words = Mapping[str, str]
ITEMS: Words = {
    "pc": msg("Computer"),
    "printer": msg("Printer"),
    "certificate_printer": msg("Printer for land-certificate blanks"),
    "scanner": msg("Scanner"),
    "copier": msg("Photocopier"),
    "shredder": msg("Shredder"),
    "phone": msg("Desk phone"),
    "network": msg("Network equipment"),
    "ups": msg("UPS"),
    "other": msg("Other equipment"),
}
ACTIONS: Words = {
    "transfer": msg("Transfer"),
    "upgrade": msg("Upgrade"),
    "repair": msg("Repair"),
    "replace": msg("Replace"),
    "buy": msg("Buy new"),
    "dispose": msg("Dispose of"),
    "survey": msg("Survey"),
    "update": msg("Update the system (free)"),
    "keep": msg("Keep"),
}
BANDS: Words = {
    "replace": msg("65 and above: replace"),
    "plan": msg("45 to 65: plan"),
    "upgrade": msg("25 to 45: upgrade or watch"),
    "keep": msg("below 25: keep"),
    "survey": msg("across a limit: survey"),
}
ANSWERS: Words = {"yes": msg("yes"), "no": msg("no"), "unknown": msg("not enough is known")}
PARTS: Words = {
    "support": msg("system out of support"),
    "cpu": msg("weak processor"),
    "memory": msg("too little memory"),
    "disk": msg("disk"),
    "age": msg("age"),
    "reliability": msg("often fails"),
}
REASONS: Words = {
    "below_norm": msg("fewer than the norm allows"),
    "missing_capability": msg("the unit has no machine at all for this stage"),
    "beyond_norm": msg("beyond the norm"),
    "past_life": msg("past its useful life"),
    "not_repairable": msg("broken, beyond repair"),
    "repair_too_dear": msg("repair costs over 30 per cent of its cost"),
    "repairable": msg("can be repaired"),
    "repair_is_cheap": msg("can be repaired within the limit"),
    "no_estimate": msg("broken, without an estimate of the repair"),
    "condition_unknown": msg("nobody knows whether it works"),
    "age_unknown": msg("year in use or useful life not known"),
    "unit_decides": msg("no fixed asset: the unit decides itself"),
    "in_use": msg("in use, within its useful life"),
    "no_rule": msg("no rule holds"),
    "disk_prefail": msg("the disk is about to fail: replace it now"),
    "too_little_known": msg("under 60 per cent of the facts are known"),
    "dates_disagree": msg("the book's year and the firmware's day disagree"),
    "crosses_a_band": msg("the score is not sure enough for a band"),
    "memory_or_disk": msg("more memory or a new disk is enough"),
    "free_update": msg("a newer version is free"),
    "in_order": msg("as it should be"),
    "no_price": msg("no approved price"),
    "above_ceiling": msg("price above the highest allowed"),
    "no_norm": msg("no norm yet (the province decides)"),
    "locked_out": msg("left out by decision"),
    "cut": msg("beyond the ceiling"),
    "overridden": msg("by a person's decision"),
    "overridden_away": msg("struck off by a person's decision"),
    "transferred": msg("on its way to another unit"),
    "not_disposable": msg("may not be disposed of yet"),
}
RULES: Words = {
    "F12": msg("Outdated score: its parts added, 100 at most"),
    "F12.support": msg("System: end of support, and whether a free update exists"),
    "F12.cpu": msg("Processor: age, cores, and Windows 11's list"),
    "F12.memory": msg("Memory: from 4 GB, which is all points, to 16 GB"),
    "F12.disk": msg("Disk: spinning, nearly full, about to fail"),
    "F12.age": msg("Age against the useful life"),
    "F12.reliability": msg("Crashes and repairs of 90 days"),
    "F13": msg("Failure rate of the class and age"),
    "F16": msg("Dossier-hours lost by the unit's joint capacity"),
    "F20.annual": msg("Wear of the year by the dated rate"),
    "F20.accumulated": msg("Wear of all years"),
    "F20.book_value": msg("Cost less accumulated wear"),
    "age": msg("Years since the day in use"),
    "norm": msg("Norm by staff and unit, rounded up"),
    "gap": msg("Norm less what works"),
    "gap.total": msg("Norm less what works"),
    "F15.buy": msg("Buy what is lacking within the norm"),
    "F15.disk": msg("A disk about to fail is replaced at once"),
    "F15.broken": msg("Broken: replaced where it may be disposed of, else surveyed"),
    "F15.repair": msg("Broken: repaired within the limit of its cost"),
    "F15.surplus": msg("Beyond the norm: transferred, disposed of, or surveyed"),
    "F15.transfer": msg("A surplus goes to the nearest unit that lacks it"),
    "F15.unknown": msg("Surveyed while nobody knows whether it works"),
    "F15.completeness": msg("Surveyed while under 60 per cent of the facts are known"),
    "F15.conflict": msg("Surveyed where the books and the firmware disagree"),
    "F15.band": msg("Surveyed where the score lies across a limit"),
    "F15.upgrade": msg("Upgraded where memory or a disk takes it out of need"),
    "F15.replace": msg("Outdated, and may be disposed of: replaced"),
    "F15.not_disposable": msg("Outdated, and may not be disposed of yet: upgraded or surveyed"),
    "F15.update": msg("Updated for nothing"),
    "F15.keep": msg("As it should be: kept"),
    "override": msg("A person's decision"),
    "nd186-28": msg("Decree 186/2025/NĐ-CP, Articles 28 to 31"),
}
WAYS: Words = {
    "alone": msg("the head decides alone"),
    "direct": msg("direct appointment"),
    "bidding": msg("bidding"),
}
STATES: Words = {
    "paid": msg("paid for"),
    "cut": msg("beyond the ceiling"),
    "waiting": msg("waits for a price, a norm or a decision"),
}
NORMS: Words = {"within": msg("within the norm"), "above": msg("beyond the norm")}
YES_NO: Words = {"yes": msg("yes"), "no": msg("no")}
MISSING: Words = {
    "no_fact": msg("nothing measured or entered says it"),
    "no_rule": msg("no dated rule holds"),
    "no_staff": msg("staff by title is not entered"),
    "no_price": msg("no approved price"),
    "under_threshold": msg("no fixed asset: it has no book value"),
    "too_few": msg("measured too short or too seldom"),
}
LINE_KINDS: Words = {
    "internet": msg("Internet"),
    "tslcd": msg("TSLCD"),
    "mobile": msg("Mobile (4G, 5G)"),
    "satellite": msg("Satellite"),
}
LINE_ADVICE: Words = {
    "keep": msg("Keep"),
    "raise": msg("Raise the bandwidth"),
    "change": msg("Change: ask the provider, or another one"),
    "backup": msg("Add a 4G backup"),
    "survey": msg("Survey"),
}
LINE_REASONS: Words = {
    "in_order": msg("as it should be"),
    "below_contract": msg("measured far below the contract"),
    "often_cut": msg("too often cut in working time"),
    "need_above": msg("the unit needs more than the contract gives"),
    "not_measured": msg("nothing measured it in these days"),
    "no_contract": msg("the contract's bandwidth is not entered"),
}
EXCEPTIONS: Words = {
    "beyond_norm": msg("may go beyond the norm"),
    "above_ceiling": msg("may go beyond the highest price"),
    "no_norm": msg("may do without a norm"),
}
REPAIRS: Words = {"done": msg("repaired"), "estimate": msg("estimate"), "beyond": msg("beyond repair")}
PAPERS: Words = {
    "prices": msg("a table of approved prices"),
    "units": msg("staff of units by title"),
    "scenario": msg("a scenario with its ceilings"),
}
EVERY: Mapping[str, Words] = {
    "items": ITEMS,
    "actions": ACTIONS,
    "bands": BANDS,
    "answers": ANSWERS,
    "parts": PARTS,
    "reasons": REASONS,
    "rules": RULES,
    "ways": WAYS,
    "states": STATES,
    "norms": NORMS,
    "yes_no": YES_NO,
    "missing": MISSING,
    "kinds": LINE_KINDS,
    "line_advice": LINE_ADVICE,
    "line_reasons": LINE_REASONS,
    "exceptions": EXCEPTIONS,
    "papers": PAPERS,
    "repairs": REPAIRS,
}
