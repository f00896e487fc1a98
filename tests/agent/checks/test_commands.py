"""The command that runs checks by hand says what came of each, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.checks.commands import as_text, results
from machxa_agent.checks.verdict import State, Stop, Tried, Verdict
from machxa_agent.checks.words import PHASES, REASONS, STATES, words
from machxa_agent.kept_config import KeptConfig
from machxa_agent.main import main
from machxa_wire.catalogue import Check
from machxa_wire.policy import Policy, SignedPolicy, write_policy
from tests.agent.servers import answering, serving

PAGE = Check("dvc", "portal", "http", "dvc.test", 443, tls="verify")
CLEAR = Check("old", "old", "http", "old.test", 80)
ANCHOR = Check("anchor", "anchor", "anchor", "anchor.test", 80, status=204)
POLICY = Policy(1, ("*.test",), ("dvc", "old", "anchor"), catalogue=(PAGE, CLEAR, ANCHOR))


def test_every_word_is_told_in_both_languages() -> None:
    assert set(STATES) == set(State)
    assert {one.value for one in Stop} <= set(REASONS)
    assert all(
        vietnamese and english for vietnamese, english in (*STATES.values(), *REASONS.values(), *PHASES.values())
    )
    assert words(Verdict(State.OK, "", "http")) == ("tốt", "well")


def test_the_anchor_is_asked_first_and_tells_what_the_others_mean() -> None:
    asked: list[str] = []

    def ask(check: Check, _hosts: tuple[str, ...]) -> Tried:
        asked.append(check.id)
        return {
            "anchor": Tried("http", status=200, seconds={"total": 0.1}),
            "dvc": Tried("tls", Stop.WRONG_HOST, {"dns": 0.01, "total": 0.2}),
            "old": Tried("http", status=302, redirect="login.hotel", is_foreign=True, days_left=3),
        }[check.id]

    found = results(POLICY, ask, None)

    assert asked == ["anchor", "dvc", "old"]
    assert [(one["check"], one["state"], one["reason"]) for one in found] == [
        ("anchor", "portal", "anchor_differs"), ("dvc", "portal", "wrong_host"), ("old", "portal", "redirect_foreign")
    ]  # fmt: skip
    assert [one["check"] for one in results(POLICY, ask, "old")] == ["old"]
    told = as_text(found).splitlines()
    assert told[2] == (
        "dvc  http dvc.test:443  mạng này đòi trang đăng nhập: chứng thư mang tên khác "
        "(this network asks for a login page: the certificate is another's)"
    )
    assert told[3] == "    DNS (DNS) 10 ms, tất cả (whole) 200 ms"
    assert told[5] == "    chứng thư còn 3 ngày (certificate: days left), chuyển tới 'login.hotel' (redirects)"


def test_checks_are_run_by_hand_and_never_reach_this_computer_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(answering("200 OK", "text/html", b"x")) as port:
        here = Check("here", "s", "http", "127.0.0.1", port)
        text = write_policy(Policy(1, ("127.0.0.1",), ("here",), catalogue=(here,)))
        none = main(["checks", "run", "--data", str(tmp_path)])
        KeptConfig(tmp_path).keep_policy(SignedPolicy(text, b"k" * 32, b"s" * 64))
        one = main(["checks", "run", "--data", str(tmp_path), "--json"])
        told = json.loads(capsys.readouterr().out)
        other = main(["checks", "run", "--data", str(tmp_path), "--id", "there"])

    assert (none, one, other) == (2, 1, 2)
    assert [(one["check"], one["state"], one["reason"], one["bytes"]) for one in told] == [
        ("here", "down", "dns_lies", 0)
    ]
    assert "expected one of here" in capsys.readouterr().err
