"""Let what cuts a whole site off explain the computers and printers that fell silent with it. Pure."""

from __future__ import annotations

from machxa_collector.incidents.book import Book
from machxa_collector.incidents.case import Case
from machxa_collector.incidents.site import SiteWatch

_BEFORE_MS = 180_000  # the will of one may come before that of the other
_AFTER_MS = 600_000  # who is asked every five minutes is found well that late
_SILENT = frozenset({"silent", "lost", "offline"})


def take_in_devices(book: Book, site: SiteWatch, now: int) -> None:
    """Attach silent devices to the site's own incident, open or just over."""
    unit = site.site.code
    parents = [case for key in (("site", unit), ("lan", unit)) if (case := book.newest(key)) is not None]
    parents = [case for case in parents if case.ended_at is None or now - case.ended_at < 2 * _AFTER_MS]
    if not parents:
        return
    for asset in site.assets:
        for kind in ("presence", "state"):
            child = book.newest(("asset", asset, kind))
            if child is not None and child.parent is None and child.finding.state in _SILENT:
                for parent in parents:
                    if _is_below(child, parent):
                        book.attach_silent(child, parent)


def _is_below(child: Case, parent: Case) -> bool:
    over = parent.ended_at
    late = over is not None and child.started_at > over + _AFTER_MS
    return child.started_at >= parent.started_at - _BEFORE_MS and not late
