"""The command ``machxa-agent checks run``: run the policy's checks once, and say what came of each."""

# ruff: noqa: PLC0415 - loaded by those who ask

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Callable, Dict, List, Optional, Tuple

if TYPE_CHECKING:
    from machxa_agent.checks.verdict import Tried
    from machxa_agent.config import Config
    from machxa_wire.catalogue import Check
    from machxa_wire.policy import Policy

    Ask = Callable[[Check, Tuple[str, ...]], Tried]


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    shown: argparse.ArgumentParser,
) -> None:
    """Add the command to the agent's."""
    checks = commands.add_parser("checks", help="run the checks of work systems that the policy names")
    acts = checks.add_subparsers(required=True, metavar="ACT")
    run = acts.add_parser("run", parents=[common, shown], help="run each once, now, and tell phases and verdict")
    run.add_argument("--id", metavar="CHECK", help="this one alone")
    run.set_defaults(command=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    """Print what came of each; 1 where one is not well, 2 where there is none to run."""
    from machxa_agent.checks.ask import Asker
    from machxa_agent.kept_config import KeptConfig
    from machxa_wire.policy import read_policy

    signed = KeptConfig(config.data).policy()
    policy = None if signed is None else read_policy(signed.text)
    if policy is None or not policy.catalogue:
        return _complain("máy này chưa nhận chính sách có phép kiểm tra nào (no policy with checks came here yet)")
    found = results(policy, Asker().ask, options.id)
    if not found:
        known = ", ".join(one.id for one in policy.catalogue)
        return _complain(f"không có phép kiểm tra {options.id!r} (no such check, expected one of {known})")
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else as_text(found))
    return 0 if all(one["state"] == "ok" for one in found) else 1


def results(policy: Policy, ask: Ask, only: Optional[str]) -> List[Dict[str, object]]:
    """Return what came of the checks that a policy lets run, its anchor asked first: it tells what others mean."""
    from machxa_agent.checks.judge import judge
    from machxa_agent.checks.verdict import State
    from machxa_agent.checks.words import words
    from machxa_wire.catalogue import ANCHOR

    portal: Optional[bool] = None
    found = []
    for check in sorted(policy.catalogue, key=lambda one: one.kind != ANCHOR):
        if check.id not in policy.checks or (only not in (None, check.id) and check.kind != ANCHOR):
            continue
        tried = ask(check, policy.hosts)
        verdict = judge(check, tried, portal=portal)
        if check.kind == ANCHOR and verdict.state in (State.OK, State.PORTAL):
            portal = verdict.state is State.PORTAL
        if only not in (None, check.id):
            continue
        vietnamese, english = words(verdict)
        body: Dict[str, object] = {
            "check": check.id,
            "system": check.system,
            "where": f"{check.kind} {check.host}:{check.port}",
            "state": verdict.state.value,
            "reason": verdict.reason,
            "phase": verdict.phase,
            "vi": vietnamese,
            "en": english,
            "seconds": {phase: round(took, 4) for phase, took in tried.seconds.items()},
            "bytes": tried.traffic_bytes,
        }
        more = {"http_status": tried.status, "redirect": tried.redirect, "days_left": tried.days_left}
        found.append({**body, **{name: value for name, value in more.items() if value is not None}})
    return found


def as_text(found: List[Dict[str, object]]) -> str:
    """Return results as lines for people."""
    from machxa_agent.checks.words import PHASES

    lines = []
    for one in found:
        lines.append(f"{one['check']}  {one['where']}  {one['vi']} ({one['en']})")
        seconds = one["seconds"]
        timed = seconds.items() if isinstance(seconds, dict) else ()
        told = [f"{PHASES[phase][0]} ({PHASES[phase][1]}) {took * 1000:.0f} ms" for phase, took in timed]
        if "days_left" in one:
            told.append(f"chứng thư còn {one['days_left']} ngày (certificate: days left)")
        if one.get("redirect"):
            told.append(f"chuyển tới {one['redirect']!r} (redirects)")
        lines.append("    " + ", ".join(told))
    return "\n".join(lines)


def _complain(text: str) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return 2
