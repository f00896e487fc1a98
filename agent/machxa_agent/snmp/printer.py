"""Tell how a printer is: state, errors, alerts, what stands on its display, what it has printed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from machxa_agent.snmp import brother, mib
from machxa_agent.snmp.answers import Answers
from machxa_agent.snmp.matching import Match
from machxa_agent.snmp.supplies import Supply, Tray, supplies, trays
from machxa_agent.snmp.text import charset, decoded

_ERRORS = (  # hrPrinterDetectedErrorState, most significant bit first
    "lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested",
    "inputTrayMissing", "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull", "inputTrayEmpty",
    "overduePreventMaint",
)  # fmt: skip
_STATES = {1: "other", 2: "unknown", 3: "idle", 4: "printing", 5: "warmup"}  # hrPrinterStatus
_DEVICE_STATES = {1: "unknown", 2: "running", 3: "warning", 4: "testing", 5: "down"}  # hrDeviceStatus
_SEVERITIES = {1: "other", 3: "critical", 4: "warning", 5: "warning"}  # prtAlertSeverityLevel
_UNITS = {
    3: "tenThousandthsOfInches", 4: "micrometers", 5: "characters", 6: "lines", 7: "impressions", 8: "sheets",
    9: "dotRow", 11: "hours", 16: "feet", 17: "meters",
}  # fmt: skip
_PAGES = (7, 8)  # impressions and sheets
_MOST_ALERTS = 20
_CONSOLE_LINES = 8


@dataclass(frozen=True)
class Alert:
    """Hold one row of prtAlertTable."""

    severity: Optional[str]
    code: Optional[int]
    text: Optional[str]


@dataclass(frozen=True)
class Counter:
    """Hold what has been printed, in the device's unit; the unit is None where it did not say."""

    value: int
    unit: Optional[str]
    is_pages: bool


@dataclass(frozen=True)
class Printer:
    """Hold a printer's state; errors is None where the device has no such object, empty where there are none."""

    state: Optional[str]
    device_state: Optional[str]
    errors: Optional[Tuple[str, ...]]
    alerts: Tuple[Alert, ...]
    console: Tuple[str, ...]
    counter: Optional[Counter]
    supplies: Tuple[Supply, ...]
    trays: Tuple[Tray, ...]


def device_charset(answers: Answers) -> Optional[str]:
    """Return the character set of the device's strings (prtLocalizationCharacterSet of the current localization)."""
    sets = answers.numbers(mib.PRT_CHARSET)
    current = answers.number(mib.PRT_CONSOLE_LOCALIZATION) or answers.number(mib.PRT_LOCALIZATION) or 1
    return charset(next((value for index, value in sets.items() if index[-1:] == (current,)), None)) or charset(
        next(iter(sets.values()), None)
    )


def printer(answers: Answers, model: Optional[str], found: Tuple[Match, ...] = ()) -> Printer:
    """Return how the printer is; ``found`` are the families it belongs to."""
    standard = supplies(answers)
    return Printer(
        state=_word(answers, mib.HR_PRINTER_STATUS, _STATES),
        device_state=_word(answers, mib.HR_DEVICE_STATUS, _DEVICE_STATES),
        errors=detected_errors(
            next((v for v in answers.rows(mib.HR_PRINTER_ERRORS).values() if isinstance(v, bytes)), None)
        ),
        alerts=_alerts(answers),
        console=_console(answers),
        counter=_counter(answers) or _makers_counter(answers, found),
        supplies=standard + brother.supplies(answers, model, standard),
        trays=trays(answers),
    )


def detected_errors(raw: Optional[bytes]) -> Optional[Tuple[str, ...]]:
    """Return the words of hrPrinterDetectedErrorState: one or two bytes, Epson answers none; RFC 2790."""
    if raw is None:
        return None
    bits = int.from_bytes(raw[:2].ljust(2, b"\x00"), "big")
    return tuple(word for place, word in enumerate(_ERRORS) if bits & (0x8000 >> place))


def _word(answers: Answers, column: str, words: dict[int, str]) -> Optional[str]:
    return next((words[value] for value in answers.numbers(column).values() if value in words), None)


def _alerts(answers: Answers) -> Tuple[Alert, ...]:
    severities, codes = answers.numbers(mib.PRT_ALERT_SEVERITY), answers.numbers(mib.PRT_ALERT_CODE)
    texts = answers.texts(mib.PRT_ALERT_DESCR)
    everything = sorted({*severities, *codes, *texts})[:_MOST_ALERTS]
    return tuple(Alert(_SEVERITIES.get(severities.get(one, 0)), codes.get(one), texts.get(one)) for one in everything)


def _console(answers: Answers) -> Tuple[str, ...]:
    said = answers.texts(mib.PRT_CONSOLE_TEXT)
    lines = [said[index] for index in sorted(said)][:_CONSOLE_LINES]
    private = answers.octets(brother.CONSOLE)
    if not lines and private:
        lines = [decoded(private.replace(b"\r", b" "), answers.charset)]
    return tuple(line for line in lines if line)


def _makers_counter(answers: Answers, found: Tuple[Match, ...]) -> Optional[Counter]:
    """Return the maker's own counter of all pages."""
    for source in (one for match in found for one in match.family.pages):
        value = answers.scalars.get(source.at or ())
        if isinstance(value, int) and value >= 0:
            return Counter(value, "impressions", is_pages=True)
    return None


def _counter(answers: Answers) -> Optional[Counter]:
    """Return prtMarkerLifeCount of the first marker; plotters and label printers count feet, metres or labels."""
    units = answers.numbers(mib.PRT_MARKER_UNIT)
    for index, value in sorted(answers.numbers(mib.PRT_MARKER_LIFE).items()):
        if value >= 0:
            unit = units.get(index)
            return Counter(value, _UNITS.get(unit or 0), is_pages=unit is None or unit in _PAGES)
    private = brother.pages(answers)
    return None if private is None else Counter(private, "impressions", is_pages=True)
