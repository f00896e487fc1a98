"""Post inventories to a GLPI server, as its agent does.

Source: glpi-project/glpi 10.0, front/inventory.php and Agent/Communication/AbstractRequest: the body is zlib
(``application/x-compress-zlib``) over the inventory's JSON, ``GLPI-Agent-ID`` a UUID, and the answer, packed alike,
says ``"status": "ok"``. What its schema does not allow is answered 400, what it cannot do otherwise 500.
"""

from __future__ import annotations

import base64
import json
import ssl
import zlib
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from urllib.parse import urlsplit

from machxa_collector import outward_http
from machxa_collector.outward import EVERYTHING
from machxa_collector.sinks.config import Glpi
from machxa_collector.sinks.influx import SinkError

_TIMEOUT_SECONDS = 60.0  # taking in one inventory is seconds of PHP
_MOST_ANSWER = 64 * 1024
_OK = range(200, 300)
_REFUSED = frozenset({400, 413, 422, 501})  # the same inventory would be refused again
_PACKED = "application/x-compress-zlib"


class GlpiServer:
    """Post to one server. The file of sinks is the operator's own, so the server may stand inside."""

    def __init__(self, sink: Glpi) -> None:
        """Prepare; raises OSError for an authority that cannot be read."""
        self._sink = sink
        self._parts = urlsplit(sink.url)
        self._context = None
        if self._parts.scheme == "https":
            self._context = ssl.create_default_context(cafile=None if sink.ca is None else str(sink.ca))

    def post(self, asset_id: str, inventory: Mapping[str, object]) -> None:
        """Post one inventory and wait until it is taken; raises SinkError. No redirect is followed."""
        body = zlib.compress(json.dumps(inventory, ensure_ascii=False).encode())
        headers = {"Content-Type": _PACKED, "Accept": _PACKED, "User-Agent": "machxa", "GLPI-Agent-ID": asset_id}
        if self._sink.user:
            pair = f"{self._sink.user}:{self._sink.password}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        host, port = self._parts.hostname or "", self._parts.port
        connection = (
            outward_http.http(host, port, _TIMEOUT_SECONDS, EVERYTHING)
            if self._context is None
            else outward_http.https(host, port, _TIMEOUT_SECONDS, EVERYTHING, self._context)
        )
        try:
            connection.request("POST", self._parts.path, body, headers)
            answer = connection.getresponse()
            status, said = answer.status, _said(answer.read(_MOST_ANSWER))
        except (OSError, HTTPException, ValueError) as exc:
            raise SinkError(f"{type(exc).__name__}: {exc}", is_refused=False) from exc
        finally:
            connection.close()
        if status not in _OK or said.get("status") != "ok":
            why = said.get("message", said.get("status", "no answer of an inventory endpoint"))
            raise SinkError(f"{status}: {why}", is_refused=status in _REFUSED)


def _said(answer: bytes) -> Mapping[str, object]:
    """Return what an answer says, packed or not; empty where it is none of GLPI's."""
    with suppress(zlib.error):
        answer = zlib.decompressobj().decompress(answer, _MOST_ANSWER)
    with suppress(ValueError, RecursionError):
        said = json.loads(answer)
        if isinstance(said, dict):
            return said
    return {}
