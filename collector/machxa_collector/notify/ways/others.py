"""Send by whatever apprise reaches: Zalo Bot, Telegram and others. It is an extra, loaded when first used.

What goes this way leaves the state's network: the brief text alone, without names of people, devices or addresses.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import unquote

from machxa_collector.notify.ways.carrying import WAIT_SECONDS, Letter, NotDelivered
from machxa_collector.notify.ways.settings import Apprise, BadChannel
from machxa_collector.outward import Allowed

MISSING = "apprise is not installed here: pip install 'machxa[notify]'"
HOSTED = frozenset({  # services of one known address each; of others the address says where the collector goes
    "brevo", "discord", "gchat", "lark", "line", "msgbird", "opsgenie", "pagerduty", "pbul",
    "pover", "sendgrid", "slack", "sns", "tgram", "twilio", "viber", "vonage", "webex",
    "whatsapp", "wxteams", "zalo",
})  # fmt: skip
_PARAMETERS = frozenset({"emojis", "format", "image", "mdv", "overflow", "preview", "silent", "thread", "topic"})


def refusal(settings: Apprise, allowed: Allowed) -> str | None:
    """Return why an address is not used: its service may lie inside, or a parameter name a file of this computer."""
    scheme = settings.url.partition("://")[0]
    if scheme not in HOSTED and scheme not in allowed.services:
        return f"the service {scheme}:// may lie inside our own networks: the operator allows it with --allow-service"
    query = settings.url.partition("?")[2]
    names = {unquote(one.partition("=")[0]).strip().lower() for one in re.split("[&;?]", query) if one}
    if strange := names - _PARAMETERS:
        return f"the parameter {min(strange)[:20]} of this address is not taken: it may name a file of the centre"
    return None


def send(settings: Apprise, letter: Letter, allowed: Allowed) -> None:
    """Hand over a letter's brief text; raises NotDelivered. apprise says only that it did not go."""
    if (why := refusal(settings, allowed)) is not None:
        raise NotDelivered(why)
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError as exc:
        raise NotDelivered(MISSING) from exc
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it writes addresses, and they hold tokens
    asset = apprise.AppriseAsset(app_id="machxa", app_desc="Mach Xa", async_mode=False, secure_logging=True)
    plugin = apprise.Apprise.instantiate(settings.url, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise NotDelivered("apprise does not know this address")
    plugin.socket_connect_timeout = plugin.socket_read_timeout = WAIT_SECONDS
    try:
        went = plugin.notify(body=letter.brief, title="")
    except Exception as exc:  # a plug-in of theirs may raise anything
        raise NotDelivered(f"{type(exc).__name__} in apprise") from exc
    if not went:
        raise NotDelivered("the service did not take it (apprise gives no reason)")


def check(settings: Apprise, allowed: Allowed) -> None:
    """Refuse an address that is not used, or that apprise does not know where it is installed; raises BadChannel."""
    if (why := refusal(settings, allowed)) is not None:
        raise BadChannel(why)
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError:
        return
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    if apprise.Apprise.instantiate(settings.url, suppress_exceptions=True) is None:
        raise BadChannel("apprise does not know this address: see the list of its services")
