"""Turn a printer's IPP attributes into the same values that its SNMP answers would have given. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Pattern, Sequence, Tuple

from machxa_agent.ipp.message import Answer, Value
from machxa_agent.ipp.supplies import supplies, trays
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.health import Health
from machxa_agent.snmp.identity import Identity
from machxa_agent.snmp.odd import ieee1284, ieee1284_serial
from machxa_agent.snmp.printer import Alert, Counter, Printer
from machxa_agent.snmp.profiles import DeviceKind
from machxa_agent.snmp.text import decoded, known

Makers = Sequence[Tuple[Pattern[str], str]]
_STATES = {3: "idle", 4: "printing", 5: "stopped"}  # printer-state, RFC 8011 section 5.4.11
_ERRORS = {  # printer-state-reasons (RFC 8011 section 5.4.12, PWG 5100.9) by the words of hrPrinterDetectedErrorState
    "media-low": "lowPaper", "media-empty": "noPaper", "media-needed": "noPaper", "media-jam": "jammed",
    "toner-low": "lowToner", "marker-supply-low": "lowToner", "toner-empty": "noToner",
    "marker-supply-empty": "noToner", "marker-supply-missing": "markerSupplyMissing", "door-open": "doorOpen",
    "cover-open": "doorOpen", "interlock-open": "doorOpen", "input-tray-missing": "inputTrayMissing",
    "output-tray-missing": "outputTrayMissing", "output-area-almost-full": "outputNearFull",
    "output-area-full": "outputFull", "shutdown": "offline",
}  # fmt: skip
_SUFFIX = re.compile(r"-(report|warning|error)$")
_MAIN_FIRMWARE = re.compile(r"(?i)firmware|system|main|controller")
_MODEL = re.compile(r"^\w.*\d")
_PAIR = re.compile(r"(\w+)=([^;]*)")
_MOST_ALERTS = 20
_MOST_UPTIME = 2**31 - 1
_NOTHING = Health(None, None, (), None, None, (), ())


@dataclass(frozen=True)
class Told:
    """Hold a printer as SNMP's values, its UUID without ``urn:uuid:``, and its printer-state-reasons but ``none``."""

    device: Device
    uuid: Optional[str]
    reasons: Tuple[str, ...]


def told(answer: Answer, makers: Makers = ()) -> Told:
    """Return what a printer says; makers are patterns of makers' names and how the name is written.

    An answer that refuses the request tells nothing, whatever attributes it carries: they are the request's.
    """
    attributes = answer.attributes if answer.is_success else {}
    identity = _identity(attributes, makers)
    reasons = tuple(one for one in texts(attributes, "printer-state-reasons") if one != "none")
    device = Device(identity, _printer(attributes, reasons), None, _NOTHING, (), (), ())
    uuid = text(attributes, "printer-uuid")
    return Told(device, uuid[len("urn:uuid:") :] if uuid and uuid.startswith("urn:uuid:") else None, reasons)


def texts(attributes: Mapping[str, Tuple[Value, ...]], name: str) -> Tuple[str, ...]:
    """Return an attribute's texts, an empty one for each blank, so that places stay."""
    return tuple(decoded(one) for one in attributes.get(name, ()) if isinstance(one, bytes))


def text(attributes: Mapping[str, Tuple[Value, ...]], name: str) -> Optional[str]:
    """Return an attribute's first text; None where it is missing or says that there is none."""
    return next((found for found in map(known, texts(attributes, name)) if found), None)


def number(attributes: Mapping[str, Tuple[Value, ...]], name: str) -> Optional[int]:
    """Return an attribute's first number."""
    return next((one for one in attributes.get(name, ()) if isinstance(one, int)), None)


def _identity(attributes: Mapping[str, Tuple[Value, ...]], makers: Makers) -> Identity:
    raw = next((one for one in attributes.get("printer-device-id", ()) if isinstance(one, bytes)), b"")
    fields = ieee1284(decoded(raw))
    whole = text(attributes, "printer-make-and-model")
    said = known(fields.get("MFG") or fields.get("MANUFACTURER"))
    vendor = next((maker for maker in (_maker(makers, one) for one in (said, whole)) if maker), None) or said
    model = known(fields.get("MDL") or fields.get("MODEL"))
    uptime = number(attributes, "printer-up-time")
    return Identity(
        kind=DeviceKind.PRINTER if attributes else None,
        vendor=vendor,
        # Pantum M7300FDW calls itself "-Printer" in its device ID
        model=model if model and _MODEL.match(model) else _without(whole, said, vendor) or model,
        serial=known(ieee1284_serial(raw)) or text(attributes, "printer-serial-number"),
        firmware=_firmware(attributes),
        sys_name=text(attributes, "printer-name"),
        uptime_seconds=uptime if uptime is not None and 0 < uptime < _MOST_UPTIME else None,
    )


def _maker(makers: Makers, said: Optional[str]) -> Optional[str]:
    return next((maker for pattern, maker in makers if said and pattern.search(said)), None)


def _without(whole: Optional[str], *makers: Optional[str]) -> Optional[str]:
    """Return make and model without the make."""
    for maker in makers:
        if whole and maker and whole.lower().startswith(maker.lower() + " "):
            return known(whole[len(maker) + 1 :])
    return whole


def _firmware(attributes: Mapping[str, Tuple[Value, ...]]) -> Optional[str]:
    """Return the version of the firmware proper: Xerox lists its interpreters' versions before it."""
    names = texts(attributes, "printer-firmware-name")
    versions = texts(attributes, "printer-firmware-string-version") or texts(attributes, "printer-firmware-version")
    if len(names) == len(versions):
        main = next((version for name, version in zip(names, versions) if _MAIN_FIRMWARE.search(name)), None)
        if known(main):
            return known(main)
    return next((found for found in map(known, versions) if found), None)


def _printer(attributes: Mapping[str, Tuple[Value, ...]], reasons: Tuple[str, ...]) -> Optional[Printer]:
    if not attributes:
        return None
    printed = number(attributes, "printer-impressions-completed")
    said = (*texts(attributes, "printer-state-message"), *texts(attributes, "printer-console-display"))
    return Printer(
        state=_STATES.get(number(attributes, "printer-state") or 0),
        device_state=None,
        errors=_errors(reasons) if "printer-state-reasons" in attributes else None,
        alerts=_alerts(attributes),
        console=tuple(line for line in said if line)[:8],
        counter=Counter(printed, "impressions", is_pages=True) if printed is not None and printed >= 0 else None,
        supplies=supplies(attributes),
        trays=trays(attributes),
    )


def _errors(reasons: Tuple[str, ...]) -> Tuple[str, ...]:
    """Return the reasons in SNMP's words where it has one; what a printer only reports is no error."""
    errors: Dict[str, None] = {}
    for reason in reasons:
        match = _SUFFIX.search(reason)
        if match is None or match.group(1) != "report":
            bare = _SUFFIX.sub("", reason)
            errors[_ERRORS.get(bare, bare)] = None
    return tuple(errors)


def _alerts(attributes: Mapping[str, Tuple[Value, ...]]) -> Tuple[Alert, ...]:
    coded = [dict(_PAIR.findall(one)) for one in texts(attributes, "printer-alert")]
    described = texts(attributes, "printer-alert-description")
    if len(coded) != len(described):  # which belongs to which is not said
        coded = [{} for _ in described] if described else coded
        described = described or ("",) * len(coded)
    found = [Alert(one.get("severity"), None, known(said) or one.get("code")) for one, said in zip(coded, described)]
    return tuple(dict.fromkeys(one for one in found if one.text))[:_MOST_ALERTS]
