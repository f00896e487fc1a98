"""Speak to one address in clear or over TLS, counting bytes, within a time for silence and one for the whole."""

# ruff: noqa: PLC0415 - ssl is loaded by the first check that needs it

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING, Callable, Iterator, NamedTuple, Optional, Tuple

from machxa_agent.checks.verdict import Stop

if TYPE_CHECKING:
    import ssl

_PART = 4096
_WINDOW_BYTES = 8192  # more is never on its way unasked when a check has seen enough and hangs up
_LEGACY_SERVER = (
    0x4  # SSL_OP_LEGACY_SERVER_CONNECT: without RFC 5746, as browsers still accept; nothing is renegotiated
)
_CERTIFICATES = {
    9: Stop.NOT_YET_VALID,  # X509_V_ERR_CERT_NOT_YET_VALID
    10: Stop.EXPIRED,  # X509_V_ERR_CERT_HAS_EXPIRED
    62: Stop.WRONG_HOST,  # X509_V_ERR_HOSTNAME_MISMATCH
    64: Stop.WRONG_HOST,  # X509_V_ERR_IP_ADDRESS_MISMATCH
}
_NOT_TLS = frozenset(
    ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
)


class Limits(NamedTuple):
    """Say how long a check waits: for a connection, for a byte once connected, and in all."""

    connect_seconds: float = 10.0
    silence_seconds: float = 20.0
    whole_seconds: float = 45.0


class Ended(Exception):
    """Say what ended a try; the caller tells it and goes on."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.value)
        self.stop = stop


class Plain:
    """Hold one connection in clear."""

    def __init__(self, link: socket.socket, until: float, limits: Limits, clock: Callable[[], float]) -> None:
        """Take over a connected socket; until is when the whole check ends."""
        self._link, self._until, self._limits, self._clock = link, until, limits, clock
        self.sent_bytes = self.received_bytes = 0

    def send(self, content: bytes) -> None:
        """Send everything; raises Ended."""
        with _telling(Stop.NO_BYTE):
            self._link.settimeout(self._patience())
            self._link.sendall(content)
        self.sent_bytes += len(content)

    def receive(self) -> bytes:
        """Return what comes next, b"" at the end; raises Ended."""
        patience = self._patience()
        is_last = patience < self._limits.silence_seconds and self.received_bytes > 0
        with _telling(Stop.DRIP if is_last else Stop.NO_BYTE):
            self._link.settimeout(patience)
            content = self._link.recv(_PART)
        self.received_bytes += len(content)
        return content

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def _patience(self) -> float:
        left = self._until - self._clock()
        if left <= 0:
            raise Ended(Stop.DRIP if self.received_bytes else Stop.NO_BYTE)
        return min(left, self._limits.silence_seconds)


class Secured:
    """Hold one connection over TLS, spoken through a plain one so that its bytes are counted."""

    def __init__(
        self, plain: Plain, context: ssl.SSLContext, host: str, session: Optional[ssl.SSLSession] = None
    ) -> None:
        """Shake hands; raises Ended with the reason of a refusal."""
        import ssl

        self._plain, self._incoming, self._outgoing = plain, ssl.MemoryBIO(), ssl.MemoryBIO()
        name = host.encode("ascii")  # a text would load the tables of IDNA for good
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name, session=session)
        while not self._done(self._tls.do_handshake):
            self._feed()
        self._flush()

    def send(self, content: bytes) -> None:
        """Send everything; raises Ended."""
        self._tls.write(content)
        self._flush()

    def receive(self) -> bytes:
        """Return what comes next, b"" at the end; raises Ended."""
        import ssl

        while True:
            try:
                return self._tls.read(_PART)
            except ssl.SSLWantReadError:  # noqa: PERF203 - it waits for the network
                self._flush()
                self._feed()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            except ssl.SSLError as exc:
                raise Ended(Stop.PROTOCOL) from exc

    def certificate(self) -> Optional[bytes]:
        """Return the server's certificate as DER."""
        return self._tls.getpeercert(binary_form=True)

    def session(self) -> Optional[ssl.SSLSession]:
        """Return what makes the next handshake short; in TLS 1.3 only once something was received."""
        return self._tls.session

    def _done(self, step: Callable[[], None]) -> bool:
        import ssl

        try:
            step()
        except ssl.SSLWantReadError:
            self._flush()
            return False
        except ssl.SSLError as exc:
            with contextlib.suppress(Ended):
                self._flush()  # the alert that says why
            raise Ended(of_error(exc)) from exc
        return True

    def _feed(self) -> None:
        content = self._plain.receive()
        if content:
            self._incoming.write(content)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        content = self._outgoing.read()
        if content:
            self._plain.send(content)


def connected(
    address: Tuple[object, ...], family: int, until: float, limits: Limits, clock: Callable[[], float] = time.monotonic
) -> Plain:
    """Return a connection to one resolved address, which nothing looks up again; raises Ended."""
    link = socket.socket(family, socket.SOCK_STREAM)
    try:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
        link.settimeout(max(0.001, min(limits.connect_seconds, until - clock())))
        with _telling(Stop.TIMEOUT):
            link.connect(address)
    except BaseException:
        link.close()
        raise
    return Plain(link, until, limits, clock)


def trusting(*, anyone: bool) -> ssl.SSLContext:
    """Return how certificates are judged: as this computer judges them, or not at all."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= _LEGACY_SERVER
    context.set_ciphers("DEFAULT:@SECLEVEL=1")  # old keys are no fault of the line; nothing secret is sent
    if anyone:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_default_certs()
    return context


def of_error(error: ssl.SSLError) -> Stop:
    """Return why a handshake was refused, by us or by them."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, Stop.UNKNOWN_ISSUER)
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Stop.CLOSED
    return Stop.NOT_TLS if getattr(error, "reason", None) in _NOT_TLS else Stop.PROTOCOL


@contextlib.contextmanager
def _telling(silence: Stop) -> Iterator[None]:
    try:
        yield
    except ConnectionRefusedError as exc:
        raise Ended(Stop.REFUSED) from exc
    except (socket.timeout, TimeoutError) as exc:
        raise Ended(silence) from exc
    except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as exc:
        raise Ended(Stop.RESET) from exc
    except OSError as exc:
        raise Ended(Stop.UNREACHABLE) from exc
