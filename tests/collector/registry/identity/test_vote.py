from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.registry.identity import Alive, Decision, Known, Mark, MarkKind, Reason, alive, vote

K = MarkKind
PC = frozenset(
    {
        Mark(K.UUID, "U1"),
        Mark(K.BOARD, "B1"),
        Mark(K.SERIAL, "S1"),
        Mark(K.MAC, "N1"),
        Mark(K.DISK, "D1"),
        Mark(K.MEMORY, "M1"),
        Mark(K.MACHINE, "I1"),
    }
)
BLANK = frozenset({Mark(K.MAC, "N1"), Mark(K.DISK, "D1"), Mark(K.MACHINE, "I1")})  # a board that says nothing
NOBODY = Known(asset="draft", current=frozenset())
RECORD = Known(asset="kept", current=PC)


def but(marks: frozenset[Mark], **values: str | None) -> frozenset[Mark]:
    """Return marks with other values, or (None) without; names are kinds."""
    kinds = {MarkKind[name.upper()]: value for name, value in values.items()}
    kept = {one for one in marks if one.kind not in kinds}
    return frozenset(kept | {Mark(kind, value) for kind, value in kinds.items() if value is not None})


@pytest.mark.parametrize(
    ("arriving", "record", "expected"),
    [
        pytest.param(but(PC, machine="I2"), RECORD, (Decision.SAME, Reason.RECOGNIZED), id="installed anew"),
        pytest.param(but(PC, machine="I2", disk="D2"), RECORD, (Decision.SAME, Reason.RECOGNIZED), id="new disk"),
        pytest.param(but(PC, machine="I2", mac="N2"), RECORD, (Decision.SAME, Reason.RECOGNIZED), id="new adapter"),
        pytest.param(
            but(BLANK, machine="I2"),
            Known(asset="kept", current=BLANK),
            (Decision.SAME, Reason.RECOGNIZED),
            id="blank serials: adapter and disk do",
        ),
        pytest.param(
            but(BLANK, machine="I2", disk="D2"),
            Known(asset="kept", current=BLANK),
            (Decision.CONFLICT, Reason.WEAK),
            id="blank serials and a new disk: an adapter alone does not",
        ),
        pytest.param(
            but(PC, uuid="U2", board="B2", serial="S2", mac="N2", memory="M2"),
            RECORD,
            (Decision.CONFLICT, Reason.DISK_MOVED),
            id="a silent record's disk in a new computer",
        ),
        pytest.param(
            but(PC, uuid="U2", board="B2", serial="S2", mac="N2", memory="M2", disk="D2"),
            replace(RECORD, alive=Alive.YES),
            (Decision.CLONE, Reason.COPIED),
            id="an installation on two boards that both speak",
        ),
        pytest.param(
            but(PC, uuid="U2", board="B2", serial="S2", mac="N2", memory="M2", disk="D2"),
            RECORD,
            (Decision.NEW, Reason.NOT_ENOUGH),
            id="an old installation restored on a new computer",
        ),
        pytest.param(
            but(PC, machine="I2"),
            replace(RECORD, alive=Alive.YES),
            (Decision.CONFLICT, Reason.BOTH_ALIVE),
            id="one board, two agents that speak",
        ),
        pytest.param(
            but(PC, machine="I2"),
            replace(RECORD, alive=Alive.PERHAPS),
            (Decision.CONFLICT, Reason.PERHAPS_ALIVE),
            id="one board, the first agent not yet known to be gone",
        ),
        pytest.param(
            but(PC, machine="I2", serial="S2"), RECORD, (Decision.CONFLICT, Reason.BOARD_DISAGREES), id="two serials"
        ),
        pytest.param(
            but(PC, machine="I2", board="B2", serial="S2", mac="N2", disk="D2", memory="M2"),
            RECORD,
            (Decision.NEW, Reason.NOT_ENOUGH),
            id="a UUID that a batch shares",
        ),
        pytest.param(
            but(PC, machine="I2"),
            Known(asset="kept", current=but(PC, uuid="U9", board="B9"), former=PC),
            (Decision.CONFLICT, Reason.FORMER_PART),
            id="a board the record had before",
        ),
        pytest.param(
            frozenset({Mark(K.SERIAL, "S1")}),
            Known(asset="kept", current=frozenset({Mark(K.SERIAL, "S1")}), is_paper=True),
            (Decision.SAME, Reason.PAPER),
            id="a record from the books, by its serial",
        ),
        pytest.param(
            frozenset({Mark(K.DONGLE, "W1")}),
            Known(asset="kept", current=frozenset({Mark(K.DONGLE, "W1")})),
            (Decision.NEW, Reason.NOT_ENOUGH),
            id="a dock in common says nothing",
        ),
    ],
)
def test_a_new_agent_is_recognized_or_kept_apart(
    arriving: frozenset[Mark], record: Known, expected: tuple[Decision, Reason]
) -> None:
    verdict = vote(arriving, NOBODY, [record], is_fresh=True)

    assert (verdict.decision, verdict.reason) == expected
    assert verdict.asset == (None if verdict.decision is Decision.NEW else "kept")
    assert verdict.is_own


OWN = Known(asset="own", current=PC)
NEIGHBOUR = Known(
    asset="other",
    current=but(PC, uuid="U2", board="B2", serial="S2", mac="N2", memory="M2", disk="D2", machine="I2"),
)


@pytest.mark.parametrize(
    ("arriving", "others", "expected"),
    [
        pytest.param(PC, [], (Decision.SAME, Reason.CONTINUES), id="as before"),
        pytest.param(but(PC, disk="D2"), [], (Decision.SAME, Reason.CONTINUES), id="copied to a new disk"),
        pytest.param(but(PC, mac="N2"), [], (Decision.SAME, Reason.CONTINUES), id="a new adapter"),
        pytest.param(but(PC, uuid="U2"), [], (Decision.SAME, Reason.CONTINUES), id="firmware written anew"),
        pytest.param(
            but(PC, uuid="U2", board="B2", mac="N2"),
            [],
            (Decision.SAME, Reason.BOARD_REPLACED),
            id="a new board, serial kept",
        ),
        pytest.param(
            but(PC, uuid="U2", board="B2", mac="N2", serial=None),
            [],
            (Decision.SAME, Reason.BOARD_REPLACED),
            id="a new board without serial, memory kept",
        ),
        pytest.param(
            but(PC, uuid="U2", board="B2", mac="N2", serial=None, memory=None),
            [],
            (Decision.CONFLICT, Reason.BOARD_IN_DOUBT),
            id="another board, and only what goes with a disk agrees",
        ),
        pytest.param(
            but(NEIGHBOUR.current, disk="D1", machine="I1"),
            [NEIGHBOUR],
            (Decision.CONFLICT, Reason.STANDS_IN_ANOTHER),
            id="the disk goes on in a known computer",
        ),
        pytest.param(
            but(NEIGHBOUR.current, machine="I1"),
            [NEIGHBOUR],
            (Decision.CLONE, Reason.COPIED),
            id="an image with its agent on a known computer",
        ),
        pytest.param(
            but(NEIGHBOUR.current, machine="I1"), [], (Decision.CLONE, Reason.COPIED), id="on a computer never seen"
        ),
    ],
)
def test_an_agent_stays_with_its_record_or_is_doubted(
    arriving: frozenset[Mark], others: list[Known], expected: tuple[Decision, Reason]
) -> None:
    verdict = vote(arriving, OWN, others, is_fresh=False)

    assert (verdict.decision, verdict.reason, verdict.asset) == (*expected, "own")
    assert verdict.is_own == (expected[0] is Decision.SAME)


def test_the_recorded_board_speaking_again_proves_a_doubtful_one_to_be_a_copy() -> None:
    arriving = but(PC, uuid="U2", board="B2", mac="N2", serial=None, memory=None)

    verdict = vote(arriving, OWN, [], is_fresh=False, seen_since_doubt=True)

    assert (verdict.decision, verdict.is_own) == (Decision.CLONE, False)


def test_two_records_that_fit_are_asked_about_unless_they_fit_each_other() -> None:
    one = replace(RECORD, asset="first", life=((0, 10),))
    other = replace(RECORD, asset="second", life=((20, 30),))
    stranger = Known(asset="second", current=frozenset({Mark(K.MAC, "N1"), Mark(K.DISK, "D1")}))

    assert vote(PC, NOBODY, [one, other], is_fresh=True).decision is Decision.SAME
    assert vote(PC, NOBODY, [one, replace(other, life=((5, 30),))], is_fresh=True).reason is Reason.AMBIGUOUS
    assert vote(PC, NOBODY, [one, stranger], is_fresh=True).decision is Decision.SAME
    assert vote(PC, NOBODY, [one, replace(stranger, life=((5, 6),))], is_fresh=True).reason is Reason.AMBIGUOUS


def test_what_three_devices_have_at_once_counts_nothing() -> None:
    batch = [
        Known(asset=f"a{n}", current=frozenset({Mark(K.UUID, "U1"), Mark(K.MAC, f"N{n}")}), alive=Alive.YES)
        for n in range(2)
    ]

    verdict = vote({Mark(K.UUID, "U1"), Mark(K.MAC, "N7")}, NOBODY, batch, is_fresh=True)

    assert (verdict.decision, verdict.reason) == (Decision.NEW, Reason.NOT_ENOUGH)


def test_a_verdict_says_what_agreed_what_did_not_and_what_was_absent() -> None:
    verdict = vote(but(PC, disk="D2", memory=None), NOBODY, [RECORD], is_fresh=True)

    assert {one.kind.value: one.agreement.value for one in verdict.evidence} == {
        "uuid": "agrees",
        "board": "agrees",
        "serial": "agrees",
        "mac": "agrees",
        "disk": "disagrees",
        "memory": "absent",
        "machine": "agrees",
    }
    assert verdict.confidence == 1.0


@pytest.mark.parametrize(
    ("last_seen", "is_on", "now", "expected"),
    [
        pytest.param(None, True, 100, Alive.NO, id="never heard"),
        pytest.param(50, False, 100, Alive.YES, id="heard when the other was enrolled, or later"),
        pytest.param(49, False, 100, Alive.NO, id="heard until then"),
        pytest.param(49, True, 59, Alive.PERHAPS, id="the broker has not told yet"),
        pytest.param(49, True, 60, Alive.NO, id="silent for long enough"),
    ],
)
def test_two_agents_lived_at_once_only_if_the_first_was_heard_after_the_second_came(
    *, last_seen: int | None, is_on: bool, now: int, expected: Alive
) -> None:
    assert alive(last_seen, 50, now, 10, is_on=is_on) is expected
