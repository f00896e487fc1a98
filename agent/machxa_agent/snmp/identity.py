"""Tell what a device is: kind, vendor, model, serial, firmware, name, uptime. Pure; unknown is None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import ENTERPRISES, Answers
from machxa_agent.snmp.matching import Match, enterprise, matches, says_nothing
from machxa_agent.snmp.odd import ODD
from machxa_agent.snmp.places import described, object_id, places_of
from machxa_agent.snmp.profiles import DeviceKind, Profiles, Source
from machxa_agent.snmp.text import known

_MODEL_LIKE = re.compile(r"^(?=.*\d)[\w./+-]+(?: [\w./+()-]+){0,5}$")
_NO_MODEL = re.compile(
    r"(?i)\b(?:inc|version|print server|printing system|print i/f|freebsd|linux|snmp|agent|card|series firewall|"
    r"copyright|router os|edgeos|unknown|software|firmware|v?\d+\.\d+\.\d+[\w.]*)\b"
)
_LINUX = re.compile(r"^Linux \S+ (\d+\.\d+\S*)")
_GENERIC = re.compile(r"(?i)^(?:generic|unknown|network printer|printer|chassis|unit ?\d*|switch|stack)\b")
_SYSTEMS = {"Linux ": "Linux", "FreeBSD ": "FreeBSD", "Darwin ": "Apple", "SunOS ": "Sun", "OpenBSD ": "OpenBSD"}
_WRAP_SECONDS = 42_949_672  # 2 ** 32 hundredths
_MOST_SERIAL = 64
_MOST_MODEL = 80


@dataclass(frozen=True)
class Identity:
    """Hold what a device is; None means that it did not say."""

    kind: Optional[DeviceKind]
    vendor: Optional[str]
    model: Optional[str]
    serial: Optional[str]
    firmware: Optional[str]
    sys_name: Optional[str]
    uptime_seconds: Optional[int]


def matched(answers: Answers, profiles: Profiles) -> Tuple[Match, ...]:
    """Return the families of the device, best first."""
    return matches(profiles, described(answers), object_id(answers), answers.trees)


def identity(answers: Answers, profiles: Profiles) -> Identity:
    """Return what the device is."""
    found = matched(answers, profiles)
    places = places_of(answers)
    texts = _corpus(answers, found, places)
    kind = _kind(answers, profiles, found, texts)
    return Identity(
        kind=kind,
        vendor=_vendor(answers, profiles, found, texts),
        model=_model(answers, found, places, kind, _shape(answers, profiles, "model")),
        serial=_serial(answers, found, places) or _shape(answers, profiles, "serial"),
        firmware=_firmware(answers, found, places, profiles),
        sys_name=known(answers.text(mib.SYS_NAME)),
        uptime_seconds=uptime_seconds(answers),
    )


def uptime_seconds(answers: Answers) -> Optional[int]:
    """Return for how long the device runs.

    It is the longer of sysUpTime, which on computers is the SNMP agent's, and hrSystemUptime; or snmpEngineTime where
    they are missing or have wrapped, after 497 days.
    """
    ticks = [answers.number(mib.SYS_UP_TIME), answers.number(mib.HR_SYSTEM_UPTIME)]
    longest = max((one // 100 for one in ticks if one is not None and one >= 0), default=None)
    engine = answers.number(mib.SNMP_ENGINE_TIME)
    if engine is not None and engine >= 0 and (longest is None or engine > _WRAP_SECONDS):
        return engine
    return longest


def read(answers: Answers, source: Source, places: Dict[str, Optional[str]]) -> Optional[str]:
    """Return the fact that stands at a source, None where it is missing, blank or does not fit the pattern."""
    if source.named is not None:
        return _shaped(source, places.get(source.named))
    for raw in _raw(answers, source):
        text = ODD[source.call](raw) if source.call else answers.decoded(raw)
        fact = _shaped(source, text)
        if fact is not None:
            return fact
    return None


def _raw(answers: Answers, source: Source) -> Iterator[bytes]:
    at = source.at or ()
    if source.is_column:
        rows = answers.columns.get(at, {})
        values = [rows[index] for index in sorted(rows)]
    else:
        values = [answers.scalars[at]] if at in answers.scalars else []
        if source.is_below_object:
            whole = (object_id(answers) or ()) + at
            values = [answers.scalars[whole]] if whole in answers.scalars else []
    for value in values:
        if isinstance(value, bytes):
            yield value
        elif isinstance(value, int) and value > 0:
            yield str(value).encode()


def _shaped(source: Source, text: Optional[str]) -> Optional[str]:
    if text is not None and source.pattern is not None:
        match = source.pattern.search(text)
        text = match.group(1) if match else None
    return known(text)


def _vendor(answers: Answers, profiles: Profiles, found: Tuple[Match, ...], texts: List[str]) -> Optional[str]:
    said = _maker(profiles, described(answers)[:200]) or _maker(profiles, answers.text(mib.UPS_MAKER) or "")
    for match in found:
        if match.family.vendor is not None:
            return match.family.vendor
        if match.described is not None and said is not None:
            return said
    owner = profiles.vendors.get(enterprise(object_id(answers)) or -1)
    if owner is not None and not says_nothing(object_id(answers)):
        return said or owner
    trees = [profiles.vendors.get(tree[-1]) for tree in sorted(answers.trees) if tree[:-1] == ENTERPRISES]
    others = [maker for maker in (_maker(profiles, text) for text in texts) if maker]
    system = next((maker for word, maker in _SYSTEMS.items() if described(answers).startswith(word)), None)
    if system is None and enterprise(object_id(answers)) is not None:
        system = "Linux"  # net-snmp, and nothing that says on what
    return said or next(iter(others), None) or next((tree for tree in trees if tree), None) or system


def _maker(profiles: Profiles, text: str) -> Optional[str]:
    return next((vendor for pattern, vendor in profiles.makers if pattern.search(text)), None)


def _kind(answers: Answers, profiles: Profiles, found: Tuple[Match, ...], texts: List[str]) -> Optional[DeviceKind]:
    return next((kind for kind in _kinds(answers, profiles, found, texts) if kind is not None), None)


def _kinds(
    answers: Answers, profiles: Profiles, found: Tuple[Match, ...], texts: List[str]
) -> Iterator[Optional[DeviceKind]]:
    """Yield what the device may be, most certain first: by family, MIB, maker, words, and at last by what it does."""
    is_nameless = says_nothing(object_id(answers))
    yield from (match.family.kind for match in found)
    if mib.PRINTER in answers.trees:
        yield DeviceKind.PRINTER
    if not is_nameless:
        yield profiles.kinds.get(enterprise(object_id(answers)) or -1)
    if mib.UPS in answers.trees:
        yield DeviceKind.UPS
    yield from (kind for text in texts for pattern, kind in profiles.words if pattern.search(text))
    yield from (profiles.kinds.get(tree[-1]) for tree in sorted(answers.trees) if tree[:-1] == ENTERPRISES)
    if mib.DOT11 in answers.trees:
        yield DeviceKind.AP
    if is_nameless:
        if mib.BRIDGE in answers.trees:  # net-snmp has no bridge of its own: a maker built it in
            yield DeviceKind.SWITCH
        is_computer = mib.HOST in answers.trees or described(answers).startswith(tuple(_SYSTEMS))
        yield DeviceKind.SERVER if is_computer and described(answers) else None
    elif mib.BRIDGE in answers.trees:
        yield DeviceKind.SWITCH
    elif answers.rows(mib.IF_OPER_STATUS):
        yield DeviceKind.ROUTER


def _corpus(answers: Answers, found: Tuple[Match, ...], places: Dict[str, Optional[str]]) -> List[str]:
    """Return the texts whose words say what a device is and who made it, most telling first."""
    texts = [described(answers)[:200], places["entity_descr"], places["entity_model"], places["device_descr"]]
    for match in found:
        texts += [read(answers, Source(one.at, one.is_column), places) for one in match.family.sources() if one.at]
    return [text for text in texts if text]


def _model(
    answers: Answers,
    found: Tuple[Match, ...],
    places: Dict[str, Optional[str]],
    kind: Optional[DeviceKind],
    shape: Optional[str],
) -> Optional[str]:
    candidates: List[Optional[str]] = []
    for match in found:
        candidates.append(known(match.group("model")))
        candidates += [read(answers, source, places) for source in match.family.model]
    if kind is DeviceKind.PRINTER:
        candidates += [places["device_descr"], places["ieee1284_model"], places["printer_name"]]
    elif kind is DeviceKind.UPS:
        candidates += [places["ups_model"]]
    else:
        candidates += [places["entity_model"]]
    candidates.append(shape)
    whole = described(answers)
    if kind is not DeviceKind.SERVER and _MODEL_LIKE.match(whole) and not _NO_MODEL.search(whole):
        candidates.append(whole)
    if kind is not DeviceKind.UPS:
        candidates.append(places["entity_descr"])
    return next((one for one in candidates if one and len(one) <= _MOST_MODEL and not _GENERIC.match(one)), None)


def _serial(answers: Answers, found: Tuple[Match, ...], places: Dict[str, Optional[str]]) -> Optional[str]:
    candidates: List[Optional[str]] = []
    for match in found:
        candidates += [read(answers, source, places) for source in match.family.serial]
        candidates.append(known(match.group("serial")))
    candidates += [places["printer_serial"], places["entity_serial"]]
    return next((one for one in candidates if one and len(one) <= _MOST_SERIAL), None)


def _shape(answers: Answers, profiles: Profiles, fact: str) -> Optional[str]:
    """Return a fact that stands in sysDescr in a shape that many makers use."""
    found = (pattern.search(described(answers)) for pattern in profiles.shapes if fact in pattern.groupindex)
    return next((known(match.group(fact)) for match in found if match), None)


def _firmware(
    answers: Answers, found: Tuple[Match, ...], places: Dict[str, Optional[str]], profiles: Profiles
) -> Optional[str]:
    candidates: List[Optional[str]] = []
    for match in found:
        candidates.append(known(match.group("firmware")))
        candidates += [read(answers, source, places) for source in match.family.firmware]
    linux = _LINUX.match(described(answers))
    candidates += [places["entity_software"], places["entity_firmware"], _shape(answers, profiles, "firmware"),
                   places["rmon_software"], places["ups_software"], places["ups_agent"]]  # fmt: skip
    if not any(match.family.vendor for match in found):
        candidates.append(linux.group(1) if linux else None)
    return next((one for one in candidates if one), None)
