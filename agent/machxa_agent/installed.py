"""Find what was installed for the whole computer, so that its commands need not be told where it is."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from machxa_agent.config import Config, read_config


def data_folder() -> Path:
    r"""Return where the agent keeps its data on Windows, C:\ProgramData\machxa."""
    return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "machxa"


def config() -> Config:
    """Return the configuration of an agent that was installed for the whole computer, on Windows; else the default one.

    There the packaged agent keeps its data in one place, and a configuration file in that place counts without being
    named. Raises BadConfigError.
    """
    if sys.platform != "win32":
        return Config()
    file = data_folder() / "agent.toml"
    if not file.exists() and not getattr(sys, "frozen", False):
        return Config()
    found = read_config(file) if file.exists() else Config()
    return replace(found, data=data_folder()) if found.data == Config().data else found
