"""Run the collector's commands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from machxa_collector import store_address
from machxa_collector.channels import parsers as channels
from machxa_collector.checks import parsers as systems
from machxa_collector.demo import parsers as demo
from machxa_collector.drill import parsers as drill
from machxa_collector.enrolling import parsers as enrolling
from machxa_collector.failure import CannotRunError
from machxa_collector.importing import parsers as files
from machxa_collector.importing.dossiers import parsers as dossiers
from machxa_collector.operating import parsers as operating
from machxa_collector.purchasing import parsers as purchasing
from machxa_collector.relay import parsers as relay
from machxa_collector.staffing import parsers as people
from machxa_collector.trust import parsers as trust

DATA = Path(os.environ.get("MACHXA_DATA") or "var")
PORT = 8470
_PORTS = 65536
_MOST_USES = 100_000
_BENCHES = {
    "intake": "machxa_fleet.bench_intake",
    "fleet": "machxa_fleet.bench_fleet",
    "herd": "machxa_fleet.bench_herd",
    "import": "machxa_collector.importing.bench",
    "dossiers": "machxa_collector.importing.dossiers.bench",
    "detect": "machxa_collector.drill.bench",
    "judge": "machxa_collector.drill.bench_judging",
    "plan": "machxa_collector.purchasing.bench",
    "nation": "machxa_fleet.bench_nation",
    "zabbix": "machxa_fleet.bench_zabbix",
    "backlog": "machxa_fleet.bench_backlog",
    "store": "machxa_collector.measuring.bench_store",
    "query": "machxa_collector.measuring.bench_query",
    "pages": "machxa_collector.measuring.bench_pages",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["bench"]:
        return _bench(given[1:])
    options = _parser().parse_args(given)
    if (told := _whose(getattr(options, "data", None))) is not None:
        print(f"machxa: {told}", file=sys.stderr)
        return 1
    if getattr(options, "store", None) is not None:
        try:
            store_address.remember(options.data, options.store)
        except CannotRunError as exc:
            print(f"machxa: {exc}", file=sys.stderr)
            return 1
    try:
        commands = importlib.import_module(getattr(options, "module", "machxa_collector.commands"))
    except ModuleNotFoundError as exc:
        if (exc.name or "").startswith("machxa_"):
            raise
        print(f"machxa needs {exc.name}: pip install 'machxa[collector]'", file=sys.stderr)
        return 2
    status: int = commands.run(options)
    return status


def _whose(data: Path | None) -> str | None:
    """Return why root leaves another user's data folder alone: what root makes there, its collector cannot open."""
    if data is None or sys.platform == "win32" or os.geteuid() != 0:
        return None
    try:
        owner = data.stat().st_uid
    except OSError:
        return None
    if owner == 0:
        return None
    try:
        name = importlib.import_module("pwd").getpwuid(owner).pw_name
    except KeyError:
        name = f"#{owner}"
    return str(
        CannotRunError(
            f"thư mục dữ liệu {data} là của {name}; chưa có gì thay đổi. Hãy chạy: runuser -u {name} -- machxa ...",
            f"data folder {data} belongs to {name}; nothing was changed. Run: runuser -u {name} -- machxa ...",
        )
    )


def _bench(arguments: list[str]) -> int:
    module = _BENCHES.get(" ".join(arguments[:1]))
    if module is None:
        print(f"usage: machxa bench {'|'.join(_BENCHES)} [--json] [--help]", file=sys.stderr)
        return 2
    status: int = importlib.import_module(module).main(arguments[1:])
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="machxa", description="Mạch Xã: nhịp của xã / the pulse of the commune")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="broker, collector, pages and this computer's agent, all in one")
    serve = commands.add_parser("serve", help="the collector alone, with a broker of yours or the embedded one")
    for one in (up, serve):
        one.set_defaults(module="machxa_collector.running")
        one.add_argument(
            "--host", default="127.0.0.1", metavar="ADDRESS", help="where the pages listen (default %(default)s)"
        )
        one.add_argument("--port", type=_port, default=PORT, metavar="N", help="the pages' port (default %(default)s)")
        one.add_argument("--broker", metavar="URL", help="mqtts://HOST:PORT, mosquitto, or embedded")
        enrolling.add_broker_options(one)
        channels.add_allowed(one)
        one.add_argument("--dossiers", type=Path, metavar="FILE", help="from where dossiers may come (TOML)")
        one.add_argument("--seal-key", type=Path, metavar="FILE", help="keys that seal secrets (default: its own)")
        one.add_argument(
            "--broker-password-file", type=Path, metavar="FILE", help="holds the collector's password there"
        )
        one.add_argument(
            "--broker-folder", type=Path, metavar="DIR", help="keep certificates and passwords of a mosquitto there"
        )
    serve.add_argument("--sinks", type=Path, metavar="FILE", help="servers that what was measured is copied to (TOML)")
    serve.add_argument(
        "--anchor", action="append", default=[], metavar="HOST[:PORT]",
        help="a host beyond our own line, up to four: when none answers it is the centre that is cut off",
    )  # fmt: skip
    serve.add_argument("--heartbeat", metavar="URL", help="ping there once a minute while records go through")
    serve.add_argument("--behind-proxy", action="store_true", help="nginx asks for others: reading needs a sign-in")
    serve.add_argument(
        "--member", metavar="NAME", help="one of several collectors that share a PostgreSQL and a broker"
    )
    token = commands.add_parser(
        "token", help="make a token: enrol, api, or a one-time sign-in link; list and revoke API tokens"
    )
    token.add_argument("purpose", choices=("enrol", "api", "sign-in", "list", "revoke"), help="what to make, or to do")
    token.add_argument(
        "--uses", type=_uses, default=1, metavar="N", help="how many agents an enrolment token serves (default 1)"
    )
    people.add_token_options(token)
    enrolling.add_token_options(token)
    commands.add_parser(
        "bench",
        help="measure: bench intake|fleet|herd|import|dossiers|detect|judge|plan|nation|backlog|zabbix"
        "|store|query|pages [--json]",
    )
    trust.add(commands, DATA)
    systems.add(commands, DATA)
    channels.add(commands, DATA)
    enrolling.add(commands, DATA)
    people.add(commands, DATA)
    files.add(commands, DATA)
    dossiers.add(commands, DATA)
    purchasing.add(commands, DATA)
    operating.add(commands, DATA)
    relay.add(commands)
    drill.add(commands)
    demo.add(commands, PORT)
    init = commands.add_parser("init", help="seed units, office hours and the home province; again changes nothing")
    init.add_argument("--province", required=True, metavar="CODE_OR_NAME", help='such as 86 or "vĩnh long"')
    for one in (up, serve, token, init):
        one.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="data folder (default %(default)s)")
        one.add_argument("--store", metavar="URL", help="postgresql://USER@HOST/DATABASE; the data folder remembers it")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to 65535")
    return int(text)


def _uses(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_USES:
        raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {_MOST_USES}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
