from __future__ import annotations

import threading

import pytest

from machxa_collector.importing.running import Busy, Running


def test_a_file_is_taken_in_once_at_a_time_and_few_wait() -> None:
    running = Running()

    assert running.claim("a", 10)
    assert not running.claim("a", 10)
    assert running.progress("a") == (0, 10)
    for number in range(7):
        running.claim(str(number), 1)
    with pytest.raises(Busy):
        running.claim("z", 1)


def test_files_are_written_one_after_the_other_and_let_go_also_after_a_defect() -> None:
    running, writing, most = Running(), [0], [0]
    ended = threading.Barrier(4)

    def work() -> None:
        writing[0] += 1
        most[0] = max(most[0], writing[0])
        writing[0] -= 1
        raise RuntimeError("of ours")

    def waiting(name: str) -> None:
        while running.progress(name) is not None:
            pass
        ended.wait(10)

    for name in "abc":
        running.claim(name, 1)
        threading.Thread(target=waiting, args=(name,), daemon=True).start()
    for name in "abc":
        running.start(name, work)

    ended.wait(10)
    assert most == [1]
    assert [running.progress(name) for name in "abc"] == [None, None, None]
