from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.people import NATION, BadScope, Reach, Role, Scope, allowed_to, read_scope
from machxa_collector.registry.people.territory import EVERYWHERE, province_of, territory_of
from machxa_collector.registry.units import Kind, Units, bundled_units

UNITS = Units(bundled_units())
TODAY = date(2026, 11, 25)
COMMUNES = [code for code in UNITS.codes if UNITS.history(code)[0].kind is Kind.COMMUNE]
PROVINCES = [code for code in UNITS.codes if UNITS.history(code)[0].kind is Kind.PROVINCE]


@pytest.mark.parametrize(
    ("text", "reach", "codes"),
    [
        ("nation", Reach.NATION, set()),
        (" 86 ", Reach.PROVINCE, {"86"}),
        ("29506", Reach.COMMUNE, {"29506"}),
        ("86-HCC", Reach.COMMUNE, {"86-HCC"}),
        ("29506, 29512", Reach.CLUSTER, {"29506", "29512"}),
        ("29506 29506", Reach.COMMUNE, {"29506"}),
    ],
)
def test_a_territory_is_read_from_codes(text: str, reach: Reach, codes: set[str]) -> None:
    assert read_scope(text) == Scope(reach=reach, codes=frozenset(codes))


@pytest.mark.parametrize(
    "text", ["", " ", "Nation", "VN", "8", "86 79", "86,29506", "nation 86", "2950", "٨٦", "x" * 300]
)
def test_what_names_no_territory_is_refused(text: str) -> None:
    with pytest.raises(BadScope):
        read_scope(text)


def test_a_cluster_has_an_end() -> None:
    with pytest.raises(BadScope, match="name the province instead"):
        read_scope(" ".join(COMMUNES[:201]))


@pytest.mark.parametrize(
    ("scope", "unit", "seen"),
    [
        ("nation", "29506", True),
        ("nation", None, True),
        ("86", "29506", True),
        ("86", "86", True),
        ("86", "86-HCC", True),
        ("86", None, True),
        ("86", "00004", False),
        ("86", "01", False),
        ("86", "99999", False),
        ("29506", "29506", True),
        ("29506", "86", False),
        ("29506", "29512", False),
        ("29506", None, False),
        ("29506 00004", "00004", True),
        ("29506 00004", None, False),
    ],
)
def test_a_territory_covers_what_lies_in_it(scope: str, unit: str | None, *, seen: bool) -> None:
    assert read_scope(scope).covers(unit, None if unit is None else province_of(UNITS, unit)) is seen


@given(
    st.one_of(
        st.just("nation"), st.sampled_from(PROVINCES), st.lists(st.sampled_from(COMMUNES), min_size=1).map(" ".join)
    ),
    st.one_of(st.none(), st.sampled_from(UNITS.codes)),
)
def test_the_query_s_units_are_those_that_a_territory_covers(text: str, unit: str | None) -> None:
    scope = read_scope(text)

    territory = territory_of(scope, UNITS)

    in_query = territory.with_nowhere if unit is None else territory.units is None or unit in territory.units
    assert scope.covers(unit, None if unit is None else province_of(UNITS, unit)) is in_query
    assert read_scope(str(scope)) == scope


def test_the_nation_is_everywhere() -> None:
    assert territory_of(NATION, UNITS) == EVERYWHERE


def test_a_province_holds_all_its_communes() -> None:
    territory = territory_of(read_scope("86"), UNITS)

    assert territory.units == frozenset(("86", *(unit.code for unit in UNITS.children("86", TODAY))))


def test_roles_add_up() -> None:
    both = allowed_to((Role.CLERK, Role.FINANCE))

    assert both == allowed_to((Role.CLERK,)) | allowed_to((Role.FINANCE,))
    assert allowed_to(()) == frozenset()
