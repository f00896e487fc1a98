"""Send a letter by a channel of any kind."""

from __future__ import annotations

from machxa_collector.notify.ways import mail, others, webhook
from machxa_collector.notify.ways.carrying import Letter, check_ca
from machxa_collector.notify.ways.settings import Apprise, Email, Settings, Webhook


def send(settings: Settings, letter: Letter) -> None:
    """Send it and wait until the other side took it; raises NotDelivered."""
    if isinstance(settings, Email):
        mail.send(settings, letter)
    elif isinstance(settings, Webhook):
        webhook.send(settings, letter)
    else:
        others.send(settings, letter)


def check(settings: Settings) -> None:
    """Refuse what can be told wrong without sending; raises BadChannel."""
    if isinstance(settings, Apprise):
        others.check(settings)
    else:
        check_ca(settings.ca)
