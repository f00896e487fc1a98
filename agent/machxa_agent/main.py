"""The agent's commands: ``machxa-agent run``, ``once``, ``probe``, ``status``, ``outbox``, ``enrol``, ``service``."""

# ruff: noqa: PLC0415 - each command loads what it needs, so that the resident one stays small

from __future__ import annotations

import machxa_agent.light  # isort: skip # noqa: F401 - first, for what it keeps out of memory
import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Optional

from machxa_agent import installed
from machxa_agent.config import BadConfigError, Config, broker_of, read_config
from machxa_agent.parser import Parser

if TYPE_CHECKING:
    from machxa_agent.enrol import Enrolment
    from machxa_agent.identity import Identity
    from machxa_agent.orders import Orders

_SHOWN = 10
_SAID = (
    "data",
    "window",
    "log_file",
    "broker",
    "role",
    "enrol_url",
    "enrol_token_file",
    "enrol_ca_file",
    "enrol_ca_fingerprint",
)


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a command; return 0, 1 when it could not be done, 2 when it was asked wrongly."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(only_run=words[:1] == ["run"]).parse_args(words)
    try:
        return int(options.command(options, _config(options)))
    except BadConfigError as exc:
        return _complain(str(exc), 2)
    except ModuleNotFoundError as exc:
        return _complain(f"{exc.name} is missing: pip install machxa", 2)


def _run(options: argparse.Namespace, config: Config, orders: Optional[Orders] = None) -> int:
    """Run until ordered to end, by signals unless told how."""
    from machxa_agent import logs
    from machxa_agent.configured import configured, works
    from machxa_agent.identity import NotEnrolledError
    from machxa_agent.plan import CannotRunError, Plan
    from machxa_agent.probes import PROBES
    from machxa_agent.run import run
    from machxa_wire.records import Settings

    try:
        logs.begin(config.log_file)
    except OSError as exc:
        return _complain(f"log_file cannot be used: {exc}", 1)
    probes = configured(PROBES, config)
    if getattr(options, "witness", None):
        from machxa_agent.probes.witness import witness_probe

        probes = (*probes, witness_probe(options.witness))
    plan = Plan(
        folder=config.data,
        probes=probes,
        broker=broker_of(config.broker) if config.broker else None,
        enrol_url=config.enrol_url,
        enrol_token_file=config.enrol_token_file,
        enrol_ca_file=config.enrol_ca_file,
        enrol_ca_fingerprint=config.enrol_ca_fingerprint,
        role=config.role,
        policy_key=config.policy_key,
        software=config.software,
        caps=config.caps,
        window=config.window,
        works=works(config),
        paths=config.paths,
        has_gateway_file=config.gateway_file is not None,
        settings=Settings(0, config.sample_seconds, config.batch_seconds),
    )
    try:
        run(plan, orders)
    except (CannotRunError, NotEnrolledError) as exc:
        return _complain(str(exc), 1)
    return 0


def _once(options: argparse.Namespace, config: Config) -> int:
    """Print one reading and the facts."""
    from machxa_agent.configured import configured
    from machxa_agent.once import reading, text
    from machxa_agent.probes import PROBES

    whole = reading(configured(PROBES, config), config.software)
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
    """Get an identity with a token; wait while somebody has to approve, until Ctrl-C."""
    from machxa_agent.enrol import EnrolError, Waiting, enrol

    asked, told = _enrolment(options, config), ""
    identity: Optional[Identity] = None
    while identity is None:
        try:
            identity = enrol(config.data, asked)
        except Waiting as exc:  # noqa: PERF203 - it waits for a person
            if str(exc) != told:
                told = str(exc)
                print(told, flush=True)
            if options.no_wait:
                return 1
            time.sleep(exc.poll_seconds)
        except (EnrolError, OSError) as exc:
            return _complain(str(exc), 1)
    tls = ", TLS" if identity.encryption else ""
    print(
        f"đã ghi danh (enrolled as) {identity.address.agent}, broker {identity.broker_host}:{identity.broker_port}{tls}"
    )
    return 0


def _enrolment(options: argparse.Namespace, config: Config) -> Enrolment:
    """Return how to enrol: with a kit, or with what the command line and the configuration say."""
    from machxa_agent.enrol import Enrolment
    from machxa_agent.kit import read_kit

    if options.kit:
        return read_kit(options.kit, config.role)
    url = options.url or config.enrol_url
    file: Optional[Path] = options.token_file or config.enrol_token_file
    token: Optional[str] = options.token
    if token is None and file is not None:
        token = _text(file).strip()
    if url is None or token is None:
        raise BadConfigError("thiếu --url và --token, hoặc --kit DIR (--url and --token are needed, or --kit DIR)")
    ca = None if config.enrol_ca_file is None else _text(config.enrol_ca_file)
    return Enrolment(url, token, config.role, config.enrol_ca_fingerprint, ca)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{path} cannot be read: {exc}") from exc


def _config(options: argparse.Namespace) -> Config:
    """Return the configuration: the file's, then what the command line says."""
    config = read_config(options.config) if options.config else installed.config()
    said = {name: getattr(options, name, None) for name in _SAID}
    return replace(config, **{name: value for name, value in said.items() if value is not None})


def _parser(*, only_run: bool) -> argparse.ArgumentParser:
    """Return the parser; only_run leaves out the other commands, which a resident agent would carry along."""
    common = Parser(add_help=False)
    common.add_argument("--config", type=Path, metavar="FILE", help="a TOML file; the command line goes before it")
    common.add_argument("--data", type=Path, metavar="DIR", help="where identity and outbox are kept (var/agent)")
    common.add_argument("--broker", metavar="URL", help="mqtts://HOST:PORT instead of what enrolment said")
    common.add_argument("--role", choices=("pc", "gateway"), help="what this agent is (pc)")
    shown = Parser(add_help=False)
    shown.add_argument("--json", action="store_true", help="print JSON")
    parser: argparse.ArgumentParser = Parser(
        prog="machxa-agent", description="Watch this computer and tell the centre."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", parents=[common], help="run until told to stop")
    run.add_argument("--enrol-url", metavar="URL", help="the collector's address, to enrol at a first start")
    run.add_argument("--enrol-token-file", type=Path, metavar="FILE", help="holds the enrolment token")
    _add_centre(run)
    run.add_argument("--window", type=Path, metavar="DIR", help="where people's reports are dropped (DATA/window)")
    run.add_argument("--log-file", type=Path, metavar="FILE", help="log into a bounded file, not to standard error")
    run.add_argument("--witness", metavar="HOST:PORT", help="read a counter there, too (for the proof tests)")
    run.set_defaults(command=_run)
    if not only_run:
        _add_others(commands, common, shown)
    return parser


def _add_others(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    shown: argparse.ArgumentParser,
) -> None:
    from machxa_agent.checks import commands as check_commands
    from machxa_agent.devices import commands as device_commands
    from machxa_agent.ipp import commands as ipp_commands
    from machxa_agent.report import commands as report_commands
    from machxa_agent.service import commands as service_commands
    from machxa_agent.snmp import commands as snmp_commands

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
    enrol.add_argument("--url", metavar="URL", help="https://HOST:PORT of the collector")
    token = enrol.add_mutually_exclusive_group()
    token.add_argument("--token", metavar="T")
    token.add_argument("--token-file", type=Path, metavar="FILE")
    token.add_argument("--kit", type=Path, metavar="DIR", help="a folder made by machxa kit: address, token, authority")
    _add_centre(enrol)
    enrol.add_argument("--no-wait", action="store_true", help="end with status 1 where somebody has to approve first")
    enrol.set_defaults(command=_enrol)
    snmp_commands.add(commands)
    ipp_commands.add(commands)
    report_commands.add(commands)
    device_commands.add(commands, common)
    service_commands.add(commands, common, _run)
    check_commands.add(commands, common, shown)


def _add_centre(parser: argparse.ArgumentParser) -> None:
    known = parser.add_mutually_exclusive_group()
    known.add_argument("--ca-fingerprint", dest="enrol_ca_fingerprint", metavar="SHA256", help="printed with the token")
    known.add_argument("--ca", dest="enrol_ca_file", type=Path, metavar="FILE", help="the centre's certificate (PEM)")


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1)


def _complain(text: str, exit_status: int) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return exit_status


if __name__ == "__main__":
    sys.exit(main())
