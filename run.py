#!/usr/bin/env python3
"""Start Mạch Xã, test it or check it, on a computer that has Python and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import bootstrap

HELP = """\
python3 run.py [up] [--data DIR] [--port N]   chạy tất cả, Ctrl-C để dừng (run everything, Ctrl-C stops)
python3 run.py test [PYTEST ARGS]             chạy kiểm thử (run the tests)
python3 run.py check                          định dạng, kiểu, phụ thuộc (format, lint, types, imports, documents)
python3 run.py lock                           khóa lại thư viện, cần uv (pin the libraries again, needs uv)

--yes      không hỏi trước khi cài bằng apt (install with apt without asking)
--no-uv    dùng pip dù có uv (use pip although uv is there)

Without arguments, test runs the quick tests on all cores, then those marked e2e, faults, bench, wine or postgres,
three at once. Up to three that fail are played again, alone; those that pass then are named: they want mending.
With arguments, it runs pytest once, with exactly these.
"""
OLDEST_PYTHON = (3, 11)
SLOW = "e2e or faults or bench or wine or postgres"
THREE_FILES_AT_A_TIME = (
    "-n",
    "3",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
)  # they wait more than they work; more at once would disturb them
UV_OPTIONS = bootstrap.UV_OPTIONS
FAILED = bootstrap.ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
PLAYED_AGAIN = ("-rfE", "--last-failed", "--last-failed-no-failures", "none")
TESTS_FAILED = 1  # pytest.ExitCode.TESTS_FAILED
MOST_PLAYED_AGAIN = 3  # more are no accident
EXPORTS = {
    "up": (*UV_OPTIONS["up"], "--group", "build"),
    "all": UV_OPTIONS["all"],
    "windows": (
        "--no-default-groups",
        *("--extra=enrol", "--extra=gateway", "--extra=report", "--extra=service"),
        "--group=windows",
    ),
}


@dataclass(frozen=True)
class Step:
    """Describe one check: its name, its command, and the file its output must equal, if one."""

    name: str
    command: tuple[str, ...]
    equals: Path | None = None


@dataclass(frozen=True)
class Asked:
    """Say what the person wants: a command, its arguments, and how to install."""

    command: str
    arguments: tuple[str, ...] = ()
    yes: bool = False
    no_uv: bool = False


def parse(arguments: list[str]) -> Asked:
    """Return what was asked; options of ours come first, except that ``up`` takes them anywhere.

    Without a command it is ``up``. A first word that is neither a command nor an option is returned as the command.
    """
    ours = {"--yes", "--no-uv"}
    first = next((i for i, word in enumerate(arguments) if word not in ours), len(arguments))
    before, rest = arguments[:first], arguments[first:]
    command = rest.pop(0) if rest and not rest[0].startswith("-") else "up"
    if command == "up":
        before += [word for word in rest if word in ours]
        rest = [word for word in rest if word not in ours]
    return Asked(command, tuple(rest), yes="--yes" in before, no_uv="--no-uv" in before)


def pytest_runs(arguments: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the arguments of each pytest run: one as given, or the quick tests, then the slow ones."""
    if arguments:
        return [arguments]
    return [("-n", "auto", "-rfEs", "-m", f"not ({SLOW})"), (*THREE_FILES_AT_A_TIME, "-rfEs", "-m", SLOW)]


def check_steps(python: str, uv: str | None) -> list[Step]:
    """Return each check; without uv the lock is taken as it is."""
    module = (python, "-m")
    lint_imports = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    vermin = ("-c", "import sys; from vermin import main; sys.exit(main())", "-t=3.8-", "--no-tips", "--violations")
    older = ("--exclude", "tomllib", "agent/machxa_wire", "agent/machxa_agent")  # it takes tomli where tomllib is not
    steps = [
        Step("format", (*module, "ruff", "format", "--check", ".")),
        Step("lint", (*module, "ruff", "check", ".")),
        Step("types", (*module, "mypy")),
        Step("imports", (python, "-c", lint_imports)),
        Step("agent for Python 3.8", (python, *vermin, *older)),
        Step("dependencies", (*module, "deptry", ".")),
        Step("documents of the wire", (*module, "machxa_wire", "docs", "--check")),
        Step("document of the API", (*module, "machxa_collector.api", "--check")),
    ]
    if uv is not None:
        steps.append(Step("lock", (uv, "lock", "--check")))
        steps += [
            Step(f"requirements for {mode}", (uv, *export(mode)), bootstrap.requirements(mode)) for mode in EXPORTS
        ]
    return steps


def export(mode: str) -> tuple[str, ...]:
    """Return uv's arguments that print a requirements file."""
    return ("export", "--frozen", "--quiet", "--no-header", "--no-emit-project", "--no-annotate", *EXPORTS[mode])


def main() -> int:
    """Install what is missing, then do what was asked; return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr] # a text stream at start
    if sys.version_info < OLDEST_PYTHON:
        had = "{}.{}".format(*sys.version_info)
        return bootstrap.fail(f"cần Python 3.11 trở lên, đang có {had}", f"needs Python 3.11 or newer, this is {had}")
    if sys.argv[1:2] in (["--help"], ["-h"]):
        print(HELP, end="")
        return 0
    asked = parse(sys.argv[1:])
    commands = {"up": _up, "test": _test, "check": _check, "lock": _lock}
    if asked.command not in commands:
        bootstrap.fail(f"không có lệnh {asked.command!r}", f"no such command, expected one of {', '.join(commands)}")
        return 2
    if asked.command == "lock":
        return _lock(asked)
    return bootstrap.ensure(asked.command, yes=asked.yes, no_uv=asked.no_uv) or commands[asked.command](asked)


def _up(asked: Asked) -> int:
    """Go on as the collector, in the caller's folder, with the data beside this file unless told otherwise."""
    told = any(word.split("=")[0] == "--data" for word in asked.arguments)
    data = () if told else ("--data", str(bootstrap.ROOT / "var"))
    command = (_python(), "-P", "-m", "machxa_collector.main", "up", *data, *asked.arguments)
    if os.name != "nt":
        os.execve(command[0], command, bootstrap.environment())  # noqa: S606 - becomes it: one process, one Ctrl-C
    return bootstrap.call(command, folder=Path.cwd())


def _test(asked: Asked) -> int:
    if asked.arguments:
        return _pytest(asked.arguments)
    statuses = [_twice(run) for run in pytest_runs(())]
    return next(filter(None, statuses), 0)


def _twice(arguments: tuple[str, ...]) -> int:
    """Run pytest; play the few tests that fail once more, alone. Return the status that counts."""
    FAILED.unlink(missing_ok=True)
    status = _pytest(arguments)
    failed = failed_tests(FAILED)
    if status != TESTS_FAILED or not 0 < len(failed) <= MOST_PLAYED_AGAIN:
        return status
    print(f"playing again, alone: {' '.join(failed)}")
    again = _pytest(PLAYED_AGAIN)
    for name in sorted(set(failed) - set(failed_tests(FAILED))):
        print(f"PASSED ONLY ALONE, to be mended: {name}")
    return again


def failed_tests(place: Path) -> list[str]:
    """Return what pytest noted as failed, [] where it noted nothing."""
    try:
        return sorted(json.loads(place.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []


def _pytest(arguments: tuple[str, ...]) -> int:
    return bootstrap.call((_python(), "-m", "pytest", *arguments))


def _lock(_asked: Asked) -> int:
    """Pin the libraries again and write what pip reads."""
    uv = shutil.which("uv")
    if uv is None:
        return bootstrap.fail("lock cần uv", "lock needs uv: https://docs.astral.sh/uv/")
    exports = [(uv, *export(mode), "-o", str(bootstrap.requirements(mode))) for mode in EXPORTS]
    return next(filter(None, map(bootstrap.call, [(uv, "lock"), *exports])), 0)


def _check(_asked: Asked) -> int:
    """Run every step, say how each ended, show what the failed ones said."""
    failed = 0
    for step in check_steps(_python(), shutil.which("uv")):
        done = subprocess.run(
            step.command, cwd=bootstrap.ROOT, env=bootstrap.environment(), capture_output=True, check=False
        )
        stale = step.equals is not None and done.stdout.split() != step.equals.read_bytes().split()
        print(f"{step.name:<24}{'FAILED' if done.returncode or stale else 'OK'}", flush=True)
        if stale:
            print(f"{step.equals} is not what uv.lock pins: python3 run.py lock")
        if done.returncode:
            print((done.stdout + done.stderr).decode(errors="replace"))
        failed += bool(done.returncode or stale)
    return 1 if failed else 0


def _python() -> str:
    return str(bootstrap.venv_python())


if __name__ == "__main__":
    sys.exit(main())
