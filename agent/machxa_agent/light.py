"""Import a module without what it loads for purposes the agent has not.

For as long as ``without`` is open, the named modules are empty ones, unless they are loaded already. Imported first by
``main``: dataclasses loads inspect, 0.9 MB, to write the docstring of a class that has none.
"""

from __future__ import annotations

import sys
import types
from contextlib import contextmanager
from typing import Iterator, List


@contextmanager
def without(*names: str) -> Iterator[List[str]]:
    """Put empty modules in place of these; yield which of them are."""
    made = [name for name in names if name not in sys.modules]
    for name in made:
        sys.modules[name] = types.ModuleType(name)
    try:
        yield made
    finally:
        for name in made:
            del sys.modules[name]


with without("inspect"):
    import dataclasses as dataclasses  # noqa: PLC0414 - loaded here, for all
