"""Name in words what the register's pages show."""

from __future__ import annotations

from machxa_web.languages import msg

REASONS = {
    "serial": msg("same serial number"),
    "code": msg("named by its code"),
    "model": msg("same model"),
    "vendor": msg("same maker"),
    "kind": msg("same sort of device"),
}
SOURCES = {"book": msg("by the books"), "estimated": msg("estimated"), "unknown": msg("not known")}
WHY = {
    "missing": msg("not found"),
    "moved": msg("stands elsewhere by the books"),
    "damaged": msg("damaged"),
    "again": msg("there after all"),
    "room": msg("another room"),
}
STATES = {
    "found": msg("found"),
    "moved": msg("stands elsewhere by the books"),
    "damaged": msg("damaged"),
    "missing": msg("not found"),
    "unknown": msg("no asset of ours"),
    "waiting": msg("not yet seen"),
}
FIELDS = {"status": msg("Status"), "unit": msg("Unit"), "location": msg("Room")}
OUTCOMES = {
    "found": msg("Found"),
    "moved": msg("Found, but by the books it stands elsewhere"),
    "unknown": msg("This code names no asset of ours"),
}
