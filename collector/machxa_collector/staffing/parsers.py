"""Say how the commands about people and API tokens are written; light, since every command loads it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_ROLES = ("province_it", "finance", "leader", "clerk", "auditor", "admin")
_SCOPE = "nation, a province's code (86), or codes of units with commas between (29506,29512)"
_MOST_DAYS = 3650


def add(commands: Any, data: Path) -> None:  # noqa: ANN401 - argparse names the type of subparsers privately
    """Give the command line `machxa user`."""
    user = commands.add_parser("user", help="people: add, list, invite, disable, enable, forget-second-factor")
    acts = user.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("add", help="make an account; prints the link with which the person sets a password")
    new.add_argument("login", metavar="LOGIN", help="such as lan.it")
    new.add_argument("--name", required=True, metavar="NAME", help="the person's name")
    new.add_argument("--role", action="append", required=True, choices=_ROLES, help="may be given several times")
    new.add_argument("--scope", required=True, metavar="SCOPE", help=_SCOPE)
    lists = acts.add_parser("list", help="list accounts with roles and territories")
    told = {
        "invite": "print a link with which the person sets a new password",
        "disable": "take an account out of use; its sessions end at once",
        "enable": "take an account into use again",
        "forget-second-factor": "let a person whose phone is lost set up a new one",
    }
    others = [acts.add_parser(name, help=text) for name, text in told.items()]
    for one in others:
        one.add_argument("login", metavar="LOGIN", help="as list shows it")
    for one in (new, lists, *others):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")


def add_token_options(token: argparse.ArgumentParser) -> None:
    """Give `machxa token` what an API token may do; without a name it reads and changes everything, for ever."""
    token.add_argument("id", nargs="?", metavar="ID", help="with revoke: the token's id, as list shows it")
    token.add_argument(
        "--name", metavar="NAME", help="with api: what the token is for; it then has roles, a territory and an end"
    )
    token.add_argument("--role", action="append", choices=_ROLES, help="with --name; may be given several times")
    token.add_argument(
        "--permission",
        action="append",
        metavar="NAME",
        help="with --name: only these of what the roles may; again for more",
    )
    token.add_argument("--scope", metavar="SCOPE", help=f"with --name: {_SCOPE}")
    token.add_argument(
        "--days", type=_days, metavar="N", help="how long it lives (default: with --name 90, with enrol 1)"
    )


def _days(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {_MOST_DAYS}")
    return int(text)
