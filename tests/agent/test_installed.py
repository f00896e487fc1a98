"""What commands know of an agent that was installed for the whole computer."""

from __future__ import annotations

from pathlib import Path

from machxa_agent.config import Config
from machxa_agent.installed import found_in


def test_a_file_in_the_data_folder_counts_without_being_named(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text("sample_seconds = 30\n")

    found = found_in(tmp_path, is_packaged=False)

    assert (found.data, found.sample_seconds) == (tmp_path, 30)


def test_a_file_may_say_that_data_is_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text('data = "elsewhere"\n')

    assert found_in(tmp_path, is_packaged=True).data == Path("elsewhere")


def test_without_a_file_only_the_packaged_agent_has_a_place(tmp_path: Path) -> None:
    assert found_in(tmp_path / "none", is_packaged=True) == Config(data=tmp_path / "none")
    assert found_in(tmp_path / "none", is_packaged=False) == Config()


def test_to_whom_the_file_is_closed_it_is_as_if_there_was_none(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").mkdir()  # cannot be opened, by root neither

    assert found_in(tmp_path, is_packaged=True) == Config(data=tmp_path)
