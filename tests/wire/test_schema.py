"""The published schema is the decoder's: what one accepts the other accepts, on the same cases."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from machxa_wire.__main__ import main
from machxa_wire.encode import body_of
from machxa_wire.records import Record
from machxa_wire.schema import record_schema
from tests.wire.cases import RECORDS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
def test_every_record_fits_the_schema(record: Record) -> None:
    jsonschema.validate(json.loads(json.dumps(body_of(record))), record_schema())


@pytest.mark.parametrize("field", ["v", "boot", "time", "mono", "at", "series", "values"])
def test_samples_without_a_required_field_do_not_fit(field: str) -> None:
    body = body_of(RECORDS["samples"])
    del body[field]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(body)), record_schema())


def test_the_published_documents_are_current() -> None:
    assert main(["docs", "--check", "--folder", str(DOCS)]) == 0


def test_any_payload_can_be_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "payload.hex"
    dump.write_text(b'{"v":1,"kind":"bye"}'.hex())

    assert main(["decode", str(dump)]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"v": 1, "kind": "bye"}
    assert printed.err == "refused, field: stream is missing, expected a string\n"
