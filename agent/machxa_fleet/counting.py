"""Count what goes over one connection: a TCP proxy on loopback."""

from __future__ import annotations

import select
import socket
import threading

_PIECE_BYTES = 65536
_LOOK_SECONDS = 0.2


class CountingProxy:
    """Pass one connection after the other on to a port; up is what the client sent, down what it got, in bytes."""

    def __init__(self, port: int) -> None:
        """Listen."""
        self.up = self.down = 0
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(_LOOK_SECONDS)
        self.port: int = self._listening.getsockname()[1]
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping = True
        self._thread.join()
        self._listening.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                client, _ = self._listening.accept()
            except TimeoutError:
                continue
            with client, socket.create_connection(("127.0.0.1", self._target)) as server:
                self._pump(client, server)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        while not self._stopping:
            for one in select.select([client, server], [], [], _LOOK_SECONDS)[0]:
                piece = one.recv(_PIECE_BYTES)
                if not piece:
                    return
                if one is client:
                    self.up += len(piece)
                    server.sendall(piece)
                else:
                    self.down += len(piece)
                    client.sendall(piece)
