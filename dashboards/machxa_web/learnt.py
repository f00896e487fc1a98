"""Convert to a type that msgspec has learnt: two threads that bring it a new type at once crash it."""

from __future__ import annotations

import threading
from typing import TypeVar

import msgspec

_Shape = TypeVar("_Shape")
_LEARNING = threading.Lock()
_LEARNT: set[type] = set()


def converted(answer: object, shape: type[_Shape]) -> _Shape:
    """Return an answer as one of the pages' shapes; raises msgspec.ValidationError for a defect of ours.

    msgspec (0.22.0) fills in what it knows of a class where it first meets it, and another thread that converts to
    the class meanwhile reads what is not filled in yet: so each class is learnt once, by one thread.
    """
    if shape not in _LEARNT:
        with _LEARNING:
            msgspec.json.Decoder(shape)
            _LEARNT.add(shape)
    return msgspec.convert(answer, shape, from_attributes=True)
