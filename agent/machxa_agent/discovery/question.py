"""Ask one address one small SNMP question; imports what speaks SNMP, which may be missing."""

from __future__ import annotations

from typing import Dict, Sequence

from machxa_agent.discovery.scan import Ask
from machxa_agent.snmp.answers import Oid, Value
from machxa_agent.snmp.session import Community
from machxa_agent.snmp.target import Limits, Target
from machxa_agent.snmp.walk import Walker

_LIMITS = Limits(seconds=2.0, answer_bytes=65536)


def asker(port: int = 161) -> Ask:
    """Return what asks an address for some objects, with one community; it raises Silent, OSError."""

    def ask(host: str, community: str, names: Sequence[Oid]) -> Dict[Oid, Value]:
        link = Community(Target(host, port, community), _LIMITS)
        try:
            return Walker(link).get(names)
        finally:
            link.close()

    return ask
