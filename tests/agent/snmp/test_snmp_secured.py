"""Devices are asked in version 3, signed with SHA and encrypted with AES."""

from __future__ import annotations

import pytest

from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.poll import poll
from machxa_agent.snmp.target import Credentials, Limits, Target
from machxa_agent.snmp.walk import Silent
from tests.agent.snmp.secured_agent import AUTH_KEY, PRIV_KEY, USER, SecuredAgent


def test_a_device_is_read_in_version_3() -> None:
    with SecuredAgent() as agent:
        polled = poll(_target(agent.port, AUTH_KEY), load_profiles(), Limits())

    assert polled.device.identity.uptime_seconds is not None
    assert polled.complaints == ()


def test_with_a_wrong_key_it_says_why() -> None:
    with SecuredAgent() as agent, pytest.raises(Silent, match="version 3: Wrong SNMP PDU digest"):
        poll(_target(agent.port, "another-auth-key"), load_profiles(), Limits())


def test_keys_and_communities_are_never_shown() -> None:
    shown = repr(Target("printer", 161, "a-community", None, Credentials(USER, AUTH_KEY, PRIV_KEY)))

    assert USER in shown
    assert not any(secret in shown for secret in ("a-community", AUTH_KEY, PRIV_KEY))


def _target(port: int, auth_key: str) -> Target:
    return Target("127.0.0.1", port, credentials=Credentials(USER, auth_key, PRIV_KEY))
