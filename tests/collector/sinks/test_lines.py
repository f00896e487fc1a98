"""Readings as lines: every value once, in its metric's own unit; nothing that a device calls itself breaks a line."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.sinks.lines import lines
from machxa_collector.store.chunk import Chunk
from machxa_wire.records import Series

TAGS = {"agent": "a-1", "unit": "29410", "role": "pc"}
PLAIN = re.compile(r"machxa(?:,(?:[^,= \\]|\\.)+=(?:[^,= \\]|\\.)+)+ (\S+) (\d+)")


def test_one_line_holds_all_values_of_one_time_and_one_set_of_labels() -> None:
    used = Series("system.memory.usage", (), 4096)
    ticks = Series("system.cpu.time", (("cpu.mode", "user"),), 1, 100)
    chunk = Chunk((1_700_000_000_750, 1_700_000_060_000), (0, 0), {(used, ""): (2, None), (ticks, ""): (150, 175)})

    assert list(lines(chunk, TAGS)) == [
        "machxa,agent=a-1,role=pc,unit=29410 system_memory_usage=8192.0 1700000000",
        "machxa,agent=a-1,cpu_mode=user,role=pc,unit=29410 system_cpu_time=1.5 1700000000",
        "machxa,agent=a-1,cpu_mode=user,role=pc,unit=29410 system_cpu_time=1.75 1700000060",
    ]


def test_what_was_not_measured_is_no_line_and_no_tag_is_empty() -> None:
    chunk = Chunk((1_700_000_000_000,), (0,), {(Series("system.uptime"), ""): (None,)})
    measured = Chunk((1_700_000_000_000,), (0,), {(Series("system.uptime"), ""): (0,)})

    assert list(lines(chunk, TAGS)) == []
    assert list(lines(measured, {"agent": "a", "unit": ""})) == ["machxa,agent=a system_uptime=0.0 1700000000"]


def test_a_label_does_not_pass_for_the_agent_it_came_from() -> None:
    chunk = Chunk((1_700_000_000_000,), (0,), {(Series("system.uptime", (("agent", "another"),)), ""): (1,)})

    assert list(lines(chunk, {"agent": "a"})) == ["machxa,agent=a system_uptime=1.0 1700000000"]


@given(value=st.text(max_size=40))
def test_whatever_a_label_holds_a_line_stays_one_line_with_its_own_fields(value: str) -> None:
    chunk = Chunk((1_700_000_000_000,), (0,), {(Series("system.uptime", (("device", value),)), ""): (5,)})

    (line,) = lines(chunk, TAGS)

    told = PLAIN.fullmatch(line)
    assert told is not None
    assert told.groups() == ("system_uptime=5.0", "1700000000")
