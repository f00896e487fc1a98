"""Choose what to ask a device, from what it has answered so far: columns by name, never the whole tree."""

from __future__ import annotations

from typing import Iterable, List, Set, Tuple

from machxa_agent.snmp import brother, health, mib, neighbours, power
from machxa_agent.snmp.answers import ENTERPRISES, Answers, Oid, oid
from machxa_agent.snmp.identity import matched
from machxa_agent.snmp.matching import Match, says_nothing
from machxa_agent.snmp.places import object_id
from machxa_agent.snmp.profiles import Profiles
from machxa_agent.snmp.walk import Silent, Walker

_SYSTEM = (mib.SYS_DESCR, mib.SYS_UP_TIME, mib.SYS_NAME, mib.HR_SYSTEM_UPTIME, mib.SNMP_ENGINE_TIME)
_MOST_MAKERS = 12  # private trees of one device
_FEW = 24  # rows of a column that holds one fact for each unit
_ENTITIES = 300
MOST_PORTS = 2000
_PRINTER_SCALARS = (mib.PRT_LOCALIZATION, mib.PRT_CONSOLE_LOCALIZATION, mib.PPM_DEVICE_ID)
SUPPLY_COLUMNS = (
    mib.PRT_SUPPLIES_DESCR, mib.PRT_SUPPLIES_LEVEL, mib.PRT_SUPPLIES_MAX, mib.PRT_SUPPLIES_TYPE,
    mib.PRT_SUPPLIES_CLASS, mib.PRT_SUPPLIES_UNIT, mib.PRT_SUPPLIES_COLORANT, mib.PRT_COLORANT_VALUE,
)  # fmt: skip
_PRINTER_COLUMNS = (
    mib.PRT_MARKER_LIFE, mib.PRT_MARKER_UNIT, mib.PRT_CHARSET, mib.PRT_INPUT_LEVEL, mib.PRT_INPUT_MAX,
    mib.PRT_INPUT_NAME, mib.PRT_INPUT_DESCR, mib.PRT_CONSOLE_TEXT, mib.PRT_SERIAL, mib.PRT_NAME,
)  # fmt: skip
_ALERT_COLUMNS = (mib.PRT_ALERT_SEVERITY, mib.PRT_ALERT_CODE, mib.PRT_ALERT_DESCR)
_DEVICE_COLUMNS = (
    mib.HR_DEVICE_TYPE,
    mib.HR_DEVICE_DESCR,
    mib.HR_DEVICE_STATUS,
    mib.HR_PRINTER_STATUS,
    mib.HR_PRINTER_ERRORS,
)
_ENTITY_COLUMNS = (
    mib.ENT_CLASS,
    mib.ENT_MODEL,
    mib.ENT_SERIAL,
    mib.ENT_DESCR,
    mib.ENT_SOFTWARE,
    mib.ENT_FIRMWARE,
    mib.ENT_NAME,
)
_PORT_COLUMNS = (mib.IF_DESCR, mib.IF_OPER_STATUS, mib.IF_SPEED, mib.IF_TYPE, mib.IF_NAME, mib.IF_HIGH_SPEED)
_WIDE_COLUMNS = (mib.IF_HC_IN_OCTETS, mib.IF_HC_OUT_OCTETS)
_NARROW_COLUMNS = (mib.IF_IN_OCTETS, mib.IF_OUT_OCTETS)
_ERROR_COLUMNS = (mib.IF_IN_ERRORS, mib.IF_OUT_ERRORS, mib.IF_ADMIN_STATUS)
_UPS_SCALARS = (mib.UPS_MAKER, mib.UPS_MODEL, mib.UPS_SOFTWARE, mib.UPS_AGENT, mib.UPS_NAME)


def ask(walker: Walker, profiles: Profiles) -> Answers:
    """Return what the device answers; what it has no time for or stops at half-way is missing.

    Raises Silent where it answers nothing at all.
    """
    answers = Answers()
    _get(walker, answers, _SYSTEM, mib.SYS_OBJECT_ID_OID)
    try:
        _ask_rest(walker, answers, profiles)
    except Silent:
        if not answers.scalars and not answers.columns and not answers.trees:
            raise
    return answers


def _ask_rest(walker: Walker, answers: Answers, profiles: Profiles) -> None:
    """Ask in order of worth: what it is, what it is for, its ports, then the rest."""
    answers.trees = frozenset(_trees(walker, answers))
    found = matched(answers, profiles)
    scalars, columns = _sources(answers, found)
    has = answers.trees.__contains__
    _get(
        walker,
        answers,
        [*_PRINTER_SCALARS, *brother.SCALARS] if has(mib.PRINTER) or _is(found, "printer") else [],
        *scalars,
    )
    if has(mib.UPS) or _is(found, "ups"):
        _get(walker, answers, (*_UPS_SCALARS, *power.SCALARS))
        _columns(walker, answers, [power.LOAD_COLUMN], _FEW)
    if has(mib.RMON):
        _get(walker, answers, [mib.RMON_SOFTWARE])
    walker.columns(columns, answers.columns, _FEW)
    if has(mib.PRINTER):
        _columns(walker, answers, SUPPLY_COLUMNS)
        _columns(walker, answers, _PRINTER_COLUMNS)
    if has(mib.HOST) and (has(mib.PRINTER) or _is(found, "printer")):
        _columns(walker, answers, _DEVICE_COLUMNS)
    if has(mib.ENTITY):
        _columns(walker, answers, _ENTITY_COLUMNS, _ENTITIES)
    _ports(walker, answers)
    if has(mib.PRINTER):
        _columns(walker, answers, _ALERT_COLUMNS, _FEW)
        _columns(walker, answers, [mib.IF_MAC], _FEW)
        return
    _rest(walker, answers)


def _ports(walker: Walker, answers: Answers) -> None:
    columns = _PORT_COLUMNS if mib.IFX in answers.trees else _PORT_COLUMNS[:4]
    _columns(walker, answers, columns, MOST_PORTS)


def _rest(walker: Walker, answers: Answers) -> None:
    has = answers.trees.__contains__
    if has(mib.IFX):
        _columns(walker, answers, _WIDE_COLUMNS, MOST_PORTS)
    if not answers.rows(mib.IF_HC_IN_OCTETS):
        _columns(walker, answers, _NARROW_COLUMNS, MOST_PORTS)
    makers = {tree for tree in answers.trees if tree[: len(ENTERPRISES)] == ENTERPRISES} | {_maker(answers)}
    _get(walker, answers, _below(health.SCALARS, makers))
    _columns(walker, answers, _below(health.MAKERS_COLUMNS, makers), _ENTITIES)
    _columns(walker, answers, _below(health.DISK_COLUMNS, makers), _FEW)
    for tree, columns in ((mib.HOST, health.HOST_COLUMNS), (mib.SENSORS, health.SENSOR_COLUMNS),
                          (mib.POE, health.POE_COLUMNS), (mib.LLDP, neighbours.LLDP_COLUMNS)):  # fmt: skip
        if has(tree):
            _columns(walker, answers, columns, _ENTITIES)
    _columns(walker, answers, _ERROR_COLUMNS, MOST_PORTS)
    _columns(walker, answers, neighbours.ARP_COLUMNS, neighbours.MOST_NEIGHBOURS)
    _columns(walker, answers, [mib.IF_MAC], _ENTITIES)


def _trees(walker: Walker, answers: Answers) -> Set[Oid]:
    """Return which standard subtrees the device has, and, where sysObjectID says nothing, which makers' subtrees."""
    following = walker.next(mib.TREES)
    found = {tree for tree, (name, _) in following.items() if name[: len(tree)] == tree}
    if not says_nothing(object_id(answers)) and answers.text(mib.SYS_DESCR):
        return found
    start = ENTERPRISES
    for _ in range(_MOST_MAKERS):
        name, _value = walker.next([start]).get(start, ((), None))
        if name[: len(ENTERPRISES)] != ENTERPRISES or len(name) <= len(ENTERPRISES):
            break
        maker = name[: len(ENTERPRISES) + 1]
        found.add(maker)
        start = (*ENTERPRISES, maker[-1] + 1)
    return found


def _sources(answers: Answers, found: Tuple[Match, ...]) -> Tuple[List[Oid], List[Oid]]:
    """Return the scalars and the columns where the facts of the matching families may stand."""
    scalars: List[Oid] = []
    columns: List[Oid] = []
    for source in (one for match in found for one in match.family.sources()):
        if source.at is None:
            continue
        if source.is_below_object:
            scalars.append((object_id(answers) or ENTERPRISES) + source.at)
        else:
            (columns if source.is_column else scalars).append(source.at)
    return scalars, list(dict.fromkeys(columns))


def _is(found: Tuple[Match, ...], kind: str) -> bool:
    return any(match.family.kind is not None and match.family.kind.value == kind for match in found)


def _maker(answers: Answers) -> Oid:
    return (object_id(answers) or ENTERPRISES)[: len(ENTERPRISES) + 1]


def _below(names: Iterable[str], makers: Set[Oid]) -> List[str]:
    return [name for name in names if oid(name)[: len(ENTERPRISES) + 1] in makers]


def _get(walker: Walker, answers: Answers, names: Iterable[str], *also: Oid) -> None:
    answers.scalars.update(walker.get([*(oid(name) for name in names), *also]))


def _columns(walker: Walker, answers: Answers, columns: Iterable[str], most: int = 1000) -> None:
    walker.columns([oid(column) for column in columns], answers.columns, most)
