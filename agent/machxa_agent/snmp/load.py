"""Load the device profiles that come with the agent."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Mapping

from machxa_agent.snmp.profiles import BadProfileError, Profiles, read_profiles

FOLDER = Path(__file__).parent / "profiles"


def load_profiles(folder: Path = FOLDER) -> Profiles:
    """Return the profiles of a folder; raises BadProfileError, naming file and place."""
    try:
        import tomllib  # novm  # noqa: PLC0415 - from Python 3.11
    except ModuleNotFoundError:
        import tomli as tomllib  # type: ignore[no-redef]  # the same library before it moved  # noqa: PLC0415

    bodies: Dict[str, Mapping[str, object]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            bodies[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as exc:  # noqa: PERF203 - the message names the file
            raise BadProfileError(f"{path.name}: {exc}") from exc
    return read_profiles(bodies)
