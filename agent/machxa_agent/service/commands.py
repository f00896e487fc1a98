"""The commands ``machxa-agent service install | remove | start | stop | status``, and ``host`` for Windows itself."""

# ruff: noqa: PLC0415 - pywin32 is loaded by what needs it

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from typing import Callable, Dict, List, Tuple

from machxa_agent import installed
from machxa_agent.config import BadConfigError, Config
from machxa_agent.orders import Orders

Act = Callable[[argparse.Namespace, Config], int]
Runner = Callable[[argparse.Namespace, Config, Orders], int]


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    runner: Runner,
) -> None:
    """Add the commands; runner runs the agent with a configuration and orders, and returns an exit status."""
    service = commands.add_parser("service", help="run as a service of Windows")
    acts = service.add_subparsers(required=True, metavar="ACT")

    def host(options: argparse.Namespace, config: Config) -> int:
        return _host(options, config, runner)

    for name, (act, about) in {**_ACTS, "host": (host, "what Windows itself starts")}.items():
        one = acts.add_parser(name, parents=[common], help=about)
        one.set_defaults(command=partial(_on_windows, act))


def _on_windows(act: Act, options: argparse.Namespace, config: Config) -> int:
    """Do it where there are such services; raises BadConfigError elsewhere."""
    from machxa_agent.plan import CannotRunError

    if sys.platform != "win32":
        raise BadConfigError("chỉ có trên Windows (this is for Windows; elsewhere see deploy/systemd)")
    try:
        return act(options, config)
    except CannotRunError as exc:
        print(f"machxa-agent: {exc}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as exc:
        raise BadConfigError(f"{exc.name} is missing: pip install 'machxa[service]'") from exc


def _install(options: argparse.Namespace, config: Config) -> int:
    from machxa_agent.service import folders, registration

    data = installed.data_folder() if config.data == Config().data else config.data.absolute()
    folders.make(data)
    arguments: List[str] = ["--data", str(data)]
    if options.config:
        arguments += ["--config", str(options.config.absolute())]
    for one in registration.install(arguments):
        print(f"machxa-agent: hệ thống này không đặt được (this system cannot set): {one}", file=sys.stderr)
    print(f"đã cài dịch vụ (installed), {data}")
    return 0


def _remove(_options: argparse.Namespace, _config: Config) -> int:
    from machxa_agent.service import registration

    registration.remove()
    print("đã gỡ dịch vụ; dữ liệu còn nguyên (removed; its data stays)")
    return 0


def _start(_options: argparse.Namespace, _config: Config) -> int:
    from machxa_agent.service import registration

    registration.start()
    return 0


def _stop(_options: argparse.Namespace, _config: Config) -> int:
    from machxa_agent.service import registration

    registration.stop()
    return 0


def _status(_options: argparse.Namespace, _config: Config) -> int:
    """Print the service's state; 1 when it does not run."""
    from machxa_agent.service import registration

    state = registration.state()
    print(state or "not installed")
    return 0 if state == "running" else 1


def _host(options: argparse.Namespace, config: Config, runner: Runner) -> int:
    from machxa_agent.service.host import host

    logged = replace(config, log_file=config.log_file or config.data / "agent.log")  # nobody reads its standard error
    host(lambda orders: runner(options, logged, orders))
    return 0


_ACTS: Dict[str, Tuple[Act, str]] = {
    "install": (_install, "register it to start with Windows, and close its data folder to users"),
    "remove": (_remove, "stop and unregister it; the data folder stays"),
    "start": (_start, "start it and wait until it runs"),
    "stop": (_stop, "stop it and wait until it said good-bye"),
    "status": (_status, "print its state; exit status 1 when it does not run"),
}
