"""What holds the repository together: documents, lists and locks that must agree."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from machxa_agent.probes import PROBES

ROOT = Path(__file__).resolve().parent.parent
CODE = ("agent", "collector", "dashboards", "tests")
TEXTS = (".md", ".py", ".toml", ".html", ".css", ".js", ".po", ".svg")
LONGEST_FILE = 300  # lines


def _python_files() -> list[Path]:
    return sorted(chain(ROOT.glob("*.py"), *((ROOT / folder).rglob("*.py") for folder in CODE)))


def _ours() -> list[Path]:
    found = chain(ROOT.glob("*.*"), *((ROOT / folder).rglob("*.*") for folder in (*CODE, "docs", "deploy", ".ci")))
    return sorted(path for path in found if path.suffix in TEXTS)


def _headings(path: Path) -> list[str]:
    return re.findall(r"^#+ ", path.read_text(encoding="utf-8"), re.MULTILINE)


def _pins(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, re.MULTILINE))


def test_every_probe_has_its_row_in_the_documents() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/probes.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert [probe.name for probe in PROBES if probe.name not in rows] == []


def test_both_readmes_have_the_same_headings() -> None:
    assert _headings(ROOT / "README.vi.md") == _headings(ROOT / "README.md")


def test_no_file_is_longer_than_a_reader_bears() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in _python_files()
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")

    assert [str(path.relative_to(ROOT)) for path in _ours() if marks.search(path.read_text(encoding="utf-8"))] == []


def test_decisions_are_numbered_once_each_and_listed() -> None:
    notes = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))

    numbers = [int(name.split("-")[0]) for name in notes]
    listed = re.findall(r"\(([0-9][^)]+\.md)\)", (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8"))
    assert len(set(numbers)) == len(numbers)
    assert listed == notes


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (path, link)
        for path in documents
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    ]

    assert [f"{path.name}: {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_the_lock_names_the_public_registry_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))

    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("mode", ["up", "all"])
def test_pip_is_told_what_the_lock_pins(mode: str) -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {(package["name"], package["version"]) for package in lock["package"]}
    hashes = {
        file["hash"]
        for package in lock["package"]
        for file in [*package.get("wheels", []), package.get("sdist")]
        if file
    }

    text = (ROOT / "requirements" / f"{mode}.txt").read_text(encoding="utf-8")

    assert _pins(text) <= locked
    assert set(re.findall(r"--hash=(sha256:[0-9a-f]+)", text)) <= hashes


def test_all_that_is_locked_is_installed_for_the_tests() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"] for package in lock["package"]} - {"machxa"}

    assert {name for name, _ in _pins((ROOT / "requirements/all.txt").read_text(encoding="utf-8"))} == locked


def test_both_languages_of_operating_tell_the_same_commands() -> None:
    english, vietnamese = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "van-hanh.md")
    )
    blocks = re.compile(r"^```\n.*?^```$", re.DOTALL | re.MULTILINE)

    assert blocks.findall(english) == blocks.findall(vietnamese)
    assert [one.count("\n|") for one in (english, vietnamese)] == [english.count("\n|")] * 2
