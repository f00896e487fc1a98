"""Hold what the judgement assumes, a version of it: thresholds of impact.md F5, F9, F10 and F11."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Give the thresholds; times in seconds, shares 0 to 1. A province that calibrates raises version."""

    version: int = 1
    vote_sites: int = 5  # F9: fewer enrolled is learning
    vote_share: float = 0.6
    vote_providers: int = 2
    provider_sites: int = 3
    others_share: float = 0.1
    lan_share: float = 0.5
    lan_within_s: int = 120
    edge_s: int = 900  # around a session's edges nobody is missed
    hold_down_s: int = 300
    hold_down_remote_s: int = 600
    slow_s: float = 3.0  # section 3, 10: slower than this, and than so many times the hour's usual
    slow_factor: float = 2.0
    error_share: float = 0.2  # of the checks of half an hour
    report_sites: int = 2  # F11
    report_fewest: int = 3
    report_within_s: int = 900
    centre_share: float = 0.8  # of all sites, silent at once: it is we who are blind
    settle_s: int = 50  # wills of one moment come spread over a keepalive
