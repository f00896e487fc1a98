"""Say what the report form asks, in the words of the catalogues; ids are those of the API and the report window."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg

WHAT: Mapping[str, str] = {
    "computer": msg("Computer"),
    "printer": msg("Printer"),
    "land_printer": msg("Land certificate printer"),
    "scanner": msg("Scanner"),
    "network": msg("Network, Wi-Fi"),
    "one_stop": msg("One-stop software"),
    "signature": msg("Digital signature"),
    "lookup": msg("Look-up: residents, civil status, land"),
    "other": msg("Something else"),
}
HOW: Mapping[str, str] = {
    "unusable": msg("Cannot be used"),
    "slow": msg("Slow"),
    "frozen": msg("Frozen"),
    "error": msg("Shows an error"),
    "intermittent": msg("Comes and goes"),
}
SINCE: Mapping[str, str] = {
    "0": msg("Just now"),
    "15": msg("15 minutes"),
    "30": msg("30 minutes"),
    "60": msg("1 hour"),
    "morning": msg("Since this morning"),
}
WAITING: Mapping[str, str] = {
    "0": msg("Nobody"),
    "1-5": msg("1 to 5"),
    "6-20": msg("6 to 20"),
    "20+": msg("More than 20"),
}
STEPS: Mapping[str, str] = {
    "sent": msg("Sent"),
    "received": msg("Received"),
    "handling": msg("Being handled"),
    "done": msg("Done"),
}
HELP: Mapping[str, tuple[tuple[str, str], ...]] = {  # as the report window has them: a picture, and what to do
    "printer": (
        ("paper", msg("Check paper, toner and the cover")),
        ("cable", msg("Unplug the printer's cable and plug it in again")),
        ("power", msg("Switch the printer off for 10 seconds")),
    ),
    "network": (
        ("cable", msg("Check the network cable and its light")),
        ("two_computers", msg("Ask whether the next computer has a line")),
        ("power", msg("Restart the Wi-Fi box if you may")),
    ),
    "computer": (
        ("save", msg("Save your work")),
        ("close_windows", msg("Close what you do not need")),
        ("again", msg("Restart the computer")),
    ),
    "signature": (
        ("usb", msg("Unplug the token and plug it in again")),
        ("ports", msg("Try another USB port")),
        ("again", msg("Start the signing program again")),
    ),
    "scanner": (
        ("cable", msg("Check power and cable")),
        ("power", msg("Switch the scanner off for 10 seconds")),
        ("again", msg("Start the scanning program again")),
    ),
}
PHOTO_TROUBLES: Mapping[str, str] = {  # why a photograph was not kept, after the word that the report was
    "large": msg("it is over 6 MB. Take one of lower resolution and send it below."),
    "type": msg("it is no whole JPEG or PNG. Choose another one and send it below."),
    "busy": msg("too many files are coming in just now. Send it below in a minute."),
    "cut": msg("the line broke while it was sent. Send it below when the line is better."),
    "other": msg("this report has another photograph already, and that one stays."),
    "none": msg("none was chosen. Choose one below."),
}
STOCK: Mapping[str, str] = {
    "toner": msg("Toner, spare cartridges"),
    "land_blank": msg("Blank land certificates"),
    "civil_blank": msg("Blank civil-status forms"),
    "paper": msg("Reams of paper"),
}
DAYS: Mapping[str, str] = {
    "office": msg("working day"),
    "rest": msg("no working day"),
    "holiday": msg("holiday"),
    "make_up_day": msg("make-up day"),
}
SOURCES: Mapping[str, str] = {
    "direct": msg("on these pages"),
    "agent": msg("in a computer’s report window"),
    "link": msg("by phone, without an account"),
    "relay": msg("by phone, over the relay"),
}
