"""Checks of a running agent, on a clock of the test's own: when they run, what is told and kept, what harms nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from machxa_agent.checks.start import Checks
from machxa_agent.checks.verdict import Stop, Tried
from machxa_agent.checks.watch import Around, Watch
from machxa_agent.sayable import sayable
from machxa_wire.catalogue import Check
from machxa_wire.policy import NO_POLICY, Policy
from machxa_wire.records import Scalar, Stamp

PAGE = Check("dvc", "portal", "http", "dvc.test", 443, tls="verify", on="all")
TSA = Check("tsa", "signature", "tsp", "tsa.test", 80, every_seconds=3600)
CLEAR = Check("old", "old", "http", "old.test", 80)
ANCHOR = Check("anchor", "anchor", "anchor", "anchor.test", 80, status=204, on="all")
WELL = Tried(
    "http", seconds={"dns": 0.01, "connect": 0.02, "first_byte": 0.25, "total": 0.3}, status=200, traffic_bytes=2000
)
DOWN = Tried("tcp", Stop.TIMEOUT, {"dns": 0.01, "total": 10.0}, traffic_bytes=400)


def policy(*checks: Check, version: int = 1) -> Policy:
    hosts = tuple(one.host for one in checks)
    return Policy(version, hosts, tuple(one.id for one in checks), catalogue=checks)


@dataclass
class World:
    """Hold a clock, what checks come to, and what was told; work that is spawned runs at once, or waits."""

    now: float = 1000.0
    answers: dict[str, Tried] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)
    told: list[tuple[str, Mapping[str, Scalar], int]] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    is_slow: bool = False
    policy: Policy = NO_POLICY
    ahead: float | None = None

    def watch(self, role: str = "gateway") -> Watch:
        around = Around(
            "a" * 32, lambda: role, lambda: Stamp("b", 0, int(self.now * 1000)),
            lambda name, attributes, stamp: self.told.append((name, attributes, stamp.mono // 1000)),
            lambda: self.ahead, lambda: "2026-11-29", lambda: self.now, self.spawn,
        )  # fmt: skip
        return Watch(lambda: self.policy, self.ask, around)

    def spawn(self, work: Callable[[], None], _name: str) -> None:
        if self.is_slow:
            self.waiting.append(work)
        else:
            work()

    def ask(self, check: Check, _hosts: tuple[str, ...]) -> Tried:
        self.asked.append((check.id, self.now))
        return self.answers.get(check.id, WELL)

    def run(self, watch: Watch, seconds: float, step: float = 1.0) -> None:
        end = self.now + seconds
        while self.now < end:
            watch.look()
            self.now += step

    def states(self) -> list[tuple[Scalar, Scalar, Scalar, Scalar]]:
        return [
            (one["check"], one["state"], one["reason"], one["was"])
            for name, one, _ in self.told
            if name == "check.state"
        ]


def test_a_gateway_runs_all_and_a_pc_what_is_for_all_half_as_often() -> None:
    for role, expected in (("gateway", {"dvc": 12, "tsa": 1, "old": 12}), ("pc", {"dvc": 6})):
        world = World(policy=policy(PAGE, TSA, CLEAR))

        world.run(world.watch(role), 3600)

        names = [name for name, _ in world.asked]
        assert {name: names.count(name) for name in set(names)} == expected


def test_what_the_policy_does_not_let_run_is_not_run() -> None:
    world = World(policy=Policy(1, ("dvc.test",), (), catalogue=(PAGE,)))

    world.run(world.watch(), 700)

    assert world.asked == []


def test_a_failure_is_tried_again_within_a_minute_and_told_as_of_the_first() -> None:
    world = World(policy=policy(PAGE), answers={"dvc": DOWN})

    world.run(world.watch(), 900)

    first, second, third = (at for _, at in world.asked[:3])
    assert 10 <= second - first <= 36
    assert 250 < third - second <= 300
    assert [(one["state"], one["reason"], one["phase"], one["was"], at) for _, one, at in world.told] == [
        ("down", "timeout", "tcp", None, int(first))
    ]


def test_each_run_gives_samples_once() -> None:
    world = World(policy=policy(PAGE), answers={"dvc": Tried("http", seconds={"total": 0.25}, days_left=9, status=200)})
    watch = world.watch()
    world.run(watch, 300)

    found = {(one.series.name, one.series.labels): one.value for one in watch.samples()}
    again = [one.series.name for one in watch.samples()]

    assert found == {
        ("machxa.check.duration", (("check", "dvc"), ("phase", "total"))): 250,
        ("machxa.check.success", (("check", "dvc"),)): 1,
        ("machxa.tls.days_left", (("check", "dvc"),)): 9,
        ("machxa.checks.bytes", ()): 0,
        ("machxa.checks.skipped", ()): 0,
    }
    assert again == ["machxa.checks.bytes", "machxa.checks.skipped"]


def test_what_is_measured_can_be_said() -> None:
    world = World(policy=policy(PAGE, CLEAR))
    watch = world.watch()
    world.run(watch, 300)
    found = watch.samples()

    assert sayable(found) == found


def test_a_login_page_of_the_network_is_told_from_a_fault_of_the_system() -> None:
    world = World(policy=policy(CLEAR, ANCHOR), answers={"anchor": Tried("http", status=204)})
    watch = world.watch()
    world.run(watch, 300)
    world.told.clear()

    world.answers = {"old": Tried("http", status=302, is_foreign=True), "anchor": Tried("http", status=200)}
    world.run(watch, 330)

    assert sorted(world.states()) == [
        ("anchor", "portal", "anchor_differs", "ok"),
        ("old", "portal", "redirect_foreign", "ok"),
    ]


def test_the_anchor_is_asked_between_the_two_tries_of_a_suspicion() -> None:
    world = World(
        policy=policy(CLEAR, replace(ANCHOR, every_seconds=3600)), answers={"anchor": Tried("http", status=204)}
    )
    watch = world.watch()
    world.run(watch, 3600)
    world.asked.clear()

    world.answers["old"] = Tried("http", status=302, is_foreign=True)
    world.run(watch, 330)

    assert [name for name, _ in world.asked][:3] == ["old", "anchor", "old"]


def test_a_fault_of_the_system_is_none_of_the_network_where_the_anchor_answers() -> None:
    world = World(policy=policy(CLEAR, ANCHOR), answers={"anchor": Tried("http", status=204)})
    world.answers["old"] = Tried("http", status=302, is_foreign=True)

    world.run(world.watch(), 330)

    assert ("old", "error", "redirect_foreign", None) in world.states()


def test_a_certificate_is_not_judged_by_a_wrong_clock() -> None:
    world = World(policy=policy(PAGE), answers={"dvc": Tried("tls", Stop.NOT_YET_VALID)}, ahead=-86400.0)
    watch = world.watch()

    world.run(watch, 300)

    assert world.states() == [("dvc", "unknown", "clock", None)]
    assert "machxa.check.success" not in [one.series.name for one in watch.samples()]


def test_two_run_at_once_and_the_next_when_one_is_back() -> None:
    world = World(policy=policy(PAGE, TSA, CLEAR), is_slow=True)
    watch = world.watch()
    world.now += 3600
    watch.look()
    world.now += 3600

    watch.look()
    assert len(world.waiting) == 2
    world.waiting.pop(0)()
    watch.look()
    assert len(world.waiting) == 2


def test_one_that_never_comes_back_is_told_and_holds_up_nobody() -> None:
    world = World(policy=policy(PAGE), is_slow=True)
    watch = world.watch()
    world.run(watch, 300)
    stuck = world.waiting.pop()

    world.run(watch, 1200)
    assert world.states() == [("dvc", "unknown", "stuck", None)]
    assert world.waiting == []
    stuck()
    world.is_slow = False
    world.run(watch, 301)
    assert world.states()[1:] == [("dvc", "ok", "", "unknown")]


def test_a_check_that_breaks_is_unknown_and_the_others_go_on() -> None:
    world = World(policy=policy(PAGE, CLEAR))

    def ask(check: Check, hosts: tuple[str, ...]) -> Tried:
        if check.id == "old":
            raise KeyError("boom")
        return World.ask(world, check, hosts)

    watch = world.watch()
    watch._ask = ask
    world.run(watch, 300)

    assert sorted(world.states()) == [("dvc", "ok", "", None), ("old", "unknown", "stuck", None)]


def test_another_policy_holds_at_once_and_keeps_what_did_not_change() -> None:
    world = World(policy=policy(PAGE, CLEAR))
    watch = world.watch()
    world.run(watch, 300)

    world.policy = policy(PAGE, TSA, version=2)
    world.run(watch, 3600)

    assert sorted(world.states()) == [("dvc", "ok", "", None), ("old", "ok", "", None), ("tsa", "ok", "", None)]
    assert max(at for name, at in world.asked if name == "old") < 1300


def test_dear_checks_stay_within_the_days_bytes_and_say_so() -> None:
    world = World(policy=policy(PAGE), answers={"dvc": Tried("http", status=200, traffic_bytes=200_000)})
    watch = world.watch()

    world.run(watch, 86_400, step=5.0)

    assert watch.spending.used_bytes <= 15_000_000
    assert len(world.asked) > 60
    limits = [one for name, one, _ in world.told if name == "machxa.limits"]
    assert [(one["limit"], one["part"], one["state"]) for one in limits] == [("bytes", "checks", "throttled")]


class Nobody:
    def stamp(self) -> Stamp:
        return Stamp("b", 0, 0)

    def event(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float) -> None:
        raise AssertionError(name, attributes, ago_seconds)


def test_without_checks_nothing_is_started() -> None:
    started: list[str] = []
    current = [NO_POLICY]
    checks = Checks(
        "a", lambda: "pc", lambda: current[0], Nobody(), lambda _: None, lambda _work, name: started.append(name)
    )

    assert (checks.probe.read(), checks.results(), started) == ((), {}, [])
    current[0] = policy(PAGE)
    assert (checks.probe.read(), checks.results(), started) == ((), {}, ["checks"])


def test_an_agent_that_comes_on_duty_runs_the_whole_catalogue_and_one_that_goes_off_it_less() -> None:
    role = ["pc"]
    world = World(policy=policy(PAGE, CLEAR))
    watch = world.watch()
    watch._around = watch._around._replace(role=lambda: role[0])
    world.run(watch, 600)
    role[0] = "gateway"
    world.run(watch, 600)
    role[0], off = "pc", world.now
    world.run(watch, 600)

    assert {name for name, at in world.asked if at < 1600} == {"dvc"}
    assert {name for name, at in world.asked if 1600 <= at < off} == {"dvc", "old"}
    assert {name for name, at in world.asked if at >= off} == {"dvc"}
    assert watch.spending.day_bytes == 1_000_000


@pytest.mark.parametrize(("answer", "words"), [(WELL, "ok, 0.30 s"), (DOWN, "down (tcp: timeout), 10.00 s")])
def test_the_last_results_are_told_in_words(answer: Tried, words: str) -> None:
    world = World(policy=policy(PAGE), answers={"dvc": answer})
    watch = world.watch()
    assert watch.results() == {}

    world.run(watch, 300)

    assert watch.results()["dvc"] == words
