"""Open thousands of TLS connections in one thread: each step when its socket is ready, then over to paho."""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
from contextlib import suppress

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)


class HandedClient(Client):
    """Speak MQTT 5 over a connection that somebody else opened, or over paho's own when none was handed over."""

    def __init__(self, client_id: str) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
        self.handed: socket.socket | None = None

    def _create_socket(self) -> socket.socket:
        handed, self.handed = self.handed, None
        return handed or self._create_socket_connection()

    def has_pending(self) -> bool:
        """Return whether TLS holds bytes that a select does not tell of."""
        handle = self.socket()
        return isinstance(handle, ssl.SSLSocket) and handle.pending() > 0


class Dialling:
    """Hold one connection while it is being opened."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        """Begin; raises OSError when nobody listens."""
        self._context = context
        self._name = address[0]
        self._encrypted: ssl.SSLSocket | None = None
        self._plain = socket.socket()
        self._plain.settimeout(0)
        begun = self._plain.connect_ex(address)
        if begun not in _UNDER_WAY:
            self._plain.close()
            raise OSError(begun, "cannot connect")

    @property
    def handle(self) -> socket.socket:
        """Return the socket to select on."""
        return self._encrypted or self._plain

    def step(self) -> int | None:
        """Go on; return which event to wait for, None when the handshake is done. Raises OSError."""
        if self._encrypted is None:
            failed = self._plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failed:
                raise OSError(failed, "cannot connect")
            self._encrypted = self._context.wrap_socket(
                self._plain, server_hostname=self._name, do_handshake_on_connect=False
            )
        try:
            self._encrypted.do_handshake()
        except ssl.SSLWantReadError:
            return selectors.EVENT_READ
        except ssl.SSLWantWriteError:
            return selectors.EVENT_WRITE
        return None

    def close(self) -> None:
        """Give up."""
        with suppress(OSError):
            self.handle.close()
