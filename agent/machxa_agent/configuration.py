"""Take what the centre sends within what the policy allows, try it, and go back to the last good when it does harm."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import Callable, Dict, Mapping, Optional, Set

from machxa_agent import crash, threads
from machxa_agent.kept_config import KeptConfig, Notes
from machxa_agent.signature import CannotCheckError
from machxa_agent.trial import MOST_FAILURES, Health, Verdict, complaint, judge
from machxa_wire.downward import decode_settings
from machxa_wire.policy import NO_POLICY, Policy, SignedPolicy, decode_policy, outside, read_policy, within
from machxa_wire.records import Scalar, Settings
from machxa_wire.refusal import Reason, Refused

logger = logging.getLogger(__name__)

_MOST_CHECKS = 20  # of signatures while the agent runs, beside one an hour: each starts a process
_CHECKS_SECONDS = 3600.0
_MOST_TOLD = 100  # refusals told as events; a message that comes again is told once
_LOOK_SECONDS = 0.5
_REASON_CHARACTERS = 300


@dataclass(frozen=True)
class Surroundings:
    """Hold what configuration acts on and what it sees of the agent.

    apply makes the agent work by settings; tell keeps an event; readings counts readings kept so far.
    """

    apply: Callable[[Settings], None]
    tell: Callable[[str, Mapping[str, Scalar]], None]
    readings: Callable[[], int]
    is_connected: Callable[[], bool]
    is_signed: Callable[[SignedPolicy], bool]
    monotonic: Callable[[], float] = time.monotonic
    spawn: threads.Spawn = threads.start


@dataclass(frozen=True)
class Pair:
    """Hold settings and the policy they stand under; None where none came yet."""

    settings: Optional[Settings] = None
    signed: Optional[SignedPolicy] = None
    policy: Policy = NO_POLICY


@dataclass(frozen=True)
class Trial:
    """Hold what is being tried, since when (monotonic), and how many readings there were before."""

    pair: Pair
    since: float
    readings: int


class Configuration:
    """Hold the configuration in force. Safe from any thread."""

    def __init__(self, kept: KeptConfig, default: Settings, key: Optional[bytes], around: Surroundings) -> None:
        """Go on with the last good one; default holds until settings come, key signs policies (None: none is taken)."""
        self._kept, self._default, self._key, self._around = kept, default, key, around
        self._lock = threading.RLock()
        self._good = _readable(kept)
        self._trial: Optional[Trial] = None
        self._told: Set[bytes] = set()
        self._checks, self._checked_since = 0, around.monotonic()
        self._over = threading.Event()
        self._notes = kept.notes()

    @property
    def current(self) -> Settings:
        """Return the settings to work by."""
        pair = self._pair
        return within(pair.policy, pair.settings or self._default)

    @property
    def policy(self) -> Policy:
        """Return the policy in force: without any, no host may be asked and no check may run."""
        return self._pair.policy

    def versions(self) -> Dict[str, str]:
        """Return what the hello tells: versions in force, 0 before any came."""
        pair = self._pair
        return {"settings": str(pair.settings.version if pair.settings else 0), "policy": str(pair.policy.version)}

    def begin(self) -> None:
        """Count as failed what was on trial when the agent last ended without a word."""
        with self._lock:
            if self._notes.trying:
                self._failed("the agent ended during the trial, back on the last good one")

    def offer_settings(self, payload: bytes) -> None:
        """Take settings whose MAC fits; raises Refused, and the reason goes up as an event."""
        with self._lock:
            offered: Optional[Settings] = None
            try:
                offered = decode_settings(payload)
                known = self._pair.settings
                if offered == known:
                    return
                self._check_version("settings", offered.version, known.version if known else 0)
                _check_bounds(self._pair.policy, offered)
            except Refused as refused:
                self._refuse("settings", offered.version if offered else None, payload, refused.detail)
                raise
            self._try(Pair(offered, self._pair.signed, self._pair.policy), "settings", offered.version)

    def offer_policy(self, payload: bytes) -> None:
        """Take a policy whose MAC fits and whose signature does; raises Refused, and the reason goes up as an event."""
        with self._lock:
            policy: Optional[Policy] = None
            try:
                signed = decode_policy(payload)
                if signed == self._pair.signed:
                    return
                policy = read_policy(signed.text)
                self._check_version("policy", policy.version, self._pair.policy.version)
                self._check_signature(signed)
            except Refused as refused:
                self._refuse("policy", policy.version if policy else None, payload, refused.detail)
                raise
            self._try(Pair(self._pair.settings, signed, policy), "policy", policy.version)

    def look(self) -> bool:
        """Judge what is on trial; return whether something still is."""
        with self._lock:
            trial = self._trial
            if trial is None:
                return False
            health = Health(
                self._around.monotonic() - trial.since,
                self._around.readings() > trial.readings,
                self._around.is_connected(),
            )
            verdict = judge(health)
            if verdict is Verdict.GOOD:
                self._confirm(trial.pair)
            elif verdict is Verdict.BAD:
                self._go_back(complaint(health))
            return verdict is Verdict.WAIT

    def close(self) -> None:
        """End in good order: what is on trial has not failed, it is offered again after the next start."""
        with self._lock:
            self._over.set()
            if self._trial is not None:
                self._trial = None
                self._notes.trying.clear()
                self._kept.keep_notes(self._notes)

    @property
    def _pair(self) -> Pair:
        trial = self._trial
        return self._good if trial is None else trial.pair

    def _check_version(self, what: str, version: int, known: int) -> None:
        if version <= known:
            raise Refused(Reason.RANGE, f"version {version} is not newer than {known}, which is in force")
        if self._notes.failures.get(f"{what} {version}", 0) >= MOST_FAILURES:
            raise Refused(Reason.RANGE, f"version {version} failed its trial {MOST_FAILURES} times")

    def _check_signature(self, signed: SignedPolicy) -> None:
        trusted = {self._key, self._good.policy.next_key} - {None}
        if signed.key not in trusted:
            raise Refused(Reason.MAC, "signed with a key that this agent was not told at its enrolment")
        now = self._around.monotonic()
        if now - self._checked_since >= _CHECKS_SECONDS:
            self._checks, self._checked_since = 0, now
        self._checks += 1
        if self._checks > _MOST_CHECKS:
            raise Refused(Reason.COUNT, f"more than {_MOST_CHECKS} policies within an hour")
        try:
            if not self._around.is_signed(signed):
                raise Refused(Reason.MAC, "the signature does not fit")
        except CannotCheckError as exc:
            raise Refused(Reason.INTERNAL, str(exc)) from exc

    def _try(self, pair: Pair, what: str, version: int) -> None:
        is_watched = self._trial is not None
        self._notes.trying[what] = str(version)
        self._kept.keep_notes(self._notes)
        self._trial = Trial(pair, self._around.monotonic(), self._around.readings())
        logger.info("%s %d are on trial", what, version)
        self._around.apply(self.current)
        crash.reached("agent_config_applied")
        if not is_watched:
            self._around.spawn(self._watch, "configuration")

    def _watch(self) -> None:
        while self.look():
            self._over.wait(_LOOK_SECONDS)

    def _confirm(self, pair: Pair) -> None:
        """Keep what is on trial as the last good: the policy first, since settings are judged by it."""
        before, self._good, self._trial = self._good, pair, None
        if pair.signed is not None and pair.signed != before.signed:
            self._kept.keep_policy(pair.signed)
            self._around.tell("machxa.agent.policy", {"version": pair.policy.version})
        if pair.settings is not None and pair.settings != before.settings:
            self._kept.keep_settings(pair.settings)
            self._around.tell("machxa.agent.settings", {"version": pair.settings.version})
        self._notes = Notes()
        self._kept.keep_notes(self._notes)
        logger.info("configuration is good: %s, policy %d", self.current, pair.policy.version)

    def _go_back(self, reason: str) -> None:
        self._trial = None
        self._around.apply(self.current)
        self._failed(reason)

    def _failed(self, reason: str) -> None:
        for what, version in self._notes.trying.items():
            name = f"{what} {version}"
            self._notes.failures = {**self._notes.failures, name: self._notes.failures.get(name, 0) + 1}
            logger.warning("%s failed: %s", name, reason)
            self._around.tell(f"machxa.agent.{what}_reverted", {"version": int(version), "reason": reason})
        self._notes.trying = {}
        self._kept.keep_notes(self._notes)

    def _refuse(self, what: str, version: Optional[int], payload: bytes, detail: str) -> None:
        digest = hashlib.sha256(payload).digest()
        if digest in self._told or len(self._told) >= _MOST_TOLD:
            return
        self._told.add(digest)
        attributes: Dict[str, Scalar] = {"version": version, "reason": detail[:_REASON_CHARACTERS]}
        self._around.tell(f"machxa.agent.{what}_refused", attributes)


def _check_bounds(policy: Policy, settings: Settings) -> None:
    reason = outside(policy, settings)
    if reason is not None:
        raise Refused(Reason.RANGE, reason)


def _readable(kept: KeptConfig) -> Pair:
    """Return what was kept, a damaged part of it left out."""
    signed, policy = kept.policy(), NO_POLICY
    try:
        policy = read_policy(signed.text) if signed is not None else NO_POLICY
    except Refused as refused:
        logger.warning("the kept policy is not used: %s", refused)
        signed = None
    return Pair(kept.settings(), signed, policy)
