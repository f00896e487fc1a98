from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from machxa_collector.registry.policies import BadPolicy, is_signed, new_key, public_key, sign
from machxa_wire.policy import Policy, read_policy, to_base64

BODY = tomllib.loads("""
version = 2
hosts = ["dichvucong.gov.vn:443", "*.gov.vn"]
checks = ["portal"]
[bounds]
sample_seconds = [30, 600]
batch_seconds = [60, 3600]
""")
PEM, PUBLIC = new_key(None)


def test_a_policy_written_as_toml_is_signed_by_the_key() -> None:
    signed = sign(BODY, PEM, None)

    assert is_signed(signed)
    assert to_base64(signed.key) == PUBLIC
    assert read_policy(signed.text) == Policy(
        2, ("dichvucong.gov.vn:443", "*.gov.vn"), ("portal",), (30, 600), (60, 3600)
    )


def test_neither_text_nor_key_nor_signature_can_be_exchanged() -> None:
    signed = sign(BODY, PEM, None)
    other = sign({**BODY, "version": 3}, *new_key(None)[:1], None)

    assert not is_signed(replace(signed, text=other.text))
    assert not is_signed(replace(signed, key=other.key))
    assert not is_signed(replace(signed, signature=other.signature))
    assert not is_signed(replace(signed, key=b"\xff" * 32))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"run": "rm"}, "'run' is unknown"),
        ({"bounds": {"sampleseconds": [1, 2]}}, "'sampleseconds' is unknown"),
        ({"hosts": ["http://x"]}, "hosts is 'http://x'"),
        ({"bounds": {"sample_seconds": [0, 5]}}, "sample_seconds is outside 1 to 3600"),
        ({"bounds": 5}, "bounds is int"),
        ({"version": 0}, "version is outside"),
        ({"version": tomllib.loads("d = 2026-01-01")["d"]}, "not JSON serializable"),
    ],
)
def test_a_slip_of_the_pen_is_told_before_it_is_signed(change: dict[str, object], told: str) -> None:
    with pytest.raises(BadPolicy, match=told):
        sign({**BODY, **change}, PEM, None)


def test_an_encrypted_key_opens_with_its_passphrase_alone() -> None:
    pem, public = new_key(b"tre xanh")

    assert to_base64(sign(BODY, pem, b"tre xanh").key) == public
    for wrong in (b"tre", None):
        with pytest.raises(BadPolicy):
            sign(BODY, pem, wrong)


def test_a_public_key_is_read_from_its_file_and_nothing_else() -> None:
    assert public_key(f"{PUBLIC}\n") == PUBLIC
    with pytest.raises(BadPolicy, match="the public key"):
        public_key(PEM.decode())


def test_the_example_that_is_shipped_can_be_signed() -> None:
    body = tomllib.loads((Path(__file__).parents[3] / "deploy" / "policy.toml").read_text(encoding="utf-8"))

    policy = read_policy(sign(body, PEM, None).text)

    assert (policy.version, policy.sample_seconds, policy.batch_seconds) == (1, (30, 600), (60, 3600))
