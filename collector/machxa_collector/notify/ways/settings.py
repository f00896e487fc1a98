"""Read what a channel is set to, once, from outside. Pure. All of it is sealed; ``shown`` alone may be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

KINDS = ("email", "webhook", "apprise")
MOST_TO = 20
_MOST_TEXT = 2000
_MOST_PEM = 20_000
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}", re.ASCII
)
_HOST = re.compile(r"[A-Za-z0-9_.:-]{1,253}", re.ASCII)
_SECURITY = ("starttls", "tls", "none")
_MOST_PORT = 65_535


class BadChannel(ValueError):
    """Say what somebody may correct; never holds a secret."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Email:
    """Hold a mail server: security is starttls, tls (from the first byte) or none, which takes no password.

    to is whom the channel itself tells; empty for one that only carries mail to persons. ca: PEM certificates to trust
    instead of the system's, None for those.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password: str | None = None
    to: tuple[str, ...] = ()
    ca: str | None = None

    @property
    def shown(self) -> str:
        """Return what may be told of it."""
        return f"{self.host}:{self.port}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no log may hold."""
        return tuple(filter(None, (self.password, *self.to)))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Webhook:
    """Hold a receiver of Alertmanager's JSON; token is sent as a bearer's, ca as for mail."""

    url: str
    token: str | None = None
    ca: str | None = None

    @property
    def shown(self) -> str:
        """Return what may be told of it: the path may hold a secret."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no log may hold."""
        return tuple(filter(None, (self.token, self.url)))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Apprise:
    """Hold one of apprise's addresses, such as zalo://BOT/CHAT or tgram://BOT/CHAT."""

    url: str

    @property
    def shown(self) -> str:
        """Return what may be told of it."""
        return f"{urlsplit(self.url).scheme}://"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no log may hold."""
        parts = re.split(r"[/?&=@]+", self.url.partition("://")[2])
        return (self.url, *(one for one in parts if len(one) >= 8))  # noqa: PLR2004 - shorter ones are ordinary words


Settings = Email | Webhook | Apprise


def settings_of(kind: str, said: Mapping[str, object]) -> Settings:
    """Return a channel's settings from JSON; raises BadChannel."""
    reader = _READERS.get(kind)
    if reader is None:
        raise BadChannel(f"kind is {kind[:20]!r}, expected one of {', '.join(KINDS)}")
    unknown = set(said) - _FIELDS[kind]
    if unknown:
        raise BadChannel(f"{min(unknown)[:40]!r} is no setting of {kind}")
    return reader(said)


def address_of(text: str) -> str:
    """Return an e-mail address, written in ASCII; raises BadChannel."""
    if len(text) > 254 or not _ADDRESS.fullmatch(text):  # noqa: PLR2004 - RFC 5321, 4.5.3.1
        raise BadChannel("an e-mail address is written name@host, in ASCII")
    return text


def _email(said: Mapping[str, object]) -> Email:
    security = _text(said, "security") or "starttls"
    host, port = _text(said, "host"), said.get("port", 465 if security == "tls" else 587)
    user, password = _text(said, "user"), _text(said, "password")
    to = said.get("to", [])
    if host is None or not _HOST.fullmatch(host):
        raise BadChannel("host is missing, or no name of a host")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= _MOST_PORT:
        raise BadChannel(f"port is no number from 1 to {_MOST_PORT}")
    if security not in _SECURITY:
        raise BadChannel(f"security is {security[:20]!r}, expected one of {', '.join(_SECURITY)}")
    if security == "none" and (user or password):
        raise BadChannel("a password is never sent without encryption: security needs starttls or tls")
    if (user is None) != (password is None):
        raise BadChannel("user and password go together")
    if not isinstance(to, list | tuple) or len(to) > MOST_TO:
        raise BadChannel(f"to is a list of {MOST_TO} addresses at most")
    return Email(
        host=host,
        port=port,
        security=security,
        sender=address_of(_text(said, "sender") or ""),
        user=user,
        password=password,
        to=tuple(address_of(str(one)) for one in to),
        ca=_pem(said),
    )


def _webhook(said: Mapping[str, object]) -> Webhook:
    url = _text(said, "url") or ""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or not url.isascii() or not url.isprintable() or " " in url or "@" in parts.netloc:
        raise BadChannel("url begins with https:// or http://, names a host, and holds no spaces, user or password")
    token = _text(said, "token")
    if token is not None and not (token.isascii() and token.isprintable()):
        raise BadChannel("token holds ASCII letters, digits and signs alone")
    if token is not None and parts.scheme == "http":
        raise BadChannel("a token is never sent without encryption: url needs https")
    return Webhook(url=url, token=token, ca=_pem(said))


def _apprise(said: Mapping[str, object]) -> Apprise:
    url = _text(said, "url") or ""
    scheme, mark, rest = url.partition("://")
    if not mark or not rest or not re.fullmatch(r"[a-z][a-z0-9+.-]{1,20}", scheme) or not url.isprintable():
        raise BadChannel("url is one of apprise's addresses, such as zalo://BOT/CHAT")
    if scheme in ("file", "syslog", "dbus", "gnome", "windows", "macosx", "exec", "json", "xml", "form"):
        raise BadChannel(f"{scheme}:// is not taken here; a webhook is a channel of its own kind")
    return Apprise(url=url)


def _text(said: Mapping[str, object], name: str) -> str | None:
    value = said.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _MOST_TEXT or "\x00" in value or "\n" in value or "\r" in value:
        raise BadChannel(f"{name} is one line of {_MOST_TEXT} characters at most")
    return value.strip()


def _pem(said: Mapping[str, object]) -> str | None:
    value = said.get("ca")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _MOST_PEM or "-----BEGIN CERTIFICATE-----" not in value:
        raise BadChannel("ca holds certificates in PEM")
    return value


_READERS: Mapping[str, Callable[[Mapping[str, object]], Settings]] = {
    "email": _email,
    "webhook": _webhook,
    "apprise": _apprise,
}
_FIELDS = {
    "email": {"host", "port", "security", "sender", "user", "password", "to", "ca"},
    "webhook": {"url", "token", "ca"},
    "apprise": {"url"},
}
