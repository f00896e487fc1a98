"""A system that gives no more threads costs a check one turn, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.agent.checks.test_watching import PAGE, World, policy


def test_a_check_for_which_no_thread_was_to_be_had_is_run_in_its_next_turn() -> None:
    world = World(policy=policy(PAGE))
    usual, refusals = world.spawn, [RuntimeError("can't start new thread")]

    def spawn(work: Callable[[], None], name: str) -> None:
        if refusals:
            raise refusals.pop()
        usual(work, name)

    world.spawn = spawn  # type: ignore[method-assign,assignment]
    watch = world.watch()
    with pytest.raises(RuntimeError):
        world.run(watch, 400)
    world.run(watch, 700)

    assert [name for name, _ in world.asked] == ["dvc", "dvc"]
