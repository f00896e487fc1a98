from __future__ import annotations

import pytest

from machxa_web.proof import Proof, proof
from machxa_web.reader import Ledger, StreamBooks

WHOLE = StreamBooks(stream="a", contiguous=9, highest=9, received=9, duplicates_refused=2)


def test_there_is_no_proof_without_books() -> None:
    assert (proof(None), proof(Ledger())) == (None, None)


def test_streams_are_added_up() -> None:
    behind = StreamBooks(
        stream="b", contiguous=3, highest=10, received=6, declared_lost=1, missing=((5, 6), (8, 8)), declared=((4, 4),)
    )

    assert proof(Ledger(streams=(WHOLE, behind))) == Proof(
        received=15, missing=3, declared_lost=1, doubled=0, refused_duplicates=2, streams=(WHOLE, behind)
    )


def test_more_stored_than_numbered_shows_as_doubled() -> None:
    books = StreamBooks(stream="a", contiguous=9, highest=9, received=11)

    found = proof(Ledger(streams=(books,)))

    assert found is not None
    assert (found.doubled, found.is_whole) == (2, False)


@pytest.mark.parametrize(
    ("books", "is_whole"),
    [
        (WHOLE, True),
        (StreamBooks(stream="a", contiguous=1, highest=3, received=2, missing=((2, 2),)), False),
        (StreamBooks(stream="a", contiguous=3, highest=3, received=2, declared_lost=1), False),
    ],
    ids=["all there", "one missing", "one declared lost"],
)
def test_whole_means_every_number_once(books: StreamBooks, *, is_whole: bool) -> None:
    found = proof(Ledger(streams=(books,)))

    assert found is not None
    assert found.is_whole is is_whole
