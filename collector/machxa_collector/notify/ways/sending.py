"""Send a letter by a channel of any kind."""

from __future__ import annotations

from machxa_collector.notify.ways import mail, others, webhook
from machxa_collector.notify.ways.carrying import Letter, check_ca
from machxa_collector.notify.ways.settings import Apprise, Email, Settings, Webhook
from machxa_collector.outward import NOTHING, Allowed


def send(settings: Settings, letter: Letter, allowed: Allowed = NOTHING) -> None:
    """Send it and wait until the other side took it; raises NotDelivered, also for what lies inside unless allowed."""
    if isinstance(settings, Email):
        mail.send(settings, letter, allowed)
    elif isinstance(settings, Webhook):
        webhook.send(settings, letter, allowed)
    else:
        others.send(settings, letter, allowed)


def check(settings: Settings, allowed: Allowed = NOTHING) -> None:
    """Refuse what can be told wrong without sending; raises BadChannel."""
    if isinstance(settings, Apprise):
        others.check(settings, allowed)
        return
    if isinstance(settings, Webhook):
        webhook.check(settings, allowed)
    check_ca(settings.ca)
