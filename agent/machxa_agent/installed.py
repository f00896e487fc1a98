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
    named. Users may not read it: to them, in the report window, it is as if there was none. Raises BadConfigError.
    """
    if sys.platform != "win32":
        return Config()
    return found_in(data_folder(), is_packaged=bool(getattr(sys, "frozen", False)))


def found_in(folder: Path, *, is_packaged: bool) -> Config:
    """Return the configuration in a data folder, or the default one; packaged, that folder is where its data is."""
    file = folder / "agent.toml"
    has_file = _can_be_read(file)
    if not has_file and not is_packaged:
        return Config()
    found = read_config(file) if has_file else Config()
    return replace(found, data=folder) if found.data == Config().data else found


def _can_be_read(file: Path) -> bool:
    try:
        file.open("rb").close()
    except OSError:
        return False
    return True
