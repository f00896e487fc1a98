from __future__ import annotations

import pytest

from machxa_collector.registry.masking import Masker, masked
from machxa_collector.registry.tokens import new_secret

LIKE_OURS = "q7Jm0fYb3VtX2WcLrA9sKdEoHnUgZiPx5RvB8TyQ1eM"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GET /sign-in?token=abc123&x=1", "GET /sign-in?token=***&x=1"),
        ("https://x/?a=1&api_key=k;session=s", "https://x/?a=1&api_key=***;session=***"),
        ('{"password": "MX-CANARY-1", "login": "lan"}', '{"password": "***", "login": "lan"}'),
        ("Asked(token='MX-CANARY-1', role='pc')", "Asked(token='***', role='pc')"),
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer ***"),
        ("mqtt://centre:MX-CANARY-1@host:1883", "mqtt://centre:***@host:1883"),
        (f"cookie {LIKE_OURS}; next", "cookie ***; next"),
        ("audit root 17 " + "ab" * 32, "audit root 17 " + "ab" * 32),
        ("agent 0b2f3c4d-1a2b-4c3d-8e9f-001122334455", "agent 0b2f3c4d-1a2b-4c3d-8e9f-001122334455"),
        ("a_function_name_that_has_forty_three_letters", "a_function_name_that_has_forty_three_letters"),
        ("token is unknown, spent or expired", "token is unknown, spent or expired"),
    ],
)
def test_what_looks_like_a_secret_is_masked_and_nothing_else(text: str, told: str) -> None:
    assert masked(text) == told


def test_every_token_of_ours_is_masked() -> None:
    told = [masked(f"<{new_secret()}>") for _ in range(2000)]

    assert set(told) == {"<***>"}


def test_a_known_secret_is_masked_however_it_is_escaped() -> None:
    masker = Masker()
    masker.learn('tre"n đồi/1')

    told = masker.mask('tre"n đồi/1 | tre\\"n \\u0111\\u1ed3i/1 | tre%22n%20%C4%91%E1%BB%93i%2F1')

    assert told == "*** | *** | ***"


def test_the_longer_of_two_secrets_is_masked_whole() -> None:
    masker = Masker()
    masker.learn("abcd", "abcdefgh")

    assert masker.mask("x abcdefgh abcd") == "x *** ***"


def test_a_value_shorter_than_a_word_masks_nothing() -> None:
    masker = Masker()
    masker.learn("a", "")

    assert masker.mask("a cat") == "a cat"
