from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from machxa_collector.registry.tokens import Purpose, Token, is_good, new_secret
from machxa_collector.store import access, tables
from machxa_collector.store.access import add_token, spend


@pytest.mark.parametrize(
    ("token", "good"),
    [
        pytest.param(None, False, id="unknown"),
        pytest.param(Token(Purpose.ENROL, 100, 1), True, id="in time"),
        pytest.param(Token(Purpose.ENROL, 50, 1), False, id="expires exactly now"),
        pytest.param(Token(Purpose.ENROL, None, None), True, id="for ever, without limit"),
        pytest.param(Token(Purpose.ENROL, 100, 0), False, id="spent"),
        pytest.param(Token(Purpose.API, 100, 1), False, id="for something else"),
    ],
)
def test_a_token_opens_what_it_was_made_for_while_it_lives(token: Token | None, *, good: bool) -> None:
    assert is_good(token, Purpose.ENROL, 50) is good


def test_no_secret_is_kept(store: Engine) -> None:
    secret = add_token(store, Purpose.API, 0, lives_ms=None, uses=None)
    link = add_token(store, Purpose.SIGN_IN, 0, lives_ms=10, uses=1)
    session = access.sign_in(store, link, 5)
    assert session is not None

    with store.connect() as connection:
        kept = [*connection.execute(select(tables.tokens)), *connection.execute(select(tables.sessions))]

    assert not any(said.encode() in repr(row).encode() for row in kept for said in (secret, link, session))


def test_a_token_of_two_uses_serves_twice(store: Engine) -> None:
    secret = add_token(store, Purpose.ENROL, 0, lives_ms=10, uses=2)

    served = []
    for _ in range(3):
        with store.begin() as connection:
            served.append(spend(connection, secret, Purpose.ENROL, 5))

    assert served == [True, True, False]


def test_a_token_spent_in_a_transaction_that_fails_is_not_spent(store: Engine) -> None:
    secret = add_token(store, Purpose.ENROL, 0, lives_ms=10, uses=1)
    with store.connect() as connection, connection.begin() as transaction:
        spend(connection, secret, Purpose.ENROL, 5)
        transaction.rollback()

    with store.begin() as connection:
        assert spend(connection, secret, Purpose.ENROL, 5)


def test_no_secret_begins_like_an_option_of_the_command_that_takes_it() -> None:
    assert [one for one in (new_secret() for _ in range(2_000)) if one.startswith("-")] == []
