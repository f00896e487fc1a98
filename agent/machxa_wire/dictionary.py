"""Hold the preset dictionaries of the deflated wire: text that records share, most common last.

A dictionary, once released, never changes; a better one is added and becomes CURRENT. The zlib header of a
payload names its dictionary by Adler-32 (RFC 1950), so a collector reads every release's payloads.
"""

from __future__ import annotations

import zlib
from typing import Dict

from machxa_wire.dictionary_v1 import TEXT as _V1
from machxa_wire.dictionary_v2 import TEXT as _V2

CURRENT = _V2
BY_ADLER: Dict[int, bytes] = {zlib.adler32(one): one for one in (_V1, _V2)}
