from __future__ import annotations

import pytest
from pyotp import TOTP
from pyotp.utils import strings_equal

from machxa_collector.registry.people import Role
from machxa_collector.registry.people.second_factor import (
    address,
    looks_like_recovery,
    recovery_hash,
    recovery_text,
    secret_text,
    step_of,
)
from machxa_collector.registry.people.sitting import COUNTER, OFFICE, Sitting, sitting_of

SECRET = b"12345678901234567890"  # RFC 6238, appendix B
NOW_MS = 1_111_111_109_000
STEP = 37_037_036


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("081804", STEP),  # RFC 6238: 07081804 of eight digits
        (" 081 804 ", STEP),
        ("000000", None),
        ("", None),
        ("81804", None),
        ("０８１８０４", None),
        ("-81804", None),
    ],
)
def test_a_code_names_its_step(code: str, step: int | None) -> None:
    assert step_of(SECRET, code, NOW_MS) == step


@pytest.mark.parametrize(("later_s", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_counts_half_a_minute_around_its_own(later_s: int, *, counts: bool) -> None:
    assert (step_of(SECRET, "081804", NOW_MS + later_s * 1000) is not None) is counts


def test_the_address_is_what_authenticators_scan() -> None:
    told = address(SECRET, "lan@vinhlong")

    assert told.startswith("otpauth://totp/M%E1%BA%A1ch%20X%C3%A3:lan%40vinhlong?secret=" + secret_text(SECRET))
    assert strings_equal(TOTP(secret_text(SECRET)).at(NOW_MS // 1000), "081804")


def test_a_recovery_code_is_known_however_it_is_written() -> None:
    code = recovery_text(bytes(range(15)))

    assert len(code.split("-")) == 6
    assert recovery_hash(code.upper().replace("-", " ")) == recovery_hash(code)
    assert looks_like_recovery(code)
    assert not looks_like_recovery("081804")


@pytest.mark.parametrize(
    ("roles", "sitting"),
    [
        ((Role.CLERK,), COUNTER),
        ((Role.LEADER, Role.CLERK), COUNTER),
        ((Role.CLERK, Role.FINANCE), OFFICE),
        ((Role.PROVINCE_IT,), OFFICE),
        ((Role.ADMIN,), OFFICE),
        ((Role.AUDITOR,), OFFICE),
    ],
)
def test_a_session_lasts_as_long_as_its_widest_role_allows(roles: tuple[Role, ...], sitting: Sitting) -> None:
    assert sitting_of(roles) == sitting
