"""Of a certificate its end, its issuer and, where enabled, its holder's position are told, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.equipment.certificate import Certificate, NotACertificate, from_pem, read
from machxa_agent.equipment.certificates import conditions, held, samples
from machxa_agent.probes.certificates import certificates_probe

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=timezone.utc)
KEY = ec.generate_private_key(ec.SECP256R1())


ISSUER = "CA phục vụ các cơ quan Nhà nước"


def made(ends: datetime, *, position: str | None = "Chủ tịch UBND", issuer: str = ISSUER) -> bytes:
    """Return a certificate in DER."""
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Văn An")]
    if position is not None:
        subject.append(x509.NameAttribute(NameOID.TITLE, position))
    builder = x509.CertificateBuilder().subject_name(x509.Name(subject))
    builder = builder.issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
    builder = builder.public_key(KEY.public_key()).serial_number(7)
    builder = builder.not_valid_before(datetime(2000, 1, 1, tzinfo=timezone.utc)).not_valid_after(ends)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def broken(seed: int) -> bytes:
    """Return a certificate with one byte changed, at times cut."""
    whole = bytearray(made(NOW))
    whole[seed % len(whole)] ^= 1 + (seed // len(whole)) % 255
    return bytes(whole[: len(whole) - (seed % 7 == 0)])


@pytest.mark.parametrize(
    "ends", [NOW, datetime(2049, 12, 31, 1, 2, 3, tzinfo=timezone.utc), datetime(2051, 1, 1, tzinfo=timezone.utc)]
)
def test_a_certificate_tells_its_end_its_issuer_and_the_position(ends: datetime) -> None:
    assert read(made(ends)) == Certificate(ends, ISSUER, "Chủ tịch UBND")
    assert read(made(ends, position=None)).position is None


@given(st.binary(max_size=80) | st.integers(0, 2**31).map(broken))
def test_bytes_that_are_no_certificate_are_refused_and_nothing_else_happens(raw: bytes) -> None:
    with suppress(NotACertificate):
        read(raw)


@pytest.mark.parametrize(
    ("days", "state", "reasons"),
    [(-1, "blocked", ("expired",)), (0, "warning", ("expires",)), (30, "warning", ("expires",)), (31, "ok", ())],
)
def test_a_certificate_warns_in_its_last_thirty_days_and_blocks_when_it_has_ended(
    days: int, state: str, reasons: tuple[str, ...]
) -> None:
    kept = held([made(NOW + timedelta(days=days, hours=1))])

    (told,) = conditions(kept, NOW, with_position=False)

    assert (told.state, told.reasons, dict(told.more)["days_left"]) == (state, reasons, days)
    assert [one.value for one in samples(kept, NOW)] == [days]


def test_the_holders_name_is_never_told_and_the_position_only_where_enabled() -> None:
    kept = held([made(NOW)])

    without, enabled = (conditions(kept, NOW, with_position=choice) for choice in (False, True))

    assert "Chủ tịch" not in repr(without)
    assert dict(enabled[0].more)["position"] == "Chủ tịch UBND"
    assert "Nguyễn" not in repr((without, enabled, samples(kept, NOW)))


def test_files_in_pem_and_der_are_read_and_a_missing_one_is_left_out(tmp_path: Path) -> None:
    ends = NOW + timedelta(days=100, hours=1)
    der = made(ends, issuer="Hai")
    pem = x509.load_der_x509_certificate(made(ends, issuer="Một")).public_bytes(Encoding.PEM)
    (tmp_path / "one.pem").write_bytes(pem + b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n")
    (tmp_path / "two.cer").write_bytes(der)
    paths = tuple(str(tmp_path / name) for name in ("one.pem", "two.cer", "gone.cer"))

    read_back = certificates_probe(paths, now=lambda: NOW).read()

    assert [(dict(one.series.labels)["issuer"], one.value) for one in read_back] == [("Một", 100), ("Hai", 100)]
    assert from_pem("no certificate") == ()
