"""Gather what this computer is: maker, model, serial, processor, memory, disks, operating system and its support.

Import this when facts are due, not at start: gathering loads modules the sampling loop has no use for.
"""

from __future__ import annotations

import sys
from typing import Dict

from machxa_agent.facts.digest import digest

__all__ = ["digest", "gather"]


def gather() -> Dict[str, object]:
    """Return the body of a facts record: the ``content`` object of the GLPI inventory JSON schema.

    What is not known, or is a maker's placeholder, has no key. Beside the schema's own keys operatingsystem holds
    ``build``, ``edition``, ``support_channel`` and ``machine_id`` (hashed). May take a second and, where a disk
    hangs, not return: run it in a thread that can be left behind. Holds no user name, file name, IP address or
    software list.
    """
    if sys.platform == "win32":
        from machxa_agent.facts import windows as system  # noqa: PLC0415 - each system loads its own
    else:
        from machxa_agent.facts import linux as system  # noqa: PLC0415
    return system.gather()
