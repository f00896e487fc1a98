"""Watch how long the certificates last that are signed with on this computer."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timezone
from typing import Callable, List, Tuple

from machxa_agent.equipment.condition import Conditions
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample

_MOST_FILES = 16
_STORE = "MY"  # the computer's personal store: Windows' wincrypt.h


def certificates_probe(
    paths: Tuple[str, ...],
    *,
    with_position: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> Probe:
    """Return a probe of the certificates in these files (PEM or DER) and, on Windows, of the computer's own store.

    with_position tells the position of the holder, which is about a person, too.
    """
    conditions = Conditions()

    def read() -> Tuple[Sample, ...]:
        found = [*_from_files(paths), *_from_store()]
        if not found:
            return ()
        from machxa_agent.equipment import certificates  # noqa: PLC0415 - where there are any

        held, today = certificates.held(found), now()
        conditions.take(certificates.conditions(held, today, with_position=with_position))
        return certificates.samples(held, today)

    return Probe("certificates", read, every=720, after=6, is_slow=True, turned=conditions.turned)


def _from_files(paths: Tuple[str, ...]) -> List[bytes]:
    found: List[bytes] = []
    for path in paths[:_MOST_FILES]:
        if not os.path.exists(path):  # noqa: PTH110 - pathlib is not loaded for this
            continue  # a stick that is not plugged in
        content = read_bytes(path)
        if b"-----BEGIN" in content:
            from machxa_agent.equipment.certificate import from_pem  # noqa: PLC0415

            found += from_pem(content.decode("ascii", "replace"))
        else:
            found.append(content)
    return found


def _from_store() -> List[bytes]:
    if sys.platform != "win32":
        return []
    import ssl  # noqa: PLC0415 - loaded for the broker already

    return [der for der, encoding, _ in ssl.enum_certificates(_STORE) if encoding == "x509_asn"]


PROBE = certificates_probe(())
