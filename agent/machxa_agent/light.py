"""Import a module without what it loads for purposes the agent has not.

For as long as ``without`` is open, the named modules are empty ones, unless they are loaded already. Imported first by
``main``: dataclasses loads inspect, 0.9 MB, to write the docstring of a class that has none; argparse loads gettext and
with it locale, to translate its help; pathlib loads urllib.parse, which loads ipaddress for addresses in brackets.
"""

from __future__ import annotations

import importlib
import sys
import types
from contextlib import contextmanager
from typing import Callable, Iterator, List


@contextmanager
def without(*names: str) -> Iterator[List[str]]:
    """Put empty modules in place of these; yield which of them are. One that is asked for something is loaded then."""
    made = [name for name in names if name not in sys.modules]
    for name in made:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__getattr__ = _later(name)  # type: ignore[method-assign]  # PEP 562
    try:
        yield made
    finally:
        for name in made:
            del sys.modules[name]


def _later(name: str) -> Callable[[str], object]:
    """Return what loads the real module when something of it is asked for after all."""

    def ask(attribute: str) -> object:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(importlib.import_module(name), attribute)

    return ask


def _as_it_is(message: str) -> str:
    return message


def _one_or_more(one: str, more: str, count: int) -> str:
    return one if count == 1 else more


with without("inspect"):
    import dataclasses as dataclasses  # noqa: PLC0414 - loaded here, for all
with without("ipaddress"):
    import urllib.parse as urllib_parse  # noqa: F401 - loaded here, for all
with without("gettext") as _made:
    if _made:
        sys.modules["gettext"].gettext = _as_it_is  # type: ignore[attr-defined]  # an empty module
        sys.modules["gettext"].ngettext = _one_or_more  # type: ignore[attr-defined]
    import argparse as argparse  # noqa: PLC0414 - loaded here, for all
