"""Run the tests of the agent and the wire under Python 3.8, the last that starts on Windows 7.

``python tools/older_python.py [PYTEST ARGS]`` takes the python3.8 on the PATH, or one of pyenv's, and an environment of
its own in ``.venv38`` with what the builds for Windows 7 pin. It says so and ends well where there is none. Gateways'
modules for SNMP are left out: pysnmp wants Python 3.10; and so are tests with a broker, which the fleet starts.
"""

# ruff: noqa: INP001, S603, T201 - a script that starts Python with arguments of ours and talks to people

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_FOLDER = ROOT / ".venv38"
_PINS = ROOT / "deploy" / "windows" / "requirements-legacy-64.txt"
_AGENT = ("cryptography", "importlib-metadata", "paho-mqtt", "psutil", "segno", "tomli")
_TESTS = ("hypothesis==6.113.0", "jsonschema==4.23.0", "pytest==8.3.5")  # the last for Python 3.8
_ROOTS = ("tests/agent", "tests/wire")
_ONLY_NEWER = re.compile(
    r"^(from|import) (machxa_collector|machxa_fleet|machxa_web|pyasn1|pysnmp|tests\.(collector|wine))\b", re.MULTILINE
)


def main(arguments: list[str]) -> int:
    """Make the environment when it is missing, run the tests; return pytest's exit status, 0 without Python 3.8."""
    python = _python()
    if python is None:
        print("skipped: there is no Python 3.8 here (pyenv install 3.8)")
        return 0
    if not _FOLDER.exists():
        subprocess.run([python, "-m", "venv", str(_FOLDER)], check=True)
        subprocess.run(
            [str(_FOLDER / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", *_pinned(), *_TESTS],
            check=True,
        )
    ignored = [f"--ignore={path}" for path in _left_out()]
    print(f"left out, since they need newer Python: {len(ignored)} files")
    command = [
        str(_FOLDER / "bin" / "python"),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not broker",
        *ignored,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "agent"), "PYTHONDONTWRITEBYTECODE": "1"}
    roots = () if any((ROOT / one.partition("::")[0]).exists() for one in arguments) else _ROOTS
    return subprocess.run([*command, *arguments, *roots], cwd=ROOT, env=environment, check=False).returncode


def _python() -> str | None:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [*map(str, pyenv.glob("3.8.*/bin/python3.8")), shutil.which("python3.8")]
    for one in filter(None, candidates):
        if subprocess.run([one, "--version"], capture_output=True, check=False).returncode == 0:
            return one
    return None


def _pinned() -> list[str]:
    lines = _PINS.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.split("==")[0] in _AGENT]


def _left_out() -> list[str]:
    """Return the files of tests that import what is written for newer Python, or pysnmp, be it through others."""
    agent = {path: _module(path, ROOT / "agent") for path in (ROOT / "agent" / "machxa_agent").rglob("*.py")}
    tests = {path: _module(path, ROOT) for root in _ROOTS for path in (ROOT / root).rglob("*.py")}
    names = {**agent, **tests}
    texts = {path: path.read_text(encoding="utf-8") for path in names}
    newer = {path for path, text in texts.items() if _ONLY_NEWER.search(text)}
    while True:
        more = {path for path, text in texts.items() if any(_imports(text, names[one]) for one in newer)} - newer
        if not more:
            return [str(path) for path in sorted(newer) if path in tests]
        newer |= more


def _module(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts)


def _imports(text: str, name: str) -> bool:
    """Return whether a module is imported where the importing one begins, not where it is needed."""
    package, _, module = name.rpartition(".")
    direct = rf"^from {re.escape(name)} import"
    return re.search(rf"{direct}|^from {re.escape(package)} import [^\n]*\b{module}\b", text, re.MULTILINE) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
