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
