"""Load the device profiles that come with the agent."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Mapping

from machxa_agent.config import BadConfigError, read_toml
from machxa_agent.snmp.profiles import BadProfileError, Profiles, read_profiles

FOLDER = Path(__file__).parent / "profiles"


def load_profiles(folder: Path = FOLDER) -> Profiles:
    """Return the profiles of a folder; raises BadProfileError, naming file and place."""
    try:
        bodies: Dict[str, Mapping[str, object]] = {path.name: read_toml(path) for path in sorted(folder.glob("*.toml"))}
    except BadConfigError as exc:
        raise BadProfileError(str(exc)) from exc
    return read_profiles(bodies)
