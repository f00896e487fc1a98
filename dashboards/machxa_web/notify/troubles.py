"""Say why a message did not go in the words of who reads, and what to look at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from machxa_web.languages import Language, msg

_MOST = 400
_TROUBLES: Mapping[str, str] = {  # what the centre keeps, and what it means; the first that fits
    r"too_old": msg("it waited too long and was given up"),
    r"outbox_full": msg("too many messages wait on this channel already"),
    r"nobody's address is known": msg("no address is known to send to: enter one"),
    r"(?P<bad>\d+) of (?P<all>\d+) addresses refused": msg("the mail server refused %(bad)s of %(all)s addresses"),
    r"every address refused with \[(?P<code>[\d, ]*)\]": msg(
        "the mail server refused every address (code %(code)s): check the addresses"
    ),
    r"the server takes this user and password not: (?P<code>\d+)": msg(
        "the mail server does not take this user and password (code %(code)s)"
    ),
    r"the server refused the message: (?P<code>\d+)": msg("the mail server refused the message (code %(code)s)"),
    r"the server answered (?P<code>-?\d+)": msg("the mail server answered with an error (code %(code)s)"),
    r"the receiver answered 404": msg("the other side knows no such address (code 404): check its path"),
    r"the receiver answered (?P<code>40[13])": msg(
        "the other side does not let us in (code %(code)s): check the token"
    ),
    r"the receiver answered (?P<code>\d+)": msg("the other side answered with an error (code %(code)s)"),
    r"the (?:server|receiver)'s certificate is refused: (?P<why>.*)": msg(
        "the other side’s certificate is refused (%(why)s)"
    ),
    r"the (?:server|receiver) did not answer within (?P<wait>[\d.]+) s": msg(
        "the other side did not answer within %(wait)s seconds: check address, port and firewall"
    ),
    r"ConnectionRefusedError: .*": msg("nothing listens there: check address, port and firewall"),
    r"gaierror: .*": msg("no server of this name is known: check the address"),
    r"OSError: \[Errno (?:101|113)\].*": msg("no way leads to this server: check the address and the centre’s line"),
    r"(?:ConnectionResetError|RemoteDisconnected|SMTPServerDisconnected|BrokenPipeError): .*": msg(
        "the other side hung up: check the port and the kind of encryption"
    ),
    r"(?:SSLError|SSLEOFError|SSLZeroReturnError): .*": msg(
        "no encryption was agreed on: check the port and the kind of encryption"
    ),
    r"SMTPNotSupportedError: .*": msg("the mail server does not offer this: check encryption and password"),
    r"the address lies inside our own networks.*": msg(
        "this address lies inside the centre’s own networks: whoever runs the centre may allow it (--allow-inner)"
    ),
    r"the service (?P<name>\S+) may lie inside our own networks.*": msg(
        "the service %(name)s may lie inside the centre’s own networks: whoever runs it may allow it (--allow-service)"
    ),
    r"the parameter (?P<name>.*) of this address is not taken.*": msg(
        "the parameter %(name)s of this address is not taken: it may name a file of the centre"
    ),
    r"apprise is not installed here: (?P<how>.*)": msg("the centre lacks a package for it: %(how)s"),
    r"apprise does not know this address.*": msg("apprise does not know this address: see the list of its services"),
    r"the service did not take it \(apprise gives no reason\)": msg("the service did not take it, and gave no reason"),
    r"(?P<why>\w+) in apprise": msg("the service could not be reached through apprise (%(why)s)"),
    r"the channel's own CA cannot be read.*": msg("the channel’s own certificate cannot be read"),
    r"the channel's settings (?:cannot be opened|do not fit).*": msg(
        "the channel’s settings cannot be used: remove it and add it again"
    ),
}
_KNOWN = tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in _TROUBLES.items())


def trouble(language: Language, error: str) -> str:
    """Return why a message did not go, in a language; what nobody foresaw stays as it is."""
    for pattern, text in _KNOWN:
        found = pattern.fullmatch(error[:_MOST])
        if found is not None:
            return language.catalogue.gettext(text) % found.groupdict()
    return error
