"""Draw by chance of which names decide: the same demonstration at every start. Pure."""

from __future__ import annotations

from random import Random


def chance_of(*names: object) -> Random:
    """Return a generator for what these names name together."""
    return Random("/".join(map(str, names)))  # noqa: S311 - chance, not a secret
