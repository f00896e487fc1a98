"""F18: tell how fast a unit's line must be for the dossiers it sends. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.impact.explained import Explained, Measure, known

_BITS = 8
_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Say what is sent: dossiers an hour, pages each, megabytes a page, how much a busy moment exceeds the mean.

    wait_seconds is how long a person waits for a dossier of file_mb to be sent, parallel how many send at once.
    video_mbps and updates_mbps come besides.
    """

    dossiers_per_hour: float
    pages: float
    page_mb: float
    file_mb: float
    peak: float = 1.0
    wait_seconds: float = 10.0
    parallel: int = 1
    video_mbps: float = 0.0
    updates_mbps: float = 0.0


def line_need(one: Sending) -> Explained:
    """Return the Mbit/s needed; loss and delay are judged besides."""
    mean = one.dossiers_per_hour * one.pages * one.page_mb * _BITS / _SECONDS
    waiting = one.file_mb * _BITS / one.wait_seconds * one.parallel
    need = max(mean * one.peak, waiting) + one.video_mbps + one.updates_mbps
    return known(
        need,
        Measure.MBPS,
        "F18",
        mean_mbps=mean,
        peak=one.peak,
        while_waiting_mbps=waiting,
        video_mbps=one.video_mbps,
        updates_mbps=one.updates_mbps,
    )
