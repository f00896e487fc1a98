"""Gather what this computer is: maker, model, serial, processor, memory, disks, operating system and its support.

Import this when facts are due, not at start: gathering loads modules the sampling loop has no use for.
"""

from __future__ import annotations

import sys
from typing import Dict, Optional, Tuple

from machxa_agent.facts.digest import digest

__all__ = ["digest", "gather"]


def gather(software: Optional[Tuple[str, ...]] = None) -> Dict[str, object]:
    """Return the body of a facts record: the ``content`` object of the GLPI inventory JSON schema.

    What is not known, or is a maker's placeholder, has no key. Beside the schema's own keys operatingsystem holds
    ``build``, ``edition``, ``support_channel``, ``support_ends_on``, ``long_support_ends_on`` and ``machine_id``
    (hashed), and hardware ``windows11``. software is the allow-list of programs, None for the usual one. May take
    seconds and, where a disk hangs, not return: run it in a thread that can be left behind. Holds no user name, file
    name or IP address, and no program beyond the allow-list.
    """
    if sys.platform == "win32":
        from machxa_agent.facts import windows as system  # noqa: PLC0415 - each system loads its own
    else:
        from machxa_agent.facts import linux as system  # noqa: PLC0415
    return system.gather(software=software)
