"""Whatever comes in whatever order: doubled records change nothing, nothing is told twice, ids stay."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Told
from tests.collector.incidents.province import Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")
SITES = tuple(f"{number:05}" for number in range(6))

_sites = st.sampled_from(SITES)
_act = st.one_of(
    st.tuples(st.just("dark"), _sites),
    st.tuples(st.just("back"), _sites),
    st.tuples(st.just("power"), _sites),
    st.tuples(st.just("bye"), _sites),
    st.tuples(st.sampled_from(["down", "up", "degraded"]), _sites),
    st.tuples(st.sampled_from(["ok", "hang", "error"]), _sites),
    st.tuples(st.just("jam"), _sites),
    st.tuples(st.just("report"), _sites),
    st.tuples(st.just("wait"), st.integers(1, 12)),
)
_plays = st.lists(_act, min_size=1, max_size=25)


class _Twice(Town):
    """Says everything twice, as an outbox that was not acknowledged would."""

    def say(self, agent: str, record: object) -> None:
        for _ in range(2):
            self.judge.hear(agent, record, self.now)  # type: ignore[arg-type]  # any record


def _play(town: Town, acts: list[tuple[str, str | int]]) -> None:
    for number, (act, what) in enumerate(acts):
        if isinstance(what, int):
            town.wait(what, 30)
            continue
        agent = f"{what}-1"
        if act == "dark":
            town.darken(what)
        elif act == "back":
            town.connect(agent)
        elif act == "power":
            town.reboot(agent, "unexpected")
        elif act == "bye":
            town.bye(agent)
        elif act in ("down", "up", "degraded"):
            town.line(what, act)
        elif act == "jam":
            town.event(agent, "device.state", {"device": f"{what}-p", "state": "blocked", "reasons": "jam"})
        elif act == "report":
            town.report(number, what, system="dossier", symptom="hang", waiting="1-5", confirmed=True)
        else:
            town.check(what, "dossier", act)
        town.now += 7_000
        town.tick()
    town.wait(8, 30)


def _shown(town: Town) -> list[Incident]:
    return list(town.judge.incidents())


@settings(max_examples=20, deadline=None)
@given(_plays)
def test_a_record_that_comes_twice_changes_nothing(acts: list[tuple[str, str | int]]) -> None:
    once, twice = Town(fleet(SIX)), _Twice(fleet(SIX))

    _play(once, acts)
    _play(twice, acts)

    assert _shown(twice) == _shown(once)
    assert twice.judge.take_notifications() == once.judge.take_notifications()


@settings(max_examples=30, deadline=None)
@given(_plays)
@example([("report", "00000"), ("wait", 5), ("dark", "00000"), ("back", "00000")])  # reported before it was dark
def test_nothing_raises_nothing_is_opened_twice_and_all_times_are_in_order(acts: list[tuple[str, str | int]]) -> None:
    town = Town(fleet(SIX))

    _play(town, acts)

    opened = Counter(one.incident for one in town.judge.take_notifications() if one.told is Told.OPENED)
    ids = [one.id for one in _shown(town)]
    assert town.judge.defects() == ()
    assert set(opened.values()) <= {1}
    assert len(ids) == len(set(ids))
    assert all(one.started_at <= one.noticed_at <= town.now for one in _shown(town))
    assert all(one.ended_at is None or one.ended_at >= one.started_at for one in _shown(town))
    assert all(0 <= one.confidence <= 1 and one.units for one in _shown(town) if one.subject != "centre")
