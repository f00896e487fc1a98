from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.audit import (
    FIRST,
    START,
    Broken,
    Entry,
    Result,
    Root,
    Written,
    canonical,
    plain,
    read_root,
    verify,
    written,
)

NOON = 1_728_043_200_000
ENTRY = Entry(
    at=NOON,
    actor="lan@86",
    action="settings.change",
    origin="192.0.2.7",
    subject="settings/0",
    detail={"sample_seconds": 30, "batch_seconds": 300},
)
DIGEST = "57118462a4bde68666c2447f0b26bb882d3a2ce563adae109ddf845df46fb7b3"


def chain(count: int, before: Root = START) -> list[Written]:
    """Return a chain of entries behind a root."""
    entries: list[Written] = []
    digest = before.digest
    for seq in range(before.seq + 1, before.seq + 1 + count):
        entries.append(written(replace(ENTRY, at=NOON + seq), seq, digest))
        digest = entries[-1].digest
    return entries


def head(entries: list[Written]) -> Root:
    return Root(entries[-1].seq, entries[-1].digest)


def test_an_entry_has_the_same_bytes_for_ever() -> None:
    one = written(ENTRY, 1, FIRST)

    assert canonical(one) == (
        b'[1,1,1728043200000,"lan@86","192.0.2.7","settings.change","settings/0","done",'
        b'"{\\"batch_seconds\\":300,\\"sample_seconds\\":30}"]'
    )
    assert one.digest.hex() == DIGEST


def test_a_whole_chain_verifies_and_meets_its_roots() -> None:
    entries = chain(20)

    assert verify(entries, START, head(entries), [Root(7, entries[6].digest)]) is None
    assert verify([], START, START) is None


@pytest.mark.parametrize(
    "field",
    [{"at": 1}, {"actor": "x"}, {"origin": "x"}, {"action": "x"}, {"subject": "x"}, {"result": "x"}, {"detail": "{}"}],
    ids=str,
)
def test_any_changed_field_names_the_entry(field: dict[str, object]) -> None:
    entries = chain(9)
    entries[4] = replace(entries[4], **field)  # type: ignore[arg-type] # each is a field of the entry, of its own type

    found = verify(entries, START, head(entries))

    assert found == Broken(5, "was changed, or stands behind another entry than when it was written")


@given(st.integers(min_value=0, max_value=9))
def test_any_missing_entry_is_named(gone: int) -> None:
    entries = chain(10)
    newest = head(entries)
    del entries[gone]

    found = verify(entries, START, newest)

    assert found is not None
    assert found.seq == gone + 1
    assert "is missing" in found.reason


def test_two_entries_in_each_others_place_are_named() -> None:
    entries = chain(5)
    entries[1], entries[2] = replace(entries[2], seq=2), replace(entries[1], seq=3)

    found = verify(entries, START, head(entries))

    assert found is not None
    assert found.seq == 2


def test_a_chain_written_anew_is_met_by_a_root_that_was_noted_elsewhere() -> None:
    noted = head(chain(5))
    anew = [replace(one, actor="nobody") for one in chain(5)]
    rebuilt: list[Written] = []
    for one in anew:
        digest = rebuilt[-1].digest if rebuilt else FIRST
        rebuilt.append(written(replace(ENTRY, at=one.at, actor="nobody"), one.seq, digest))

    assert verify(rebuilt, START, head(rebuilt)) is None
    assert verify(rebuilt, START, head(rebuilt), [noted]) == Broken(
        5, "is not the one that was signed off: the chain was written anew"
    )


def test_a_tail_cut_off_together_with_the_head_is_met_by_a_noted_root() -> None:
    entries = chain(9)

    found = verify(entries[:5], START, head(entries[:5]), [head(entries)])

    assert found == Broken(6, "is missing: a root of entry 9 was signed off")


def test_verification_starts_from_the_root_of_removed_days() -> None:
    entries = chain(12)
    start = Root(8, entries[7].digest)

    assert verify(entries[8:], start, head(entries), [Root(3, b"x" * 32), start]) is None


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        ("two\r\nlines", "two\\r\\nlines"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("bell\x07\x9b", "bell\\x07\\x9b"),
        ("back\u202ewards", "back\\u202ewards"),
        ("lone \ud800", "lone \\ud800"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan"),
    ],
)
def test_a_hostile_text_stays_in_one_line_and_commands_no_terminal(hostile: str, told: str) -> None:
    entry = replace(ENTRY, actor=hostile, origin=hostile, subject=hostile, detail={"name": hostile})

    one = written(entry, 1, FIRST)

    assert plain(hostile) == told
    assert (one.actor, one.origin, one.subject) == (told, told, told)
    assert one.detail == '{"name":"' + told.replace("\\", "\\\\") + '"}'


def test_texts_are_bounded() -> None:
    entry = replace(ENTRY, actor="a" * 5000, detail={f"k{one}": "v" * 3000 for one in range(10)})

    one = written(entry, 1, FIRST)

    assert len(one.actor) == 200
    assert len(one.detail) < 4100


def test_a_refusal_is_told_as_one() -> None:
    assert written(replace(ENTRY, result=Result.REFUSED), 1, FIRST).result == "refused"


def test_a_root_is_read_as_it_is_printed() -> None:
    root = Root(17, bytes(range(32)))

    assert read_root(f"2026-11-24 {root}") == root
    with pytest.raises(ValueError, match="expected 64 hex digits"):
        read_root("17 abc")
    with pytest.raises(ValueError, match="not enough values"):
        read_root("17")
