"""Send by whatever apprise reaches: Zalo Bot, Telegram and others. It is an extra, loaded when first used.

What goes this way leaves the state's network: the brief text alone, without names of people, devices or addresses.
"""

from __future__ import annotations

import logging

from machxa_collector.notify.ways.carrying import WAIT_SECONDS, Letter, NotDelivered
from machxa_collector.notify.ways.settings import Apprise, BadChannel

MISSING = "apprise is not installed here: pip install 'machxa[notify]'"


def send(settings: Apprise, letter: Letter) -> None:
    """Hand over a letter's brief text; raises NotDelivered. apprise says only that it did not go."""
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


def check(settings: Apprise) -> None:
    """Refuse an address that apprise does not know, where it is installed; raises BadChannel."""
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError:
        return
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    if apprise.Apprise.instantiate(settings.url, suppress_exceptions=True) is None:
        raise BadChannel("apprise does not know this address: see the list of its services")
