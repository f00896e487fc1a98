"""A unit in which nothing is wrong costs nothing to hear of, and nothing is found later or otherwise for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from machxa_collector.incidents.agenda import CALM_MS, Agenda
from machxa_collector.incidents.context import Context
from machxa_collector.incidents.site import SiteWatch
from machxa_wire.records import Place, Presence, Record, Samples, Series
from tests.collector.incidents.province import Town, fleet

TWO = ("VNPT", "Viettel")
SITES = tuple(f"{number:05}" for number in range(2))
SERIES = (
    Series("system.memory.limit"),
    Series("system.memory.usage", (("system.memory.state", "used"),)),
    Series("machxa.slow.time", (("machxa.slow.cause", "disk"),)),
    Series("machxa.check.success", (("check", "dossier"),)),
    Series("machxa.check.success", (("check", "civil"),)),
)

_agents = st.sampled_from([f"{site}-{number}" for site in SITES for number in (1, 2, 3)])
_act = st.one_of(
    st.tuples(st.just("reports"), st.integers(1, 15)),
    st.tuples(st.just("full"), _agents),
    st.tuples(st.just("empty"), _agents),
    st.tuples(st.just("waits"), _agents),
    st.tuples(st.sampled_from(["fails", "stops failing"]), st.sampled_from(SITES)),
    st.tuples(st.just("failing disk"), _agents),
    st.tuples(st.just("lost"), _agents),
    st.tuples(st.just("back"), _agents),
    st.tuples(st.just("bye"), _agents),
    st.tuples(st.sampled_from(["down", "up"]), st.sampled_from(SITES)),
    st.tuples(st.sampled_from(["ok", "hang"]), st.sampled_from(SITES)),
)
_plays = st.lists(_act, min_size=1, max_size=20)

_CHECKED = [(word, site) for word in ("ok", "civil") for site in SITES]
_STUTTER = [*_CHECKED, ("reports", 15), ("fails", SITES[0])]


class _Village(Town):
    """Has computers that report every minute, each as full and as slow as it was told to be."""

    def __init__(self) -> None:
        """Begin with all well."""
        super().__init__(fleet(TWO))
        self.full: set[str] = set()
        self.waits: set[str] = set()
        self.fails: set[str] = set()
        self.silent: set[str] = set()
        self.slow = dict.fromkeys(self.boots, 0)

    def play(self, act: str, what: str | int) -> None:
        """Do one thing and let a little time pass."""
        if isinstance(what, int):
            for _ in range(what * 2):
                self._report()
                self.wait(0.5, 10)
        else:
            self.acts[act](what)
        self.wait(0.5, 10)

    @property
    def acts(self) -> dict[str, Callable[[str], object]]:
        """Return what can be done, each to a site or an agent."""
        return {
            "up": lambda site: self.line(site, "up"),
            "down": lambda site: self.line(site, "down"),
            "ok": lambda site: self.check(site, "dossier", "ok"),
            "hang": lambda site: self.check(site, "dossier", "hang"),
            "civil": lambda site: self.check(site, "civil", "ok"),
            "fails": self.fails.add,
            "stops failing": self.fails.discard,
            "full": self.full.add,
            "waits": self.waits.add,
            "empty": self._empty,
            "failing disk": lambda agent: self.sample(
                agent, "hw.status", 1, hw__type="physical_disk", hw__state="predicted_failure"
            ),
            "lost": self._lose,
            "bye": self._leave,
            "back": self._return,
        }

    def _empty(self, agent: str) -> None:
        self.full.discard(agent)
        self.waits.discard(agent)

    def _lose(self, agent: str) -> None:
        self.silent.add(agent)
        self.lose(agent)

    def _leave(self, agent: str) -> None:
        self.silent.add(agent)
        self.bye(agent)

    def _return(self, agent: str) -> None:
        self.silent.discard(agent)
        self.connect(agent)

    def _report(self) -> None:
        for agent in [name for name in self.boots if name not in self.silent]:
            self.slow[agent] += 25 * (agent in self.waits)
            used = 8 if agent in self.full else 1
            stamp = self.stamp(agent, self.now)
            self._seq += 1
            unit = agent.split("-", maxsplit=1)[0]
            well = int(unit not in self.fails or self.now // 30_000 % 3 > 0)
            columns = ((8,), (used,), (self.slow[agent],), (well,), (well,))
            self.say(agent, Samples(Place("0123456789abcdef", self._seq), stamp, (0,), SERIES, columns))


class _Thorough(_Village):
    """Judges each unit whenever anything is heard of it."""

    def say(self, agent: str, record: Record | Presence) -> None:
        """Hear a record, and look at all."""
        super().say(agent, record)
        self.judge._agenda.mark(agent.split("-", maxsplit=1)[0])


@settings(max_examples=40, deadline=None)
@given(_plays)
@example([*_CHECKED, ("reports", 15), ("hang", SITES[0]), ("reports", 15)])
@example([*_STUTTER, ("reports", 15), ("reports", 15)])
@example([*_STUTTER, ("reports", 7), ("stops failing", SITES[0]), ("reports", 15), ("reports", 15), ("reports", 15)])
def test_what_is_not_looked_at_would_have_shown_nothing(acts: list[tuple[str, str | int]]) -> None:
    spared, thorough = _Village(), _Thorough()

    for act in acts:
        for village in (spared, thorough):
            village.play(*act)

    assert list(spared.judge.incidents()) == list(thorough.judge.incidents())
    assert spared.judge.take_notifications() == thorough.judge.take_notifications()


def test_a_calm_unit_is_judged_by_its_reports_no_more_but_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    village = _Village()
    village.play("reports", 3)
    judged: list[str] = []
    judge_unit = village.judge._judge_unit

    def counted(site: SiteWatch, ctx: Context) -> None:
        judged.append(site.site.code)
        judge_unit(site, ctx)

    monkeypatch.setattr(village.judge, "_judge_unit", counted)

    village.play("reports", 5)
    assert judged == []

    village.play("reports", 12)
    assert sorted(judged) in ([SITES[0], SITES[1]], [SITES[0], SITES[0], SITES[1], SITES[1]])


def test_a_unit_whose_computer_stays_full_is_judged_by_each_report() -> None:
    village = _Village()

    village.play("full", f"{SITES[0]}-3")
    village.play("reports", 13)

    assert [(one.state, one.subject) for one in village.judge.incidents()] == [("slow_pc", f"{SITES[0]}/pc3")]


def test_what_is_due_comes_once_at_the_earliest_moment_that_was_asked_for() -> None:
    agenda = Agenda()
    agenda.judged("a", 0, 500, is_calm=False)
    agenda.judged("a", 0, 200, is_calm=False)
    agenda.judged("b", 0, None, is_calm=True)

    assert [agenda.take(now) for now in (100, 200, 500, CALM_MS)] == [[], ["a"], [], ["b"]]
    assert (agenda.is_calm("a"), agenda.is_calm("b")) == (False, True)
