"""Say what the commands about trust take; loads nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol


class Commands(Protocol):
    """Take commands, as argparse's subparsers do."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


OFFLINE = "machxa_collector.trust.offline"
_KINDS = ("settings", "policy")


def add(commands: Commands, data: Path) -> None:
    """Add the commands about trust; data is the default data folder."""
    for one in (*_audit(commands), *_policy(commands), *_rollout(commands)):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")


def _audit(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    acts = _acts(commands.add_parser("audit", help="the audit trail: verify, root, export FILE"))
    verify = acts.add_parser("verify", help="check the whole chain; exit status 1 names the first broken entry")
    verify.add_argument("--against", type=Path, metavar="FILE", help="roots kept elsewhere: what `audit root` printed")
    root = acts.add_parser("root", help="print the root of each day and of now, to be kept elsewhere")
    export = acts.add_parser("export", help="write all entries as CSV, stamped with who and when")
    export.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    return verify, root, export


def _policy(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    """Add the policy's acts; the first two run on an offline computer, without data folder."""
    acts = _acts(commands.add_parser("policy", help="what agents may do at most: new-key, sign, trust, install"))
    new_key = acts.add_parser("new-key", help="offline: make the key that signs policies")
    new_key.add_argument("file", type=Path, metavar="FILE", help="the private key; its public half goes to FILE.pub")
    sign = acts.add_parser("sign", help="offline: sign a policy")
    sign.add_argument(
        "policy", type=Path, metavar="POLICY.toml", help="what agents may do at most, as deploy/policy.toml"
    )
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key")
    sign.add_argument("--systems", type=Path, metavar="FILE", help="what `systems export` gave: its checks go along")
    sign.add_argument("--out", type=Path, metavar="FILE", help="the signed policy (default: POLICY.signed)")
    for offline in (new_key, sign):
        offline.add_argument("--passphrase-file", type=Path, metavar="FILE", help="what encrypts the private key")
        offline.set_defaults(module=OFFLINE)
    trust = acts.add_parser("trust", help="let a public key sign policies; agents are told it when they enrol")
    trust.add_argument("file", type=Path, metavar="FILE.pub", help="what new-key wrote beside the private key")
    install = acts.add_parser("install", help="take a signed policy in; it goes to 1 %%, 10 %%, then all agents")
    install.add_argument("file", type=Path, metavar="POLICY.signed", help="what sign wrote")
    return trust, install


def _rollout(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    acts = _acts(commands.add_parser("rollout", help="how settings and policies spread: status, pause, resume"))
    status = acts.add_parser("status", help="list rollouts, newest first")
    pause = acts.add_parser("pause", help="widen no further")
    resume = acts.add_parser("resume", help="go on, after a pause or a stop")
    for one in (pause, resume):
        one.add_argument("kind", choices=_KINDS, help="of what rollout")
    return status, pause, resume


def _acts(command: argparse.ArgumentParser) -> Commands:
    return command.add_subparsers(dest="act", required=True, metavar="ACT")
