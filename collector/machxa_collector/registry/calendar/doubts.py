"""Tell which days inside a span are not sure, so that an answer resting on them says so. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.registry.calendar.plan import IndexedLayer
from machxa_collector.registry.calendar.rows import Confidence, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Say what nobody has decided yet about the days from one to another, both included."""

    valid_from: date
    valid_to: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nation:
    """Hold the country's rows and what is open about them."""

    layer: Layer
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Say of the days from one to another, both included, what is taken for true and how sure that is.

    reference is where it was read, None for a question without an answer.
    """

    valid_from: date
    valid_to: date
    text: str
    confidence: Confidence
    reference: str | None


def doubts(layers: Sequence[IndexedLayer], questions: Sequence[Question], first: date, last: date) -> tuple[Doubt, ...]:
    """Return what is not confirmed among days off, make-up days and questions, in order of time.

    layers come nearest owner first: what a nearer owner has decided is not asked of a farther one.
    """
    found = [
        Doubt(
            valid_from=question.valid_from,
            valid_to=question.valid_to,
            text=question.text,
            confidence=Confidence.OPEN,
            reference=None,
        )
        for question in questions
        if question.valid_from <= last and first <= question.valid_to
    ]
    for n, layer in enumerate(layers):
        for day, row in layer.decided.items():
            if row.source.confidence is Confidence.CONFIRMED or not first <= day <= last:
                continue
            if not any(day in nearer.decided for nearer in layers[:n]):
                found.append(
                    Doubt(
                        valid_from=day,
                        valid_to=day,
                        text=row.name,
                        confidence=row.source.confidence,
                        reference=row.source.reference,
                    )
                )
    return tuple(sorted(found, key=lambda doubt: (doubt.valid_from, doubt.valid_to, doubt.text)))
