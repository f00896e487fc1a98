"""Run a program from copies of the files it maps, so that its proportional memory (PSS) is its cost alone."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import paho.mqtt

_LIBRARY = re.compile(r"\.so(\.|$)")


def mapped_files(pid: int) -> list[str]:
    """Return the program and the libraries a process has mapped."""
    found = {line.split(None, 5)[5].strip() for line in _lines(pid) if len(line.split(None, 5)) > 5}
    program = str(Path(f"/proc/{pid}/exe").resolve())
    return sorted(one for one in found if one == program or (one.startswith("/") and _LIBRARY.search(Path(one).name)))


def apart(command: list[str], files: list[str], folder: Path) -> list[str]:
    """Return a command that runs this one where each file is a copy of its own; root alone may (mount namespaces)."""
    folder.mkdir()
    steps = ["mount --make-rprivate /"]
    for number, file in enumerate(files):
        copy = folder / f"{number}-{Path(file).name}"
        shutil.copy2(file, copy)
        steps.append(f"mount --bind {shlex.quote(str(copy))} {shlex.quote(file)}")
    script = " && ".join([*steps, 'exec "$@"'])
    return ["unshare", "--mount", "sh", "-c", script, "sh", *command]


def _lines(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()


def quiet(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program whose words nobody reads."""
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())


def environment() -> dict[str, str]:
    """Return an environment in which Python keeps what it compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root, packages = Path(__file__).parents[2], Path(str(paho.mqtt.__file__)).parents[2]
    return {**kept, "PYTHONPATH": f"{root / 'agent'}:{packages}"}
