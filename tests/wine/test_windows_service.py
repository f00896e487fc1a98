"""The agent as a service of Windows: registered, started, sending, stopped with a good-bye, removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_fleet import stage
from tests.wine.centre import presence, readings, until
from tests.wine.machine import Windows

pytestmark = [
    pytest.mark.wine,
    pytest.mark.skipif(bool(stage.missing()), reason=f"{', '.join(stage.missing())} is not installed"),
]
_DATA = r"C:\ProgramData\machxa"
_RIGHTS = """\
import json, sys, win32security as w
from machxa_agent.service.access import folders
told = {}
for one in folders():
    path = sys.argv[1] + "/" + one.path
    found = w.GetFileSecurity(path, w.OWNER_SECURITY_INFORMATION | w.DACL_SECURITY_INFORMATION)
    told[one.path] = w.ConvertSecurityDescriptorToStringSecurityDescriptor(found, 1, w.DACL_SECURITY_INFORMATION)
print(json.dumps(told))
"""


def _agent(pc: Windows, python: Path, *arguments: str) -> tuple[int, str]:
    done = pc.run(python, "-m", "machxa_agent.main", *arguments)
    return done.returncode, done.stdout


def test_a_service_lives_from_its_installation_to_its_removal(pc: Windows, legacy: Path) -> None:
    data = pc.drive / "ProgramData" / "machxa"
    with stage.running() as here:
        data.mkdir(parents=True)
        (data / "token.txt").write_text(here.token(1))
        lines = ('enrol_token_file = "token.txt"', f'enrol_url = "http://127.0.0.1:{here.page}"')
        (data / "agent.toml").write_text("\n".join([*lines, "sample_seconds = 1", "batch_seconds = 1", ""]))
        url = f"http://127.0.0.1:{here.page}"

        installed = _agent(pc, legacy, "service", "install", "--config", rf"{_DATA}\agent.toml")
        again = _agent(pc, legacy, "service", "install", "--config", rf"{_DATA}\agent.toml")
        started = _agent(pc, legacy, "service", "start")
        until("two readings are committed", lambda: len(readings(url, "system.memory.limit")) > 1)
        running = _agent(pc, legacy, "service", "status")
        stopped = _agent(pc, legacy, "service", "stop")
        until("the good-bye is known", lambda: presence(url) == "off")
        removed = _agent(pc, legacy, "service", "remove")
        gone = _agent(pc, legacy, "service", "status")

    assert (installed[0], again[0], started, stopped) == (0, 0, (0, ""), (0, "")), (installed, again)
    assert (running[0], running[1].strip()) == (0, "running")
    assert removed[0] == 0, removed
    assert (gone[0], gone[1].strip()) == (1, "not installed")


def test_its_folders_get_their_rights_and_what_is_no_folder_is_refused(pc: Windows, modern: Path) -> None:
    data = r"C:\elsewhere"
    installed = _agent(pc, modern, "service", "install", "--data", data)
    told = pc.run(modern, "-c", _RIGHTS, data)
    removed = _agent(pc, modern, "service", "remove")
    (pc.drive / "file").write_text("")

    refused = _agent(pc, modern, "service", "install", "--data", r"C:\file")

    assert (installed[0], removed[0]) == (0, 0), (installed, removed)
    assert told.returncode == 0, told.stderr
    print(json.loads(told.stdout))
    assert refused[0] == 1, refused
