"""Speak to a server that takes the line protocol, by influxdb-client; the only module that knows it."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import Protocol
from urllib.error import URLError

from machxa_collector.sinks.config import Influx

_TIMEOUT_MS = 20_000
_MOST_METRICS = 4 * 1024 * 1024
_STARTED = re.compile(rb"^process_start_time_seconds ([0-9.e+]+)$", re.MULTILINE)
_REASON_CHARACTERS = 200


class SinkError(Exception):
    """Say why a server did not take lines; is_refused: it read them and will never take them."""

    def __init__(self, reason: str, *, is_refused: bool) -> None:
        """Keep both."""
        super().__init__(reason[:_REASON_CHARACTERS])
        self.is_refused = is_refused


class Server(Protocol):
    """Take lines: what a sink needs of a server."""

    def write(self, lines: Sequence[str]) -> None:
        """Write lines; raises SinkError."""

    def started_at(self) -> float | None:
        """Return when the server began (seconds since 1970), None where it does not say."""


class InfluxServer:
    """Write to one server. Its connection is made when it is first used and kept."""

    def __init__(self, sink: Influx) -> None:
        """Prepare; influxdb-client is loaded here, in the process that has a sink."""
        from influxdb_client.client.influxdb_client import InfluxDBClient  # noqa: PLC0415 - for those who have a sink
        from influxdb_client.client.write_api import SYNCHRONOUS  # noqa: PLC0415

        self._sink = sink
        self._client = InfluxDBClient(
            sink.url,
            token=sink.token,
            org=sink.org or "-",
            timeout=_TIMEOUT_MS,
            enable_gzip=True,
            ssl_ca_cert=None if sink.ca is None else str(sink.ca),
        )
        self._writing = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, lines: Sequence[str]) -> None:
        """Write lines; raises SinkError."""
        from influxdb_client.domain.write_precision import WritePrecision  # noqa: PLC0415 - as above
        from influxdb_client.rest import ApiException  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        try:
            self._writing.write(self._sink.bucket, record="\n".join(lines), write_precision=WritePrecision.S)  # type: ignore[arg-type] # its constants are texts
        except ApiException as exc:
            status = exc.status or 0
            # 401 to 404 are settings that somebody may still put right; 400 and 422 are lines that never fit
            raise SinkError(f"{status} {exc.reason}: {exc.body!r}", is_refused=status in (400, 413, 422)) from exc
        except (HTTPError, OSError) as exc:
            raise SinkError(f"{type(exc).__name__}: {exc}", is_refused=False) from exc

    def started_at(self) -> float | None:
        """Return when the server began, from its own metrics; None where it does not say."""
        import ssl  # noqa: PLC0415 - as above

        context = None
        with suppress(URLError, OSError, ValueError, HTTPException):
            if self._sink.url.startswith("https"):
                context = ssl.create_default_context(cafile=None if self._sink.ca is None else str(self._sink.ca))
            asked = urllib.request.Request(self._sink.url + "/metrics")  # noqa: S310 - http(s) by the configuration
            with urllib.request.urlopen(asked, timeout=_TIMEOUT_MS / 1000, context=context) as answer:  # noqa: S310
                found = _STARTED.search(answer.read(_MOST_METRICS))
            return None if found is None else float(found.group(1))
        return None
