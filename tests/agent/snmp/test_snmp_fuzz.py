"""Whatever a device answers, interpreting it raises nothing and invents no number."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machxa_agent.snmp import ask, brother, health, mib, neighbours, power
from machxa_agent.snmp.answers import ENTERPRISES, Answers, Value, oid
from machxa_agent.snmp.device import device
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.report import body
from machxa_agent.snmp.supplies import Level

PROFILES = load_profiles()
SCALARS = sorted(
    {
        oid(value)
        for value in vars(mib).values()
        if isinstance(value, str) and value.startswith("1.") and value.endswith(".0")
    }
    | {oid(one) for one in (*brother.SCALARS, *power.SCALARS, *health.SCALARS, mib.PPM_DEVICE_ID)}
    | {source.at for family in PROFILES.families for source in family.sources() if source.at and not source.is_column}
)
COLUMNS = sorted(
    {
        oid(value)
        for value in vars(mib).values()
        if isinstance(value, str) and value.startswith("1.") and not value.endswith(".0")
    }
    | {oid(one) for one in (*health.MAKERS_COLUMNS, *health.SENSOR_COLUMNS, *health.POE_COLUMNS, *health.DISK_COLUMNS)}
    | {oid(one) for one in (*neighbours.LLDP_COLUMNS, *neighbours.ARP_COLUMNS, power.LOAD_COLUMN)}
    | {source.at for family in PROFILES.families for source in family.sources() if source.at and source.is_column}
)
NUMBERS = st.one_of(st.sampled_from([-3, -2, -1, 0, 1, 100]), st.integers(-(2**31), 2**64 - 1))
VALUES: st.SearchStrategy[Value] = st.one_of(
    NUMBERS,
    st.binary(max_size=40),
    st.text(max_size=20).map(str.encode),
    st.lists(st.integers(0, 2**32 - 1), max_size=8).map(tuple),
)
INDEXES = st.lists(st.integers(0, 300), max_size=6).map(tuple)
OBJECT_IDS = st.one_of(
    VALUES, st.sampled_from(sorted(PROFILES.vendors)).map(lambda number: (*ENTERPRISES, number, 1)),
    st.sampled_from([one for family in PROFILES.families for one in family.objects]),
)  # fmt: skip
TREES = st.frozensets(
    st.sampled_from([*mib.TREES, *((*ENTERPRISES, number) for number in PROFILES.vendors)]), max_size=6
)
ANSWERS = st.builds(
    lambda scalars, object_id, columns, trees: Answers({**scalars, mib.SYS_OBJECT_ID_OID: object_id}, columns, trees),
    st.dictionaries(st.sampled_from(SCALARS), VALUES, max_size=25),
    OBJECT_IDS,
    st.dictionaries(st.sampled_from(COLUMNS), st.dictionaries(INDEXES, VALUES, max_size=5), max_size=25),
    TREES,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS)
def test_interpreting_raises_nothing_and_shares_stay_between_0_and_1(answers: Answers) -> None:
    told = device(answers, PROFILES)

    json.dumps(body(told), allow_nan=False)
    supplies = told.printer.supplies if told.printer else ()
    trays = told.printer.trays if told.printer else ()
    shares = [one.share for one in supplies] + [one.share for one in trays]
    assert all((one.ratio is None) != (one.word is Level.MEASURED) for one in shares)
    ratios = [one.ratio for one in shares] + [told.health.cpu_ratio, told.health.memory_ratio]
    ratios += [told.power.charge_ratio] if told.power else []
    assert all(0 <= ratio <= 1 for ratio in ratios if ratio is not None)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS)
def test_every_number_told_of_a_printer_stands_in_its_answers(answers: Answers) -> None:
    told = device(answers, PROFILES)

    answered = {one for rows in answers.columns.values() for one in rows.values()}
    counter = told.printer.counter if told.printer else None
    private = brother.pages(answers)
    assert counter is None or counter.value in answered or counter.value == private
    for one in told.interfaces:
        assert {one.in_octets_total, one.out_octets_total, one.in_errors_total} <= answered | {None}


@given(ANSWERS)
def test_what_was_not_answered_is_unknown(answers: Answers) -> None:
    told = device(Answers(trees=answers.trees), PROFILES)

    assert (told.identity.model, told.identity.serial, told.identity.firmware) == (None, None, None)
    assert told.identity.uptime_seconds is None
    assert told.interfaces == ()
    assert told.health.cpu_ratio is None


def test_the_fuzz_covers_what_is_asked() -> None:
    assert len(SCALARS) > 200
    assert set(map(oid, ask.SUPPLY_COLUMNS)) <= set(COLUMNS)
