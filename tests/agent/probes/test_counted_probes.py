"""Processor, memory, swap, uptime and the agent's own cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent import portable
from machxa_agent.probes import agent, cpu, memory, swap, uptime
from machxa_wire.records import Sample, Series


def _cpu(mode: str, value: int, divisor: int = 100) -> Sample:
    return Sample(Series("system.cpu.time", (("cpu.mode", mode),), 1, divisor), value)


def _memory(state: str, kib: int | None) -> Sample:
    return Sample(Series("system.memory.usage", (("system.memory.state", state),), 1024), kib)


def _paging(state: str, kib: int) -> Sample:
    return Sample(Series("system.paging.usage", (("system.paging.state", state),), 1024), kib)


def _moved(direction: str, pages: int) -> Sample:
    labels = (("system.paging.direction", direction), ("system.paging.fault.type", "major"))
    return Sample(Series("system.paging.operations", labels), pages)


def test_cpu_time_is_the_kernels_ticks_with_both_kinds_of_interrupt_together(desktop: Path) -> None:
    samples = cpu.from_proc_stat((desktop / "proc/stat").read_bytes(), 100)

    assert samples == (
        _cpu("user", 184522),
        _cpu("nice", 1207),
        _cpu("system", 52310),
        _cpu("idle", 9023417),
        _cpu("iowait", 8123),
        _cpu("interrupt", 1904),
        _cpu("steal", 0),
    )


def test_a_mode_that_an_old_kernel_does_not_count_has_no_sample() -> None:
    samples = cpu.from_proc_stat(b"cpu  10 20 30 40\ncpu0 10 20 30 40\n", 100)

    assert samples == (_cpu("user", 10), _cpu("nice", 20), _cpu("system", 30), _cpu("idle", 40))


def test_a_file_that_is_no_proc_stat_is_an_error_that_shows_it() -> None:
    with pytest.raises(ValueError, match="begins with b'intr 9"):
        cpu.from_proc_stat(b"intr 9\n", 100)


def test_windows_cpu_time_is_milliseconds_and_counts_interrupts_once() -> None:
    samples = cpu.from_times(portable.CpuTimes(user=1520.453125, system=811.015625, idle=90211.0))

    assert samples == (_cpu("user", 1520453, 1000), _cpu("system", 811016, 1000), _cpu("idle", 90211000, 1000))


def test_memory_states_add_up_to_the_limit(desktop: Path) -> None:
    samples = memory.from_meminfo((desktop / "proc/meminfo").read_bytes())

    assert samples == (
        _memory("used", 1896904),
        _memory("free", 412004),
        _memory("cached", 1500132),
        _memory("buffers", 98220),
        Sample(Series("system.linux.memory.available", (), 1024), 1730412),
        Sample(Series("system.memory.limit", (), 1024), 3907260),
    )


def test_memory_used_is_unknown_when_the_kernels_figures_leave_less_than_nothing() -> None:
    samples = memory.from_meminfo(b"MemTotal: 100 kB\nMemFree: 60 kB\nCached: 50 kB\n")

    assert samples[0] == _memory("used", None)


def test_available_memory_has_no_sample_on_a_kernel_that_does_not_estimate_it() -> None:
    samples = memory.from_meminfo(b"MemTotal: 100 kB\nMemFree: 60 kB\nCached: 10 kB\n")

    assert "system.linux.memory.available" not in {sample.series.name for sample in samples}


def test_windows_memory_is_used_and_available_to_programs() -> None:
    samples = memory.from_memory(portable.Memory(total=4_195_282_944, available=1_203_617_792))

    assert samples == (
        _memory("used", 2921548),
        _memory("free", 1175408),
        Sample(Series("system.memory.limit", (), 1024), 4096956),
    )


def test_swap_shows_what_is_used_and_what_has_moved(desktop: Path) -> None:
    samples = swap.linux(str(desktop / "proc"))()

    assert samples == (_paging("used", 220928), _paging("free", 1876220), _moved("in", 1204), _moved("out", 58871))


def test_no_swap_is_measured_as_zero_and_a_kernel_without_swap_counts_no_moves() -> None:
    samples = swap.from_proc(b"SwapTotal: 0 kB\nSwapFree: 0 kB\n", b"nr_free_pages 1\nswap_ra 0\n")

    assert samples == (_paging("used", 0), _paging("free", 0))


def test_windows_swap_is_the_page_file() -> None:
    samples = swap.from_swap(portable.Swap(used=512 * 1024, free=1536 * 1024))

    assert samples == (_paging("used", 512), _paging("free", 1536))


def test_uptime_keeps_the_kernels_hundredths(desktop: Path) -> None:
    assert uptime.linux(str(desktop / "proc"))() == (Sample(Series("system.uptime", (), 1, 100), 9271208),)


def test_windows_uptime_is_whole_seconds_since_its_start() -> None:
    assert uptime.from_boot_time(1763941200.0, 1763941260.9) == (Sample(Series("system.uptime"), 60),)


def test_the_agents_own_cost_is_cpu_milliseconds_and_resident_pages() -> None:
    assert agent.from_usage(0.1234, 0.0506, 3310, 4096) == (
        Sample(Series("process.cpu.time", (("cpu.mode", "user"),), 1, 1000), 123),
        Sample(Series("process.cpu.time", (("cpu.mode", "system"),), 1, 1000), 51),
        Sample(Series("process.memory.usage", (), 4096), 3310),
    )
