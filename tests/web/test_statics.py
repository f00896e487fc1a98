from __future__ import annotations

import hashlib

from machxa_web.statics import HERE, load_statics, slim

PINNED = {  # uPlot 1.6.31 and htmx 2.0.3, as released
    "uplot.js": "2d27e8ad3d228164525ce213f9dc716f39b4e3aee0cc773fb3491c96cf4921a2",
    "uplot.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "htmx.js": "491955cd1810747d7d7b9ccb936400afb760e06d25d53e4572b64b6563b2784e",
}


def test_the_libraries_served_are_the_pinned_ones() -> None:
    statics = load_statics()

    assert {name: hashlib.sha256(statics[name].body).hexdigest() for name in PINNED} == PINNED


def test_nothing_but_the_fixed_list_can_be_served() -> None:
    assert sorted(load_statics()) == [
        "admin.css",
        "app.css",
        "charts.js",
        "commune.css",
        "count.css",
        "duty.css",
        "finance.css",
        "find.js",
        "htmx.js",
        "icon.svg",
        "live.js",
        "my.css",
        "register.css",
        "report.css",
        "report.js",
        "report.svg",
        "scan.js",
        "search.js",
        "systems.css",
        "uplot.css",
        "uplot.js",
    ]


def test_our_scripts_travel_without_indents_and_remarks_and_say_the_same() -> None:
    written = b"// what it does\n\na {\n  b: url(//c); /* d */\n  /* e */\n}\n/* f */ g { }\n"

    assert slim(written) == b"a {\nb: url(//c); /* d */\n}\n/* f */ g { }\n"
    lines = [line for file in HERE.glob("*.js") for line in file.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.count("`") % 2] == []  # no template goes over a line's end
