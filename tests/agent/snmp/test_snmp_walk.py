"""Scalars and columns are asked for within bounds, and around what a device refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from machxa_agent.snmp.answers import Oid, Rows
from machxa_agent.snmp.walk import Complaint, Kind, Reply, Unanswered, Walker

COLUMN: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
OTHER: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 3)


@dataclass
class Table:
    """Answer from a dictionary in memory, and note what was asked."""

    objects: dict[Oid, int]
    speaks_v1: bool = False
    knows_bulk: bool = True
    refused: frozenset[Oid] = frozenset()
    most_names: int = 100
    complaints: set[Complaint] = field(default_factory=set)
    asked: list[Kind] = field(default_factory=list)

    def exchange(self, kind: Kind, names: Sequence[Oid], repetitions: int = 0) -> Reply:
        self.asked.append(kind)
        if kind is Kind.BULK and not self.knows_bulk:
            raise Unanswered
        if len(names) > self.most_names:
            return Reply(1, 0, ())
        for place, name in enumerate(names, 1):
            if name[: len(COLUMN)] in self.refused:
                return Reply(5, place, ())
        if kind is Kind.GET:
            return Reply(0, 0, tuple((name, self.objects.get(name)) for name in names))
        pairs: list[tuple[Oid, int | None]] = []
        cursors = list(names)
        for _ in range(repetitions if kind is Kind.BULK else 1):
            following = [min((one for one in self.objects if one > name), default=None) for name in cursors]
            pairs += [(new or old, self.objects[new] if new else None) for old, new in zip(cursors, following)]
            cursors = [new or old for old, new in zip(cursors, following)]
        return Reply(0, 0, tuple(pairs))


def _rows(table: Table, *columns: Oid, most: int = 1000) -> dict[Oid, Rows]:
    read: dict[Oid, Rows] = {}
    Walker(table).columns(columns, read, most)
    return read


def test_columns_with_different_gaps_are_read_whole() -> None:
    table = Table({(*COLUMN, 1): 1, (*COLUMN, 400000001): 2, (*OTHER, 7): 3})

    assert _rows(table, COLUMN, OTHER) == {COLUMN: {(1,): 1, (400000001,): 2}, OTHER: {(7,): 3}}


def test_without_getbulk_getnext_is_used_from_then_on() -> None:
    table = Table({(*COLUMN, 1): 1, (*COLUMN, 2): 2}, knows_bulk=False)

    assert _rows(table, COLUMN) == {COLUMN: {(1,): 1, (2,): 2}}
    assert table.asked == [Kind.BULK, Kind.NEXT, Kind.NEXT, Kind.NEXT]


def test_a_column_that_is_refused_leaves_the_others() -> None:
    table = Table({(*COLUMN, 1): 1, (*OTHER, 1): 3}, refused=frozenset({COLUMN}))

    assert _rows(table, COLUMN, OTHER) == {COLUMN: {}, OTHER: {(1,): 3}}


def test_no_more_rows_are_read_than_are_wanted() -> None:
    table = Table({(*COLUMN, row): row for row in range(1, 100)})

    assert len(_rows(table, COLUMN, most=24)[COLUMN]) == 24
    assert table.complaints == set()


def test_a_request_too_big_for_a_device_is_halved() -> None:
    names = [(*COLUMN, row) for row in range(1, 20)]
    table = Table(dict.fromkeys(names, 7), most_names=5)

    assert Walker(table).get(names) == dict.fromkeys(names, 7)


def test_in_version_1_scalars_are_read_around_those_that_are_missing() -> None:
    table = Table({(*COLUMN, 0): 1, (*OTHER, 3): 3}, speaks_v1=True)

    found = Walker(table).get([(*COLUMN, 0), (*COLUMN, 1), (*OTHER, 2), (*OTHER, 3)])

    assert found == {(*COLUMN, 0): 1, (*OTHER, 3): 3}
    assert set(table.asked) == {Kind.NEXT}
