"""Several intakes divide the shards: each has one owner, and one that goes leaves its own alone to the others."""

from __future__ import annotations

from machxa_collector.intake.shares import SHARDS, Holding, Moved, Part, Whole, owner, shards_of

OWN = "mx/1/a0/00000000-0000-4000-8000-000000000000/up"


def test_each_shard_has_one_owner_and_nobody_has_none() -> None:
    members = ("a", "b", "c")

    held = [shards_of(name, members) for name in members]

    assert sorted(shard for shards in held for shard in shards) == sorted(SHARDS)
    assert min(map(len, held)) > 256 // 6
    assert owner("00", ()) is None


def test_who_goes_leaves_only_its_own_shards_to_the_others() -> None:
    before, after = {name: shards_of(name, "abc") for name in "abc"}, {name: shards_of(name, "ab") for name in "ab"}

    assert before["a"] < after["a"]
    assert before["b"] < after["b"]
    assert after["a"] | after["b"] == before["a"] | before["b"] | before["c"]


def part(holding: list[Holding], begun: list[int]) -> Part:
    return Part(lambda: holding[-1], OWN, begun.append, others_live=lambda: True, look=lambda: None)


def test_a_member_subscribes_to_its_shards_and_hears_its_own_canary_whoever_has_that() -> None:
    holding, begun = [Holding(1, "x", frozenset({"01"}))], list[int]()
    one = part(holding, begun)

    assert one.filters() == [("mx/1/01/+/up", True), ("mx/1/01/+/presence", False), (OWN, True)]
    assert one.instance == "x"
    assert begun == [1]
    assert one.takes("mx/1/01/anybody/up")
    assert one.takes(OWN)
    assert not one.takes("mx/1/a0/anybody/up")
    assert not one.takes("")


def test_another_epoch_moves_only_what_changes_and_begins_before_anything_of_it_is_taken() -> None:
    holding, begun = [Holding(1, "x", frozenset({"01", "02"}))], list[int]()
    one = part(holding, begun)
    one.filters()
    holding.append(Holding(2, "x", frozenset({"02", "a0"})))

    moved = one.moved()

    assert moved == Moved(
        come=[("mx/1/a0/+/up", True), ("mx/1/a0/+/presence", False)],
        gone=["mx/1/01/+/up", "mx/1/01/+/presence", OWN],
    )
    assert begun == [1, 2]
    assert one.moved() is None


def test_an_intake_alone_takes_everything() -> None:
    whole = Whole("x")

    assert whole.filters() == (("mx/1/+/+/up", True), ("mx/1/+/+/presence", False))
    assert whole.takes("whatever")
    assert whole.moved() is None
    assert whole.is_last()
