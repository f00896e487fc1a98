"""Start the report window; the start menu's shortcut leads here."""

# ruff: noqa: INP001 - a script beside its build

from __future__ import annotations

import sys

from machxa_agent.main import main

if __name__ == "__main__":
    sys.exit(main(["report"]))
