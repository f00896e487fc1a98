"""Hold a configuration whose clock, readings and link the test moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from machxa_agent import signature
from machxa_agent.configuration import Configuration, Surroundings
from machxa_agent.kept_config import KeptConfig
from machxa_agent.trial import HEALTHY_SECONDS
from machxa_wire.encode import encode_settings
from machxa_wire.policy import Policy, SignedPolicy, encode_policy, write_policy
from machxa_wire.records import Scalar, Settings
from machxa_wire.refusal import Refused

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"q" * 32)
KEY = PRIVATE.public_key().public_bytes_raw()
DEFAULT = Settings(0, 60, 300)
STRICT = Policy(version=3, sample_seconds=(30, 600), batch_seconds=(60, 3600))


def signed(policy: Policy, private: Ed25519PrivateKey = PRIVATE) -> SignedPolicy:
    unsigned = SignedPolicy(write_policy(policy), private.public_key().public_bytes_raw(), b"")
    return replace(unsigned, signature=private.sign(unsigned.message))


def checked_here(policy: SignedPolicy) -> bool:
    """Check as the child does, without starting one: thousands of cases need it quick."""
    question = json.dumps([one.hex() for one in (policy.key, policy.signature, policy.message)]).encode()
    return signature._check(question) == 0


class Bench:
    """Hold a configuration whose clock, readings and link the test moves."""

    def __init__(self, folder: Path, check: Callable[[SignedPolicy], bool] = checked_here) -> None:
        self.kept = KeptConfig(folder)
        self.now, self.readings, self.is_connected = 1000.0, 5, True
        self.applied: list[Settings] = []
        self.events: list[tuple[str, Mapping[str, Scalar]]] = []
        self.watches: list[Callable[[], None]] = []
        self._check = check
        self.configuration = self.start()

    def start(self) -> Configuration:
        """Start the agent, again if it ran before."""
        around = Surroundings(
            apply=self.applied.append,
            tell=lambda name, attributes: self.events.append((name, attributes)),
            readings=lambda: self.readings,
            is_connected=lambda: self.is_connected,
            is_signed=self._check,
            monotonic=lambda: self.now,
            spawn=lambda work, _name: self.watches.append(work),
        )
        self.configuration = Configuration(self.kept, DEFAULT, KEY, around)
        self.configuration.begin()
        return self.configuration

    def settings(self, version: int, sample: int = 60, batch: int = 300) -> None:
        self.configuration.offer_settings(encode_settings(Settings(version, sample, batch)))

    def policy(self, policy: Policy) -> None:
        self.configuration.offer_policy(encode_policy(signed(policy)))

    def prove(self) -> None:
        """Let what is on trial do well."""
        self.now += HEALTHY_SECONDS
        self.readings += 1
        assert not self.configuration.look()

    def refusal(self, offer: Callable[[], None]) -> str:
        """Return why an offer is refused; what is in force stays."""
        before = (self.configuration.current, self.configuration.policy)
        with pytest.raises(Refused) as refused:
            offer()
        assert (self.configuration.current, self.configuration.policy) == before
        return refused.value.detail
