"""Say in words what agents and elections tell in fixed ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from machxa_web.languages import Language, msg

ROLES: Mapping[str, str] = {
    "gateway": msg("gateway"),
    "standby": msg("standby of the gateway"),
    "pc": msg("watches itself alone"),
}
TROUBLES: Mapping[str, str] = {
    "silent": msg("silent without a good-bye"),
    "limits": msg("hit a limit in the last 7 days"),
    "gaps": msg("gaps in what arrived"),
    "certificate": msg("certificate ends within 30 days"),
    "revoked": msg("revoked"),
}
LIMITS: Mapping[str, str] = {"cpu": msg("processor time"), "memory": msg("memory"), "bytes": msg("bytes sent")}
REASONS: Mapping[str, str] = {  # of a revocation, as certificates write them
    "unspecified": msg("no special reason"),
    "cessationOfOperation": msg("the computer is retired"),
    "superseded": msg("another agent took its place"),
    "keyCompromise": msg("its key may be in other hands: stolen, copied, sold"),
}
KINDS: Mapping[str, str] = {"settings": msg("settings"), "policy": msg("policy")}
STATES: Mapping[str, str] = {
    "running": msg("going out"),
    "paused": msg("held by a person"),
    "stopped": msg("stopped by itself"),
    "done": msg("with all agents"),
    "superseded": msg("replaced by a newer one"),
}
_VOTES: Mapping[str, str] = {  # what speaks for and against an agent in an election
    "snmp": msg("can ask devices (SNMP)"),
    "no_snmp": msg("cannot ask devices (no SNMP)"),
    "wired": msg("on a cable"),
    "wireless": msg("on Wi-Fi"),
    "portable": msg("portable"),
    "desktop": msg("stands in one place"),
    "asked": msg("was enrolled as gateway"),
    "pinned_gateway": msg("a person made it the gateway"),
    "pinned_standby": msg("a person made it the standby"),
    "pinned_pc": msg("a person took it out of the election"),
}
_ON = re.compile(r"on_(\d{1,3})_percent", re.ASCII)
_VERSION = re.compile(r"version_(.{1,40})")
_TOLD = (  # what a rollout says of itself (machxa_collector.registry.rollout), and how it is said here
    (
        re.compile(r"(\d+) of (\d+) agents that are on have taken it"),
        msg("%(a)s of %(b)s agents that are on have taken it"),
    ),
    (
        re.compile(r"(\d+) of (\d+) agents have taken it; watched for half an hour"),
        msg("%(a)s of %(b)s agents have taken it; watched for half an hour"),
    ),
    (re.compile(r"(\d+) of (\d+) agents have taken it"), msg("%(a)s of %(b)s agents have taken it")),
    (re.compile(r"(\d+) of (\d+) agents refuse it; (.*)", re.DOTALL), msg("%(a)s of %(b)s agents refuse it: %(c)s")),
    (
        re.compile(r"(\d+) of (\d+) agents fell silent after taking it, one is (.*)", re.DOTALL),
        msg("%(a)s of %(b)s agents fell silent after taking it, one is %(c)s"),
    ),
    (re.compile(r"version (\d+) (began)"), msg("version %(a)s began")),
)


def vote(language: Language, reason: str) -> str:
    """Return one reason of an election in words; a word we do not know stays as it is."""
    on, version = _ON.fullmatch(reason), _VERSION.fullmatch(reason)
    if on:
        return language.catalogue.gettext(msg("on for %(percent)s %% of working time")) % {"percent": on[1]}
    if version:
        return language.catalogue.gettext(msg("version %(version)s")) % {"version": version[1]}
    return language.catalogue.gettext(_VOTES[reason]) if reason in _VOTES else reason


def told(language: Language, reason: str) -> str:
    """Return in words what a rollout says of itself; what we do not know stays as it is."""
    for pattern, text in _TOLD:
        found = pattern.fullmatch(reason)
        if found:
            return language.catalogue.gettext(text) % dict(zip("abc", found.groups(), strict=False))
    return reason
