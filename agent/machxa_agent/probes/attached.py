"""Watch scanners and signing tokens: plugged in, in error, or gone."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Callable, Optional, Tuple

from machxa_agent.equipment import attached
from machxa_agent.equipment.condition import Conditions
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample

_DAY_SECONDS = 86400


def attached_probe(
    book: Optional[Path],
    look: Optional[Callable[[], Tuple[attached.Attached, ...]]] = None,
    clock: Callable[[], float] = time.time,
) -> Probe:
    """Return a probe of the devices that look finds; book keeps what was ever seen, None where nothing is kept."""
    conditions = Conditions()

    def read() -> Tuple[Sample, ...]:
        here = (look or _here)()
        before = attached.read_known(book)
        known = attached.remembered(before, here, int(clock() // _DAY_SECONDS))
        if book is not None and known != before:
            _keep(book, attached.text_of(known))
        conditions.take(attached.conditions(known, here))
        return attached.samples(known, here)

    return Probe("attached", read, every=5, after=3, turned=conditions.turned)


def _keep(book: Path, text: str) -> None:
    from machxa_agent.identity import write_durably  # noqa: PLC0415 - once a day

    write_durably(book, text.encode("utf-8"))


def _here() -> Tuple[attached.Attached, ...]:
    if sys.platform == "win32":
        from machxa_agent.equipment import pnp  # noqa: PLC0415 - each system loads its own

        return pnp.devices(pnp.nodes())
    from machxa_agent.equipment import usb  # noqa: PLC0415

    return usb.devices()


PROBE = attached_probe(None)
