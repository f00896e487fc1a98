"""Serve a growing number on loopback and log each before it is served: what the proof compares arrivals with."""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import sys
from pathlib import Path
from typing import IO

_STALLED_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; a number in the log may be one that its reader never got, never the reverse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, help="one number a line, appended and flushed")
    parser.add_argument("--port-file", type=Path, required=True, help="written once the port is open")
    parser.add_argument("--first", type=int, default=1, help="the first number served")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.create_server(("127.0.0.1", 0)) as listener, options.log.open("a", encoding="ascii") as log:
        _publish(options.port_file, listener.getsockname()[1])
        try:
            serve(listener, log, options.first)
        except KeyboardInterrupt:
            return 0
    return 0


def serve(listener: socket.socket, log: IO[str], first: int) -> None:
    """Give each connection the next number, from ``first`` on."""
    number = first
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(_STALLED_SECONDS)
            log.write(f"{number}\n")
            log.flush()
            with contextlib.suppress(OSError):  # the reader died: the number stays in the log as served to nobody
                connection.sendall(b"%d\n" % number)
            number += 1


def _publish(path: Path, port: int) -> None:
    """Write the port whole or not at all: whoever waits for the file reads it at once."""
    partial = path.with_suffix(".part")
    partial.write_text(str(port), encoding="ascii")
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main())
