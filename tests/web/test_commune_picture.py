"""A commune's day is laid out by layer, and its devices where they stand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from machxa_web.commune.choosing import Choice, chosen
from machxa_web.commune.grouping import placed
from machxa_web.commune.picture import picture
from machxa_web.commune.shapes import Counter, Day, Device, Incident, Row
from machxa_web.languages import VIET_NAM

DAY = date(2026, 11, 26)


def at(hour: int, minute: int = 0, day: int = 26) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIET_NAM)


def incident(cause: str, started: datetime, ended: datetime | None) -> Incident:
    return Incident(
        id="a" * 16,
        layer="WAN",
        state="down",
        subject="29374",
        subject_name=None,
        cause=cause,
        severity="P1",
        confidence=0.9,
        started_at=started,
        ended_at=ended,
        planned=False,
        reports=0,
    )


def day(*incidents: Incident) -> Day:
    hours = ((27_000, 41_400), (46_800, 61_200))
    return Day(day=DAY, kind="office", official=hours, extra=(), sources=(), incidents=incidents)


def test_bars_lie_between_six_and_eighteen_and_what_is_open_ends_now() -> None:
    drawn = picture(day(incident("line", at(9), at(12)), incident("power_or_line", at(15), None)), at(16, 3))

    assert [(row, [(bar.left, bar.width) for bar in bars]) for row, bars in drawn.rows] == [
        ("power", [(75.0, 8.33)]),
        ("line", [(25.0, 25.0)]),
    ]
    assert drawn.sessions == ((12.5, 33.33, False), (58.33, 33.34, False))
    assert (drawn.now, drawn.ticks[0], drawn.ticks[-1]) == (83.33, (0.0, "06"), (100.0, "18"))


def test_what_began_yesterday_widens_the_day_and_a_moment_is_still_seen() -> None:
    drawn = picture(day(incident("lan", at(22, day=25), at(1)), incident("device", at(8), at(8))), at(9))

    assert drawn.ticks[0] == (0.0, "00")
    assert [(row, [(bar.left, bar.width) for bar in bars]) for row, bars in drawn.rows] == [
        ("lan", [(0.0, 5.56)]),
        ("device", [(44.44, 0.6)]),
    ]


def test_the_line_of_now_stays_for_five_minutes_and_is_not_drawn_at_night() -> None:
    assert picture(day(), at(9, 1)) == picture(day(), at(9, 4))
    assert picture(day(), at(22)).now is None


def test_devices_stand_at_their_counters_then_in_rooms_and_last_where_nobody_said() -> None:
    def device(name: str, room: str | None) -> Device:
        return Device(
            id=name, code=f"TS-{name}", name=name, kind="computer", room=room, status="in_use", role=None,
            by_agent=True, state="on", since=None, last_seen=None, reasons=(),
        )  # fmt: skip

    counter = Counter(code="1", name="Hộ tịch", groups=("HT",), assets=("a", "TS-b"))

    spots = placed([counter], [device(name, room) for name, room in (("a", "Z"), ("b", None), ("c", None), ("d", "Y"))])

    assert [(spot.counter, spot.room, [one.id for one in spot.devices]) for spot in spots] == [
        (counter, "", ["a", "b"]),
        (None, "Y", ["d"]),
        (None, "", ["c"]),
    ]


def test_the_least_ready_come_first_and_those_silent_for_longest_where_asked() -> None:
    def row(code: str, serving: str, ratio: float | None, hours: int | None) -> Row:
        last = None if hours is None else at(10) - timedelta(hours=hours)
        return Row(
            code=code, name=code, old_names=(), serving=serving, ratio=ratio, most=ratio, agents=1, on=1, incidents=0,
            severity=None, last=last,
        )  # fmt: skip

    rows = [
        row("a", "well", 1.0, 0),
        row("b", "unseen", None, 5),
        row("c", "weak", 0.9, None),
        row("d", "partly", 0.4, 1),
    ]

    def order(**asked: str) -> str:
        return "".join(one.code for one in chosen(rows, Choice.of(asked)))

    assert (order(), order(sort="age"), order(sort="name"), order(serving="weak"), order(q="x"), order(sort="?")) == (
        "dbca", "cbda", "abcd", "c", "abcd", "dbca",
    )  # fmt: skip
