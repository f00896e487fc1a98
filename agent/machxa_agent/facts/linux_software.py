"""Gather on Linux the programs of the allow-list from the package database."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from machxa_agent.child import NoAnswerError, answer
from machxa_agent.facts import software

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 60.0
_RPM_BYTES = 4 * 1024 * 1024
_RPM = "/usr/bin/rpm"
_FORMAT = r"--queryformat=%{NAME}\t%{VERSION}-%{RELEASE}\t%{ARCH}\n"


def gather(root: str, allowed: Optional[Tuple[str, ...]]) -> List[Dict[str, object]]:
    """Return the schema's ``softwares`` below a root folder: dpkg's file, else what rpm tells; [] with neither."""
    status = Path(root + "/var/lib/dpkg/status")
    try:
        if status.is_file():
            with status.open(encoding="utf-8", errors="replace") as lines:
                return software.listed(software.from_dpkg(lines), allowed)
        if root == "" and Path(_RPM).is_file():
            told = answer((_RPM, "-qa", _FORMAT), _TIMEOUT_SECONDS, _RPM_BYTES).decode("utf-8", "replace")
            return software.listed(software.from_rpm(told.splitlines()), allowed)
    except (OSError, NoAnswerError) as exc:
        logger.info("the inventory goes without programs: %s", exc)
    return []
