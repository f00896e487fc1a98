"""A running agent takes a policy with its own MAC and a good signature, and tells the centre what it does not take."""

from __future__ import annotations

import base64
import json

import pytest

from machxa_wire.encode import encode_settings
from machxa_wire.policy import Policy, encode_policy, to_base64
from machxa_wire.records import Event, Settings
from tests.agent.centre import ADDRESS, Centre, until
from tests.agent.test_agent_process import Field
from tests.agent.tried import KEY, OTHER, signed

pytestmark = pytest.mark.broker

OTHERS_KEY = b"o" * 32


@pytest.fixture
def field(field: Field) -> Field:
    """Return an agent that was told at its enrolment which key signs policies."""
    told = json.loads((field.data / "agent.json").read_text())
    (field.data / "agent.json").write_text(json.dumps({**told, "policy_key": to_base64(KEY)}))
    return field


def events(centre: Centre, name: str) -> list[Event]:
    return [one for one in centre.records if isinstance(one, Event) and one.name == name]


def test_policy_and_settings_come_down_and_what_is_refused_goes_up(field: Field, centre: Centre) -> None:
    policy = Policy(version=2, sample_seconds=(1, 60), batch_seconds=(1, 60))
    field.run()
    until("it is connected", lambda: centre.hellos)

    centre.say(ADDRESS.policy, encode_policy(signed(policy)), key=OTHERS_KEY)
    centre.say(ADDRESS.policy, encode_policy(signed(policy, OTHER)))
    centre.say(ADDRESS.policy, encode_policy(signed(policy)), retain=True)
    until("the policy proved good", lambda: events(centre, "machxa.agent.policy"))
    centre.say(ADDRESS.policy, encode_policy(signed(Policy(version=1))))
    centre.say(ADDRESS.config, encode_settings(Settings(3, 300, 300)))
    centre.say(ADDRESS.config, encode_settings(Settings(4, 2, 2)), key=OTHERS_KEY)
    centre.say(ADDRESS.config, encode_settings(Settings(5, 2, 2)), retain=True)
    until("the settings proved good", lambda: events(centre, "machxa.agent.settings"))
    assert field.stop() == 0
    field.run()
    until("it introduced itself again", lambda: len(centre.hellos) > 1)

    refused = [one.attributes for one in events(centre, "machxa.agent.policy_refused")]
    assert [one["version"] for one in refused] == [2, 1]
    assert "not told at its enrolment" in str(refused[0]["reason"])
    assert [one.attributes["version"] for one in events(centre, "machxa.agent.policy")] == [2]
    assert [one.attributes["version"] for one in events(centre, "machxa.agent.settings")] == [5]
    assert [one.attributes for one in events(centre, "machxa.agent.settings_refused")] == [
        {"version": 3, "reason": "sample_seconds is 300, policy 2 allows 1 to 60"}
    ]
    assert {name: centre.hellos[-1].versions[name] for name in ("settings", "policy")} == {
        "settings": "5",
        "policy": "2",
    }
    assert base64.urlsafe_b64decode((field.data / "policy.key").read_text() + "=") == KEY
