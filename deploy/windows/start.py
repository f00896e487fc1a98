"""Start the packaged agent: its commands, or one of its own modules where it asks for one with -m."""

# ruff: noqa: INP001 - a script beside its build

from __future__ import annotations

import runpy
import sys

from modules import STARTED


def main() -> int:
    """Do what the command line says; a module is run only when it is one of ours that is meant to be."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a console of an old code page must not end a command that speaks Vietnamese
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text stream at start
    if sys.argv[1:2] == ["-m"]:
        if sys.argv[2] not in STARTED:
            return 2
        module = sys.argv.pop(2)
        sys.argv.pop(1)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    from machxa_agent.main import main as commands  # noqa: PLC0415 - a child of its own does without

    return commands()


if __name__ == "__main__":
    sys.exit(main())
