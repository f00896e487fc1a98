"""psutil itself, asked on whatever system runs the tests: that its fields are where portable looks for them."""

from __future__ import annotations

from machxa_agent import portable
from machxa_agent.probes import cpu, disk, filesystem, memory, network, swap


def test_psutil_answers_in_our_values_and_the_probes_take_them() -> None:
    samples = (
        *cpu.from_times(portable.cpu_times()),
        *memory.from_memory(portable.memory()),
        *swap.from_swap(portable.swap()),
        *disk.from_counters(portable.disk_counters()),
        *network.from_interfaces(portable.interfaces()),
        *filesystem.elsewhere()(),
    )

    assert {"system.cpu.time", "system.memory.usage", "system.paging.usage"} <= {one.series.name for one in samples}
    assert all(isinstance(sample.value, int) or sample.series.name.startswith("hw.network") for sample in samples)


def test_psutil_tells_of_this_process_and_its_computer() -> None:
    used = portable.this_process()

    assert used.resident_bytes > 0
    assert portable.boot_time() > 0
    assert all(name for name, _ in portable.addresses())


def test_a_drive_that_comes_and_goes_is_not_fixed() -> None:
    assert portable._is_fixed("rw,fixed")
    assert portable._is_fixed("rw,relatime")
    assert not portable._is_fixed("ro,cdrom")
    assert not portable._is_fixed("rw,removable")
    assert not portable._is_fixed("rw,remote")
