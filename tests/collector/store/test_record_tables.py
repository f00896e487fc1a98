from __future__ import annotations

import pytest

from machxa_collector.registry.records import KINDS
from machxa_collector.store.tables import metadata


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_record_has_a_table_with_a_column_for_each_field(name: str) -> None:
    columns = set(metadata.tables[name].columns.keys())

    assert {"id", *(field.name for field in KINDS[name].fields)} <= columns


@pytest.mark.parametrize("name", KINDS)
def test_a_required_field_is_never_null_in_its_table(name: str) -> None:
    table = metadata.tables[name]

    assert [field.name for field in KINDS[name].fields if field.required and table.columns[field.name].nullable] == []
