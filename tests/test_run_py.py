"""What run.py and bootstrap.py decide: tables of cases, then the script itself."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import bootstrap
import run
from bootstrap import Found, Way
from run import Asked

BARE = Found(uv=None, ensurepip=False, system_pip=False, apt=False, privilege=None, agreed=False)
DEBIAN_ROOT = replace(BARE, apt=True, privilege=())


@pytest.mark.parametrize(
    ("found", "way"),
    [
        pytest.param(replace(BARE, uv="/bin/uv"), Way.UV, id="uv alone"),
        pytest.param(replace(DEBIAN_ROOT, uv="/bin/uv", ensurepip=True, system_pip=True), Way.UV, id="uv before all"),
        pytest.param(replace(BARE, ensurepip=True), Way.VENV, id="Python as python.org ships it"),
        pytest.param(replace(BARE, ensurepip=True, system_pip=True), Way.VENV, id="ensurepip before the system's pip"),
        pytest.param(replace(DEBIAN_ROOT, system_pip=True), Way.SYSTEM_PIP, id="Debian with pip, without venv"),
        pytest.param(replace(DEBIAN_ROOT, agreed=True), Way.APT, id="bare Debian, root, --yes"),
        pytest.param(replace(DEBIAN_ROOT, agreed=True, privilege=("sudo", "-n")), Way.APT, id="bare Debian, sudo"),
        pytest.param(replace(DEBIAN_ROOT, agreed=None), Way.ASK, id="bare Debian, root, on a terminal"),
        pytest.param(DEBIAN_ROOT, Way.TELL, id="bare Debian, nobody to ask"),
        pytest.param(
            replace(DEBIAN_ROOT, agreed=True, privilege=None), Way.TELL, id="--yes, but neither root nor sudo"
        ),
        pytest.param(replace(DEBIAN_ROOT, agreed=None, privilege=None), Way.TELL, id="asking would not help"),
        pytest.param(replace(BARE, agreed=True), Way.TELL, id="no apt"),
    ],
)
def test_the_best_way_that_this_computer_offers_is_chosen(found: Found, way: Way) -> None:
    assert bootstrap.choose(found) is way


@pytest.mark.parametrize(
    ("command", "installed", "mode"),
    [
        pytest.param("up", None, "up", id="first start"),
        pytest.param("up", "up", "up", id="second start"),
        pytest.param("up", "all", "all", id="a developer's libraries stay"),
        pytest.param("test", None, "all", id="tests need everything"),
        pytest.param("test", "up", "all", id="tests after a start"),
        pytest.param("check", "all", "all", id="check"),
    ],
)
def test_what_the_tests_need_stays_once_it_was_installed(command: str, installed: str | None, mode: str) -> None:
    assert bootstrap.mode_for(command, installed) == mode


def test_uv_brings_the_environment_to_the_lock_with_the_python_that_runs() -> None:
    commands = bootstrap.install_commands(Way.UV, "up", replace(BARE, uv="/bin/uv"), "/usr/bin/python3")

    assert commands == [
        (
            "/bin/uv",
            "sync",
            "--frozen",
            "--compile-bytecode",
            "--python",
            "/usr/bin/python3",
            "--no-default-groups",
            "--extra",
            "collector",
        )
    ]


def test_pip_installs_what_the_lock_pins_and_builds_without_the_network() -> None:
    commands = bootstrap.install_commands(Way.VENV, "all", BARE, "/usr/bin/python3")

    inside = str(bootstrap.venv_python())
    install = (inside, "-m", "pip", "install", "--disable-pip-version-check")
    assert commands == [
        ("/usr/bin/python3", "-m", "venv", str(bootstrap.VENV)),
        (*install, "--require-hashes", "--no-deps", "-r", str(bootstrap.ROOT / "requirements" / "all.txt")),
        (*install, "--no-deps", "--no-build-isolation", "--no-index", "-e", "."),
    ]


def test_the_systems_pip_installs_into_an_environment_that_has_none() -> None:
    commands = bootstrap.install_commands(Way.SYSTEM_PIP, "up", BARE, "/usr/bin/python3")

    inside = str(bootstrap.venv_python())
    assert commands[0] == ("/usr/bin/python3", "-m", "venv", "--without-pip", str(bootstrap.VENV))
    assert [command[:5] for command in commands[1:]] == [("/usr/bin/python3", "-m", "pip", "--python", inside)] * 2


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param([], Asked("up"), id="nothing"),
        pytest.param(["--port", "9000"], Asked("up", ("--port", "9000")), id="options alone"),
        pytest.param(["up", "--yes", "--port", "1"], Asked("up", ("--port", "1"), yes=True), id="--yes among up's"),
        pytest.param(["--no-uv", "--yes", "test"], Asked("test", yes=True, no_uv=True), id="ours before the command"),
        pytest.param(["test", "--yes", "-k", "up"], Asked("test", ("--yes", "-k", "up")), id="test passes all through"),
        pytest.param(["tests"], Asked("tests"), id="a word that is no command"),
    ],
)
def test_what_was_asked(words: list[str], asked: Asked) -> None:
    assert run.parse(words) == asked


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        pytest.param(("tests/wire", "-x"), [("tests/wire", "-x")], id="as given, once"),
        pytest.param(
            (),
            [
                ("-n", "auto", "-rfEs", "-m", "not (e2e or faults or bench or wine or postgres)"),
                (
                    "-n",
                    "3",
                    "--dist",
                    "loadfile",
                    "--no-loadscope-reorder",
                    "-rfEs",
                    "-m",
                    "e2e or faults or bench or wine or postgres",
                ),
            ],
            id="everything: in parallel, then three files at a time",
        ),
    ],
)
def test_pytest_is_run(arguments: tuple[str, ...], runs: list[tuple[str, ...]]) -> None:
    assert run.pytest_runs(arguments) == runs


@pytest.mark.parametrize(("words", "status", "told"), [(["--help"], 0, "--no-uv"), (["tests"], 2, "no such command")])
def test_the_script_answers_without_installing_anything(words: list[str], status: int, told: str) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(run.__file__)), *words], capture_output=True, text=True, check=False, timeout=30
    )

    assert done.returncode == status
    assert told in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("played", "status", "told"),
    [
        pytest.param([(0, ""), (0, "")], 0, [], id="all pass"),
        pytest.param([(1, "a b"), (0, ""), (0, "")], 0, ["ALONE, to be mended: b"], id="by chance"),
        pytest.param([(1, "a b"), (1, "b"), (0, "")], 1, ["ALONE, to be mended: a"], id="one fails alone, too"),
        pytest.param([(1, "a b c d"), (0, "")], 1, [], id="too many for chance"),
        pytest.param([(0, ""), (1, "a"), (0, "")], 0, ["ALONE, to be mended: a"], id="a slow one"),
        pytest.param([(2, "a"), (0, "")], 2, [], id="cut off"),
    ],
)  # fmt: skip
def test_a_few_that_fail_are_played_again_and_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    played: list[tuple[int, str]],
    status: int,
    told: list[str],
) -> None:
    given: list[tuple[str, ...]] = []

    def play(arguments: tuple[str, ...]) -> int:
        given.append(arguments)
        result, failed = played[len(given) - 1]
        (tmp_path / "failed").write_text(json.dumps(dict.fromkeys(failed.split(), True)))
        return result

    monkeypatch.setattr(run, "_pytest", play)
    monkeypatch.setattr(run, "FAILED", tmp_path / "failed")

    assert run._test(Asked("test")) == status

    printed = capsys.readouterr().out
    assert len(given) == len(played)
    assert [word for word in told if word not in printed] == []
    assert ("ALONE" in printed) == any("ALONE" in word for word in told)
