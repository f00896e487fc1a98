"""Read which antivirus guards this computer, from Windows' security centre. Pure."""

from __future__ import annotations

from typing import Dict, List, Mapping

from machxa_agent.facts.words import known, said

_MOST = 8
_ON = 0x1000  # of productState's middle byte: 0x10 on, 0x00 off, 0x01 expired, 0x20 paused
_MIDDLE = 0xF000
_OUT_OF_DATE = 0x10  # of its lowest byte


def from_wmi(products: object) -> List[Dict[str, object]]:
    """Return the schema's ``antivirus`` from root/SecurityCenter2's AntiVirusProduct as JSON.

    productState is three bytes, which Microsoft explains nowhere; these two flags are what every reader of it agrees
    on. Servers have no security centre and no such fact.
    """
    rows = products[:_MOST] if isinstance(products, list) else []
    return [_product(row) for row in rows if isinstance(row, dict)]


def _product(row: Mapping[str, object]) -> Dict[str, object]:
    state = row.get("productState")
    return known(
        {
            "name": said(str(row.get("displayName") or "")),
            "guid": said(str(row.get("instanceGuid") or "")),
            "enabled": state & _MIDDLE == _ON if isinstance(state, int) else None,
            "uptodate": not state & _OUT_OF_DATE if isinstance(state, int) else None,
        }
    )
