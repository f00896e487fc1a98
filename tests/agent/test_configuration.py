"""Configuration that is unsigned, older, replayed, out of bounds or harmful never stays in force."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from machxa_agent.configuration import Configuration
from machxa_agent.kept_config import KeptConfig
from machxa_agent.signature import CannotCheckError, is_signed
from machxa_agent.trial import HEALTHY_SECONDS, MOST_SECONDS, Health, Verdict, judge
from machxa_wire.policy import SignedPolicy, encode_policy, write_policy
from machxa_wire.records import Settings
from machxa_wire.refusal import Refused
from tests.agent.tried import DEFAULT, KEY, OTHER, STRICT, Bench, signed


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("age", "has_read", "is_connected", "verdict"),
    [
        (0.0, True, True, Verdict.WAIT),
        (HEALTHY_SECONDS, True, True, Verdict.GOOD),
        (HEALTHY_SECONDS, False, True, Verdict.WAIT),
        (HEALTHY_SECONDS, True, False, Verdict.WAIT),
        (MOST_SECONDS - 0.1, False, True, Verdict.WAIT),
        (MOST_SECONDS, True, True, Verdict.GOOD),
        (MOST_SECONDS, False, True, Verdict.BAD),
        (MOST_SECONDS, True, False, Verdict.BAD),
    ],
)
def test_a_trial_ends_well_with_a_reading_and_a_connection(
    age: float, *, has_read: bool, is_connected: bool, verdict: Verdict
) -> None:
    assert judge(Health(age, has_read, is_connected)) is verdict


def test_settings_hold_at_once_and_are_kept_when_they_did_well(bench: Bench) -> None:
    bench.settings(5, 30, 90)
    applied, kept = bench.configuration.current, bench.kept.settings()

    bench.prove()

    assert (applied, kept) == (Settings(5, 30, 90), None)
    assert bench.kept.settings() == Settings(5, 30, 90)
    assert bench.events == [("machxa.agent.settings", {"version": 5})]
    assert bench.start().current == Settings(5, 30, 90)
    assert bench.configuration.versions() == {"settings": "5", "policy": "0"}


@pytest.mark.parametrize(("version", "sample"), [(5, 31), (4, 30), (1, 60)])
def test_older_and_replayed_settings_are_refused(bench: Bench, version: int, sample: int) -> None:
    bench.settings(5, 30, 90)
    bench.prove()

    said = bench.refusal(lambda: bench.settings(version, sample, 90))

    assert said == f"version {version} is not newer than 5, which is in force"
    assert bench.events[-1] == ("machxa.agent.settings_refused", {"version": version, "reason": said})


def test_the_same_settings_again_are_no_news(bench: Bench) -> None:
    bench.settings(5, 30, 90)
    bench.settings(5, 30, 90)
    bench.prove()
    bench.settings(5, 30, 90)

    assert len(bench.applied) == 1
    assert [name for name, _ in bench.events] == ["machxa.agent.settings"]


def test_malformed_settings_are_refused_and_told_once(bench: Bench) -> None:
    for _ in range(3):
        bench.refusal(lambda: bench.configuration.offer_settings(b'{"version":9,"sample_seconds":0}'))

    assert [name for name, _ in bench.events] == ["machxa.agent.settings_refused"]


def test_settings_outside_the_policy_are_refused_with_the_bound(bench: Bench) -> None:
    bench.policy(STRICT)
    bench.prove()

    said = bench.refusal(lambda: bench.settings(7, 5, 300))

    assert said == "sample_seconds is 5, policy 3 allows 30 to 600"


def test_a_policy_that_excludes_the_settings_in_force_moves_them_to_its_bound(bench: Bench) -> None:
    bench.settings(5, 1, 20)
    bench.prove()

    bench.policy(STRICT)
    bench.prove()

    assert bench.configuration.current == Settings(5, 30, 60)
    assert bench.start().current == Settings(5, 30, 60)
    assert bench.events[-1] == ("machxa.agent.policy", {"version": 3})


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (encode_policy(replace(signed(STRICT), signature=b"\0" * 64)), "the signature does not fit"),
        (encode_policy(replace(signed(STRICT), text=write_policy(replace(STRICT, version=9)))), "does not fit"),
        (encode_policy(signed(STRICT, OTHER)), "a key that this agent was not told"),
        (encode_policy(replace(signed(STRICT, OTHER), key=KEY)), "the signature does not fit"),
        (json.dumps({"policy": write_policy(STRICT)}).encode(), "key is missing"),
        (b"{", "line 1"),
        (b"\x78\xda", "cut short"),
    ],
    ids=["no signature", "changed text", "another key", "another key under our name", "unsigned", "no JSON", "no zlib"],
)
def test_a_policy_that_is_not_signed_for_this_agent_is_refused(bench: Bench, payload: bytes, why: str) -> None:
    said = bench.refusal(lambda: bench.configuration.offer_policy(payload))

    assert why in said
    assert bench.events[-1][0] == "machxa.agent.policy_refused"
    assert bench.kept.policy() is None


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_policy_with_a_good_signature_is_refused(bench: Bench, version: int) -> None:
    bench.policy(STRICT)
    bench.prove()

    said = bench.refusal(lambda: bench.policy(replace(STRICT, version=version, hosts=("evil.example",))))

    assert said == f"version {version} is not newer than 3, which is in force"


def test_an_agent_that_was_told_no_key_takes_no_policy(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    without = Configuration(bench.kept, DEFAULT, None, bench.configuration._around)

    with pytest.raises(Refused, match="not told"):
        without.offer_policy(encode_policy(signed(STRICT)))


def test_the_next_key_of_a_good_policy_signs_later_ones(bench: Bench) -> None:
    bench.policy(replace(STRICT, next_key=OTHER.public_key().public_bytes_raw()))
    bench.prove()

    bench.configuration.offer_policy(encode_policy(signed(replace(STRICT, version=4), OTHER)))

    assert bench.configuration.policy.version == 4


def test_a_policy_whose_signature_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    def cannot(_policy: SignedPolicy) -> bool:
        raise CannotCheckError("cryptography is not installed")

    bench = Bench(tmp_path, cannot)

    assert bench.refusal(lambda: bench.policy(STRICT)) == "cryptography is not installed"


def test_a_centre_that_sends_policy_after_policy_starts_few_checks(tmp_path: Path) -> None:
    checks: list[int] = []

    def never(_policy: SignedPolicy) -> bool:
        checks.append(1)
        return False

    bench = Bench(tmp_path, never)

    for version in range(1, 300):
        bench.refusal(lambda: bench.policy(replace(STRICT, version=version)))  # noqa: B023 - called at once

    assert len(checks) == 20
    assert len(bench.events) == 100


def test_settings_under_which_nothing_is_read_are_gone_within_a_minute(bench: Bench) -> None:
    bench.settings(5, 30, 90)
    bench.prove()
    bench.settings(6, 3600, 3600)

    bench.now += MOST_SECONDS
    still = bench.configuration.look()

    assert (still, bench.configuration.current, bench.applied[-1]) == (False, Settings(5, 30, 90), Settings(5, 30, 90))
    assert bench.events[-1] == (
        "machxa.agent.settings_reverted",
        {"version": 6, "reason": "no reading within 45 s, back on the last good one"},
    )


def test_settings_under_which_the_link_breaks_are_gone_too_and_fail_for_good_the_second_time(bench: Bench) -> None:
    for _ in range(2):
        bench.settings(6, 30, 90)
        bench.is_connected = False
        bench.now += MOST_SECONDS
        bench.readings += 1
        bench.configuration.look()
        bench.is_connected = True

    said = bench.refusal(lambda: bench.settings(6, 30, 90))

    assert said == "version 6 failed its trial 2 times"
    bench.settings(7, 30, 90)
    bench.prove()
    assert bench.configuration.current.version == 7


def test_an_agent_that_died_on_trial_starts_with_the_last_good_and_tells(bench: Bench) -> None:
    bench.settings(5, 30, 90)
    bench.prove()
    bench.settings(6, 1, 1)

    again = bench.start()

    assert again.current == Settings(5, 30, 90)
    assert bench.events[-1] == (
        "machxa.agent.settings_reverted",
        {"version": 6, "reason": "the agent ended during the trial, back on the last good one"},
    )


def test_an_agent_that_was_stopped_on_trial_counts_no_failure(bench: Bench) -> None:
    for _ in range(3):
        bench.settings(6, 30, 90)
        bench.configuration.close()
        bench.start()

    bench.settings(6, 30, 90)

    assert bench.configuration.current.version == 6
    assert bench.events == []


def test_a_newer_offer_replaces_what_is_on_trial_and_one_thread_watches(bench: Bench) -> None:
    bench.settings(5, 30, 90)
    bench.now += HEALTHY_SECONDS - 1
    bench.settings(6, 40, 90)
    bench.now += 2
    bench.readings += 1

    assert bench.configuration.look()
    bench.now += HEALTHY_SECONDS
    assert not bench.configuration.look()
    assert (bench.kept.settings(), len(bench.watches)) == (Settings(6, 40, 90), 1)


@pytest.mark.parametrize("name", ["settings.json", "policy.json", "trial.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"\xff", b'{"policy": 1}', b'{"trying": 1}'])
def test_damaged_files_are_passed_over(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    assert Bench(tmp_path).configuration.current == DEFAULT


def test_the_key_of_the_first_enrolment_is_pinned(tmp_path: Path) -> None:
    kept = KeptConfig(tmp_path)
    first = kept.key()
    (tmp_path / "agent.json").write_text(json.dumps({"policy_key": "a" * 42 + "g"}))
    pinned = kept.key()
    (tmp_path / "agent.json").write_text(json.dumps({"policy_key": "b" * 42 + "g"}))

    assert first is None
    assert pinned is not None
    assert kept.key() == pinned
    assert (tmp_path / "policy.key").read_text() == "a" * 42 + "g"
    assert kept.key("b" * 42 + "g") != pinned


def test_a_damaged_pin_is_not_replaced_by_what_a_centre_says_now(tmp_path: Path) -> None:
    (tmp_path / "policy.key").write_text("?")
    (tmp_path / "agent.json").write_text(json.dumps({"policy_key": "a" * 42 + "g"}))

    assert KeptConfig(tmp_path).key() is None


def test_a_child_tells_a_good_signature_from_a_bad_one() -> None:
    good = signed(STRICT)

    assert is_signed(good)
    assert not is_signed(replace(good, signature=b"\0" * 64))
    assert not is_signed(replace(good, key=b"\xff" * 32))
