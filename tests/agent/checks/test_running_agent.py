"""A running agent takes checks from a signed policy, runs them, and tells the centre what they came to."""

from __future__ import annotations

import json

import pytest

from machxa_agent.checks.course import first_pause
from machxa_wire.catalogue import Check
from machxa_wire.policy import Policy, encode_policy, to_base64
from machxa_wire.records import Event, Samples
from tests.agent.centre import ADDRESS, Centre, until
from tests.agent.test_agent_process import Field
from tests.agent.tried import KEY, signed

pytestmark = pytest.mark.broker

SOON = "c236"  # a name whose first run comes at once for this agent


@pytest.fixture
def field(field: Field) -> Field:
    """Return an agent that was told at its enrolment which key signs policies."""
    told = json.loads((field.data / "agent.json").read_text())
    (field.data / "agent.json").write_text(json.dumps({**told, "policy_key": to_base64(KEY)}))
    return field


def test_checks_of_a_signed_policy_are_run_and_told(field: Field, centre: Centre) -> None:
    check = Check(SOON, "portal", "http", "unnamed.test", 443, tls="verify", on="all")
    assert first_pause(ADDRESS.agent, SOON, 600) < 5
    field.run()
    until("it is connected", lambda: centre.hellos)

    policy = Policy(1, ("named.test",), (SOON,), (1, 60), (1, 60), catalogue=(check,))
    centre.say(ADDRESS.policy, encode_policy(signed(policy)), retain=True)
    until("the check was told", lambda: [one for one in centre.records if is_of_checks(one)])
    until("its time was told", lambda: durations(centre))

    told = next(one for one in centre.records if is_of_checks(one))
    assert isinstance(told, Event)
    assert told.attributes == {
        "check": SOON, "system": "portal", "state": "unknown", "reason": "not_allowed", "phase": "dns", "was": None
    }  # fmt: skip
    assert durations(centre) == {(("check", SOON), ("phase", "total"))}
    until("it is in the status", lambda: SOON in json.loads((field.data / "status.json").read_text())["checks"])
    assert field.stop() == 0


def is_of_checks(one: object) -> bool:
    return isinstance(one, Event) and one.name == "check.state"


def durations(centre: Centre) -> set[tuple[tuple[str, str], ...]]:
    batches = [one for one in centre.records if isinstance(one, Samples)]
    return {one.labels for batch in batches for one in batch.series if one.name == "machxa.check.duration"}
