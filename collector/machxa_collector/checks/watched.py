"""Say to the judgement which systems are checked, and by which checks. Pure."""

from __future__ import annotations

from machxa_collector.checks.catalogue import Catalogue
from machxa_collector.incidents.fleet import System
from machxa_collector.incidents.words import Owner
from machxa_wire.catalogue import ANCHOR


def watched(catalogue: Catalogue) -> tuple[System, ...]:
    """Return the systems that agents check; an anchor tells of networks, and is none.

    A system's interval is that of the check that a gateway runs most often.
    """
    found = []
    for system in catalogue.systems:
        checks = tuple(one for one in system.checks if one.kind != ANCHOR) if system.enabled else ()
        if checks:
            found.append(
                System(
                    id=system.id,
                    owner=Owner(system.owner.value),
                    checks=tuple(one.id for one in checks),
                    interval_s=min(one.every_seconds for one in checks),
                    takes_dossiers=system.system_class == "dossier" and system.owner.value == "province",
                )
            )
    return tuple(found)
