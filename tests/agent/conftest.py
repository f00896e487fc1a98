"""Give tests both kinds of outbox, and a running agent a broker, a centre and an end."""

# ruff: noqa: PLC0415 - the fleet's code is newer than Python 3.8, under which other tests of this folder run

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

import pytest

from tests.agent.outboxes import Maker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agent.centre import Centre
    from tests.agent.test_agent_process import Field


@pytest.fixture(params=["disk", "memory"])
def maker(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    return Maker(tmp_path, on_disk=request.param == "disk")


@pytest.fixture
def disk(tmp_path: Path) -> Maker:
    return Maker(tmp_path, on_disk=True)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Return where a broker of the test's own listens."""
    from machxa_fleet import mosquitto

    with mosquitto.running(tmp_path) as port:
        yield port


@pytest.fixture
def centre(port: int) -> Iterator[Centre]:
    from tests.agent.centre import Centre

    centre = Centre(port)
    yield centre
    centre.close()


@pytest.fixture
def field(tmp_path: Path, port: int) -> Iterator[Field]:
    """Return an agent that can be run, and ends with the test."""
    from tests.agent.test_agent_process import Field

    field = Field(tmp_path, port)
    yield field
    if field.process is not None and field.process.poll() is None:
        field.process.kill()
        field.process.wait(10)
