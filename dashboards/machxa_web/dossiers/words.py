"""Name in words what the API says of files of dossiers."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg

STATES: Mapping[str, str] = {
    "previewed": msg("not taken in yet"),
    "running": msg("being taken in"),
    "done": msg("taken in"),
    "failed": msg("nothing was taken in"),
    "undone": msg("undone"),
}
WAYS: Mapping[str, str] = {
    "upload": msg("sent on a page"),
    "command": msg("on the command line"),
    "folder": msg("from the drop folder"),
    "pull": msg("asked by the timetable"),
}
GROUPS: Mapping[str, str] = {
    "HT": msg("Civil status"),
    "CT": msg("Certification"),
    "DD": msg("Land"),
    "XD": msg("Construction"),
    "other": msg("Other"),
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "rows": {
        "number": msg("Dossier number"),
        "unit": msg("Unit"),
        "field": msg("Field of procedures"),
        "service": msg("Procedure"),
        "received": msg("Received"),
        "due": msg("Due"),
        "extended": msg("Extended to"),
        "released": msg("Result ready"),
        "finished": msg("Handed over"),
        "done": msg("Truly done"),
        "online": msg("Came online"),
        "status": msg("Status"),
    },
    "counts": {
        "unit": msg("Unit"),
        "field": msg("Field of procedures"),
        "day": msg("Day"),
        "received": msg("Received"),
        "online": msg("Came online"),
        "released": msg("Results ready"),
        "early": msg("Before time"),
        "on_time": msg("On time"),
        "late": msg("Late"),
        "open_in_time": msg("Open, in time"),
        "open_late": msg("Open, late"),
        "paused": msg("Paused"),
        "waiting": msg("Waiting for papers"),
        "saturday": msg("On Saturdays"),
    },
}
LEVELS: Mapping[str, str] = {
    "unit_weekday": msg("this unit on this weekday"),
    "unit": msg("this unit on all days"),
    "province": msg("mean of the province"),
    "sources": msg("press articles: nothing was imported"),
}
SHARES: Mapping[str, str] = {
    "unit_group": msg("this unit's dossiers of the group"),
    "unit": msg("all dossiers of this unit"),
    "hours": msg("not known: spread evenly over working hours"),
}
PARTS: Mapping[str, str] = {
    "morning": msg("in the morning"),
    "afternoon": msg("in the afternoon"),
    "outside": msg("outside working hours"),
}
READINGS: Mapping[str, str] = {  # how files are read, as shipped; a kept mapping has its own name
    "rows": msg("list of dossiers"),
    "counts": msg("table of counts"),
}
