"""Read what stands in the standard places that profiles may name: system, chassis, printer, UPS. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, Oid
from machxa_agent.snmp.odd import ieee1284_model
from machxa_agent.snmp.text import decoded, known, lines


@dataclass(frozen=True)
class _Chassis:
    """Hold what ENTITY-MIB says of the whole box."""

    model: Optional[str] = None
    descr: Optional[str] = None
    serial: Optional[str] = None
    software: Optional[str] = None
    firmware: Optional[str] = None


def described(answers: Answers) -> str:
    """Return sysDescr with its lines, empty where it is missing."""
    return lines(answers.octets(mib.SYS_DESCR) or b"").strip("\"'")


def object_id(answers: Answers) -> Optional[Oid]:
    """Return sysObjectID, None where it is missing."""
    value = answers.scalars.get(mib.SYS_OBJECT_ID_OID)
    return value if isinstance(value, tuple) else None


def places_of(answers: Answers) -> Dict[str, Optional[str]]:
    """Return what stands in the standard places that profiles may name."""
    chassis = _chassis(answers)
    device_id = answers.octets(mib.PPM_DEVICE_ID) or b""
    return {
        "sys_descr": known(described(answers)),
        "device_descr": _without_numbers(_device_descr(answers)),
        "device_descr_whole": _device_descr(answers),
        "ieee1284_model": known(ieee1284_model(device_id)),
        "printer_name": _first(answers, mib.PRT_NAME),
        "printer_serial": _first(answers, mib.PRT_SERIAL),
        "entity_model": chassis.model,
        "entity_descr": chassis.descr,
        "entity_serial": chassis.serial,
        "entity_software": chassis.software,
        "entity_firmware": chassis.firmware,
        "ups_model": known(answers.text(mib.UPS_MODEL)),
        "ups_software": known(answers.text(mib.UPS_SOFTWARE)),
        "ups_agent": known(answers.text(mib.UPS_AGENT)),
        "rmon_software": known(answers.text(mib.RMON_SOFTWARE)),
    }


def _first(answers: Answers, column: str) -> Optional[str]:
    texts = answers.texts(column)
    return next((one for one in (known(texts[index]) for index in sorted(texts)) if one), None)


def _device_descr(answers: Answers) -> Optional[str]:
    """Return hrDeviceDescr of the printer, whole."""
    types = answers.rows(mib.HR_DEVICE_TYPE)
    texts = answers.texts(mib.HR_DEVICE_DESCR)
    if not types:
        return known(texts.get((1,)))
    return next((known(texts[index]) for index in sorted(texts) if types.get(index) == mib.HR_PRINTER_TYPE), None)


def _without_numbers(descr: Optional[str]) -> Optional[str]:
    """Return hrDeviceDescr up to the serial number and firmware that follow the model on Dell and Lexmark."""
    if descr is None:
        return None
    cut = re.match(r"((?:Dell|Lexmark) \S+(?: \S+)??) [A-Z0-9]{7,} \w+[\d.]", descr)
    return known((cut.group(1) if cut else descr).split(";")[0])


def _chassis(answers: Answers) -> _Chassis:
    """Return the box: the first chassis, else a stack, else the first entity that has a model or a serial number."""
    classes = answers.numbers(mib.ENT_CLASS)
    models, serials = answers.rows(mib.ENT_MODEL), answers.rows(mib.ENT_SERIAL)
    everything = sorted({*classes, *models, *serials, *answers.rows(mib.ENT_DESCR)})
    if not everything:
        return _Chassis()

    def text(column: str, index: Oid) -> Optional[str]:
        value = answers.rows(column).get(index)
        return known(decoded(value)) if isinstance(value, bytes) else None

    def rank(index: Oid) -> Tuple[int, int, Oid]:
        order = {mib.CLASS_CHASSIS: 0, mib.CLASS_STACK: 1}.get(classes.get(index, 0), 3 if classes else 2)
        said = [text(column, index) for column in (mib.ENT_MODEL, mib.ENT_SERIAL)]
        return order, sum(one is None for one in said), index

    ranked = sorted(everything, key=rank)
    boxes = [index for index in ranked if classes.get(index) in (mib.CLASS_CHASSIS, mib.CLASS_STACK)] or ranked[:1]

    def first(column: str, *also: Oid) -> Optional[str]:
        return next((found for found in (text(column, index) for index in (*boxes, *also)) if found), None)

    if not first(mib.ENT_MODEL) and not first(mib.ENT_SERIAL):  # a stack says it of its units (Edgecore)
        boxes += [index for index in ranked if classes.get(index, 0) in mib.CLASSES_OF_BOXES]
    modules = [index for index in everything if classes.get(index) == mib.CLASS_MODULE]
    return _Chassis(
        first(mib.ENT_MODEL), first(mib.ENT_DESCR), first(mib.ENT_SERIAL),
        first(mib.ENT_SOFTWARE, *modules), first(mib.ENT_FIRMWARE),
    )  # fmt: skip
