"""The agent's commands: ``machxa-agent run``, ``once``, ``probe``, ``status``, ``outbox``, ``enrol``."""

# ruff: noqa: PLC0415 - each command loads what it needs, so that the resident one stays small

from __future__ import annotations

import machxa_agent.light  # isort: skip # noqa: F401 - first, for what it keeps out of memory
import argparse
import json
import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Optional

from machxa_agent.config import BadConfigError, Config, broker_of, read_config

_SHOWN = 10


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a command; return 0, 1 when it could not be done, 2 when it was asked wrongly."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options, _config(options)))
    except BadConfigError as exc:
        return _complain(str(exc), 2)
    except ModuleNotFoundError as exc:
        return _complain(f"{exc.name} is missing: pip install machxa", 2)


def _run(options: argparse.Namespace, config: Config) -> int:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    from machxa_agent.identity import NotEnrolledError
    from machxa_agent.probes import PROBES
    from machxa_agent.run import CannotRunError, Plan, run
    from machxa_wire.records import Settings

    probes = PROBES
    if options.witness:
        from machxa_agent.probes.witness import witness_probe

        probes = (*probes, witness_probe(options.witness))
    plan = Plan(
        folder=config.data,
        probes=probes,
        broker=broker_of(config.broker) if config.broker else None,
        enrol_url=config.enrol_url,
        enrol_token_file=config.enrol_token_file,
        role=config.role,
        policy_key=config.policy_key,
        settings=Settings(0, config.sample_seconds, config.batch_seconds),
    )
    try:
        run(plan)
    except (CannotRunError, NotEnrolledError) as exc:
        return _complain(str(exc), 1)
    return 0


def _once(options: argparse.Namespace, _config: Config) -> int:
    """Print one reading and the facts."""
    from machxa_agent.once import reading, text
    from machxa_agent.probes import PROBES

    whole = reading(PROBES)
    print(_json(whole) if options.json else text(whole), end="\n" if options.json else "")
    return 0


def _probe(options: argparse.Namespace, _config: Config) -> int:
    """Print what one probe reads."""
    from machxa_agent.once import shown
    from machxa_agent.probes import by_name

    try:
        probe = by_name(options.name)
    except KeyError as exc:
        return _complain(str(exc.args[0]), 2)
    try:
        samples = [shown(one) for one in probe.read()]
    except Exception as exc:  # noqa: BLE001 - a probe may raise anything; this command shows it
        return _complain(f"probe {options.name} measured nothing: {type(exc).__name__}: {exc}", 1)
    if options.json:
        print(_json({"probe": options.name, "samples": samples}))
        return 0
    for one in samples:
        labels = one["labels"]
        named = ", ".join(f"{name}={value}" for name, value in labels.items()) if isinstance(labels, dict) else ""
        value = "-" if one["value"] is None else one["value"]
        print(f"{one['name']} {{{named}}} {value} {one.get('unit', '')}".rstrip())
    return 0


def _status(options: argparse.Namespace, config: Config) -> int:
    """Print how the agent is doing; 1 when it does not run."""
    from machxa_agent import status

    body = status.read(config.data)
    print(_json(body) if options.json else status.as_text(body))
    return 0 if body["running"] else 1


def _outbox(options: argparse.Namespace, config: Config) -> int:
    """Print what waits to be sent."""
    from machxa_agent import status

    body: Dict[str, object] = status.outbox(config.data, _SHOWN)
    print(_json(body) if options.json else status.as_text(body))
    return 1 if "error" in body else 0


def _enrol(options: argparse.Namespace, config: Config) -> int:
    """Get an identity with a token."""
    from machxa_agent.enrol import EnrolError, Enrolment, enrol

    try:
        token = options.token or options.token_file.read_text(encoding="utf-8").strip()
        identity = enrol(config.data, Enrolment(options.url, token, config.role))
    except (EnrolError, OSError) as exc:
        return _complain(str(exc), 1)
    print(f"enrolled as {identity.address.agent}, broker {identity.broker_host}:{identity.broker_port}")
    return 0


def _config(options: argparse.Namespace) -> Config:
    """Return the configuration: the file's, then what the command line says."""
    config = read_config(options.config) if options.config else Config()
    said = {name: getattr(options, name, None) for name in ("data", "broker", "role", "enrol_url", "enrol_token_file")}
    return replace(config, **{name: value for name, value in said.items() if value is not None})


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, metavar="FILE", help="a TOML file; the command line goes before it")
    common.add_argument("--data", type=Path, metavar="DIR", help="where identity and outbox are kept (var/agent)")
    common.add_argument("--broker", metavar="URL", help="mqtt://HOST:PORT instead of what enrolment said")
    common.add_argument("--role", choices=("pc", "gateway"), help="what this agent is (pc)")
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("--json", action="store_true", help="print JSON")
    parser = argparse.ArgumentParser(prog="machxa-agent", description="Watch this computer and tell the centre.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", parents=[common], help="run until told to stop")
    run.add_argument("--enrol-url", metavar="URL", help="the collector's address, to enrol at a first start")
    run.add_argument("--enrol-token-file", type=Path, metavar="FILE", help="holds the enrolment token")
    run.add_argument("--witness", metavar="HOST:PORT", help="read a counter there, too (for the proof tests)")
    run.set_defaults(command=_run)
    once = commands.add_parser("once", parents=[common, shown], help="print one reading and the facts")
    once.set_defaults(command=_once)
    probe = commands.add_parser("probe", parents=[common, shown], help="print what one probe reads")
    probe.add_argument("name", metavar="NAME")
    probe.set_defaults(command=_probe)
    status = commands.add_parser("status", parents=[common, shown], help="tell whether it runs, connects and delivers")
    status.set_defaults(command=_status)
    outbox = commands.add_parser("outbox", parents=[common, shown], help="tell what waits to be sent")
    outbox.set_defaults(command=_outbox)
    enrol = commands.add_parser("enrol", parents=[common], help="get an identity from the collector")
    enrol.add_argument("--url", required=True, metavar="URL", help="http://HOST:PORT of the collector")
    token = enrol.add_mutually_exclusive_group(required=True)
    token.add_argument("--token", metavar="T")
    token.add_argument("--token-file", type=Path, metavar="FILE")
    enrol.set_defaults(command=_enrol)
    return parser


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1)


def _complain(text: str, exit_status: int) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return exit_status


if __name__ == "__main__":
    sys.exit(main())
