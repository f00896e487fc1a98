"""Send e-mail by SMTP; a name or certificate that does not fit is refused, a password never goes in the clear."""

from __future__ import annotations

import smtplib
import socket
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from machxa_collector.notify.ways.carrying import WAIT_SECONDS, Letter, NotDelivered, tls_context
from machxa_collector.notify.ways.settings import Email
from machxa_collector.outward import EVERYTHING, NOTHING, Allowed
from machxa_collector.outward_http import InnerAddressError, reached

PORTS = frozenset({25, 465, 587, 2525})  # where mail is taken in: a server of the province's own stands inside
_PERMANENT = 500  # RFC 5321, 4.2.1: 5yz will not be better another time


def send(settings: Email, letter: Letter, allowed: Allowed = NOTHING) -> None:
    """Hand a letter to the server; raises NotDelivered, also for an inner one on no port of mail unless allowed."""
    if not letter.to:
        raise NotDelivered("nobody's address is known", is_final=True)
    try:
        with _connected(settings, allowed) as server:
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password)
            refused = server.send_message(message_of(settings, letter), settings.sender, list(letter.to))
            if refused:
                raise NotDelivered(f"{len(refused)} of {len(letter.to)} addresses refused", is_final=True)
    except smtplib.SMTPRecipientsRefused as exc:
        codes = sorted({code for code, _ in exc.recipients.values()})
        final = all(code >= _PERMANENT for code in codes)
        raise NotDelivered(f"every address refused with {codes}", is_final=final) from exc
    except smtplib.SMTPAuthenticationError as exc:
        raise NotDelivered(f"the server takes this user and password not: {exc.smtp_code}") from exc
    except smtplib.SMTPDataError as exc:
        raise NotDelivered(
            f"the server refused the message: {exc.smtp_code}", is_final=exc.smtp_code >= _PERMANENT
        ) from exc
    except smtplib.SMTPResponseException as exc:
        raise NotDelivered(f"the server answered {exc.smtp_code}") from exc
    except (smtplib.SMTPException, OSError, ValueError) as exc:
        raise NotDelivered(_said(exc)) from exc


def message_of(settings: Email, letter: Letter) -> EmailMessage:
    """Return the letter as mail; its Message-ID is the same at each try, so that a mailbox shows it once."""
    message = EmailMessage()
    domain = settings.sender.rpartition("@")[2]
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = settings.sender
    message["To"] = ", ".join(letter.to)
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.made_at / 1000, UTC))
    message["Message-ID"] = f"<{sha256(letter.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in return
    message.set_content(letter.text)
    for file in letter.files:
        main, _, part = file.media.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=part, filename=file.name)
    return message


def _connected(settings: Email, allowed: Allowed) -> smtplib.SMTP:
    context = tls_context(settings.ca)
    reaching = EVERYTHING if settings.port in PORTS else allowed
    if settings.security == "tls":
        return _Encrypted(settings, reaching, context)
    server = _Plain(settings, reaching)
    if settings.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


class _Plain(smtplib.SMTP):
    """Speak in the clear with what is allowed."""

    def __init__(self, settings: Email, allowed: Allowed) -> None:
        self._allowed = allowed
        super().__init__(settings.host, settings.port, timeout=WAIT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return reached(host, port, timeout, self._allowed)


class _Encrypted(smtplib.SMTP_SSL):
    """Speak encrypted from the first byte with what is allowed."""

    def __init__(self, settings: Email, allowed: Allowed, context: ssl.SSLContext) -> None:
        self._allowed, self._tls = allowed, context
        super().__init__(settings.host, settings.port, timeout=WAIT_SECONDS, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = reached(host, port, timeout, self._allowed)
        try:
            return self._tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


def _said(exc: Exception) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the server's certificate is refused: {exc.verify_message}"
    if isinstance(exc, InnerAddressError):
        return f"{exc}; an inner mail server is reached on ports {', '.join(map(str, sorted(PORTS)))}"
    if isinstance(exc, TimeoutError):
        return f"the server did not answer within {WAIT_SECONDS:.0f} s"
    return f"{type(exc).__name__}: {exc}"[:200]
