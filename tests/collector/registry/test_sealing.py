from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.sealing import BadSeal, Keyring, key_id, new_key, seal, unseal

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


@given(st.binary(max_size=500), st.text(max_size=50))
def test_what_is_sealed_opens_with_the_same_key_in_the_same_place(plaintext: bytes, place: str) -> None:
    context = place.encode("utf-8", "replace").decode()

    assert unseal(KEY, seal(KEY, plaintext, context), context) == plaintext


@given(st.integers(min_value=0, max_value=2 + 12 + 6 + 16 - 1), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_anywhere_opens_nothing(at: int, flip: int) -> None:
    sealed = bytearray(seal(KEY, b"secret", "totp/1"))
    sealed[at] ^= flip

    with pytest.raises(BadSeal):
        unseal(KEY, bytes(sealed), "totp/1")


@pytest.mark.parametrize("length", range(31))
def test_what_is_too_short_is_no_sealed_secret(length: int) -> None:
    with pytest.raises(BadSeal):
        unseal(KEY, b"\x01" * length, "totp/1")


def test_a_sealed_secret_does_not_open_in_another_place() -> None:
    sealed = seal(KEY, b"secret", "totp/1")

    with pytest.raises(BadSeal, match="another place"):
        unseal(KEY, sealed, "totp/2")


def test_another_key_is_named_as_another() -> None:
    sealed = seal(KEY, b"secret", "totp/1")

    with pytest.raises(BadSeal, match=f"sealed with key {key_id(KEY):02x}, this is key {key_id(OTHER):02x}"):
        unseal(OTHER, sealed, "totp/1")


def test_the_same_secret_sealed_twice_looks_different_and_shows_nothing() -> None:
    first, second = seal(KEY, b"secret", "a"), seal(KEY, b"secret", "a")

    assert first != second
    assert b"secret" not in first


def test_a_key_of_another_length_seals_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes, got 16"):
        seal(b"k" * 16, b"secret", "a")


def test_a_new_key_on_top_seals_and_the_old_one_still_opens() -> None:
    old = Keyring((KEY,)).seal(b"secret", "a")
    ring = Keyring((OTHER, KEY))

    assert ring.unseal(old, "a") == b"secret"
    assert unseal(OTHER, ring.seal(b"newer", "a"), "a") == b"newer"


def test_two_keys_that_share_an_id_both_open() -> None:
    twin = next(key for key in iter(new_key, b"") if key_id(key) == key_id(KEY) and key != KEY)
    ring = Keyring((KEY, twin))

    assert ring.unseal(seal(KEY, b"first", "a"), "a") == b"first"
    assert ring.unseal(seal(twin, b"second", "a"), "a") == b"second"


def test_a_ring_without_the_key_says_so() -> None:
    with pytest.raises(BadSeal, match="does not have"):
        Keyring((OTHER,)).unseal(seal(KEY, b"secret", "a"), "a")


def test_a_ring_shows_no_key_when_printed() -> None:
    assert KEY.hex() not in repr(Keyring((KEY,)))
    assert repr(KEY) not in repr(Keyring((KEY,)))
