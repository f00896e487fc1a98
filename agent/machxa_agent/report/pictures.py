"""Draw the pictures of the first page and of the steps of help: strokes on a grid of 24, as dots of any size. Pure."""

from __future__ import annotations

from typing import Iterator, List, Mapping, Tuple

GRID = 24
Stroke = Tuple[int, int, int, int]

_PICTURES: Mapping[str, Tuple[Stroke, ...]] = {
    "computer": ((3, 4, 21, 4), (21, 4, 21, 15), (21, 15, 3, 15), (3, 15, 3, 4), (12, 15, 12, 19), (7, 20, 17, 20)),
    "printer": (
        (7, 3, 17, 3), (7, 3, 7, 9), (17, 3, 17, 9), (3, 9, 21, 9), (3, 9, 3, 17), (21, 9, 21, 17), (3, 17, 21, 17),
        (7, 14, 7, 21), (17, 14, 17, 21), (7, 21, 17, 21), (7, 14, 17, 14),
    ),
    "land_printer": (
        (5, 2, 19, 2), (5, 2, 5, 22), (19, 2, 19, 22), (5, 22, 19, 22), (8, 7, 16, 7), (8, 11, 16, 11), (8, 18, 12, 14),
        (12, 14, 16, 18), (9, 18, 15, 18),
    ),
    "scanner": ((3, 8, 20, 3), (3, 12, 21, 12), (3, 12, 3, 19), (21, 12, 21, 19), (3, 19, 21, 19), (6, 16, 14, 16)),
    "network": (
        (3, 9, 8, 6), (8, 6, 16, 6), (16, 6, 21, 9), (6, 13, 10, 11), (10, 11, 14, 11), (14, 11, 18, 13),
        (10, 16, 14, 16), (12, 19, 12, 20),
    ),
    "one_stop": (
        (3, 3, 21, 3), (3, 3, 3, 20), (21, 3, 21, 20), (3, 20, 21, 20), (3, 7, 21, 7), (6, 11, 9, 11), (11, 11, 18, 11),
        (6, 15, 9, 15), (11, 15, 18, 15),
    ),
    "signature": ((3, 20, 21, 20), (6, 17, 8, 12), (8, 12, 17, 3), (17, 3, 20, 6), (20, 6, 11, 15), (11, 15, 6, 17)),
    "lookup": (
        (10, 3, 14, 4), (14, 4, 17, 8), (17, 8, 15, 13), (15, 13, 10, 15), (10, 15, 5, 13), (5, 13, 3, 9), (3, 9, 5, 5),
        (5, 5, 10, 3), (15, 14, 21, 21),
    ),
    "other": ((5, 12, 6, 12), (12, 12, 13, 12), (19, 12, 20, 12)),
    # what the steps of help show
    "paper": (
        (6, 2, 15, 2), (15, 2, 19, 6), (19, 6, 19, 22), (19, 22, 6, 22), (6, 22, 6, 2), (15, 2, 15, 6), (15, 6, 19, 6),
        (9, 11, 16, 11), (9, 15, 16, 15),
    ),
    "cable": (
        (2, 12, 7, 12), (7, 8, 7, 16), (7, 8, 11, 8), (7, 16, 11, 16), (11, 8, 11, 16), (14, 8, 14, 16), (14, 8, 17, 8),
        (14, 16, 17, 16), (17, 8, 17, 16), (17, 12, 22, 12), (11, 10, 13, 10), (11, 14, 13, 14),
    ),
    "power": (
        (12, 2, 12, 11), (7, 5, 4, 9), (4, 9, 4, 14), (4, 14, 8, 19), (8, 19, 16, 19), (16, 19, 20, 14),
        (20, 14, 20, 9), (20, 9, 17, 5),
    ),
    "two_computers": (
        (2, 6, 10, 6), (10, 6, 10, 13), (10, 13, 2, 13), (2, 13, 2, 6), (6, 13, 6, 17), (14, 6, 22, 6), (22, 6, 22, 13),
        (22, 13, 14, 13), (14, 13, 14, 6), (18, 13, 18, 17), (6, 17, 18, 17),
    ),
    "save": (
        (4, 3, 17, 3), (17, 3, 21, 7), (21, 7, 21, 21), (21, 21, 4, 21), (4, 21, 4, 3), (8, 3, 8, 9), (8, 9, 16, 9),
        (16, 9, 16, 3), (8, 21, 8, 14), (8, 14, 17, 14), (17, 14, 17, 21),
    ),
    "close_windows": (
        (3, 4, 21, 4), (21, 4, 21, 20), (21, 20, 3, 20), (3, 20, 3, 4), (3, 8, 21, 8), (9, 11, 15, 17), (15, 11, 9, 17),
    ),
    "again": (
        (18, 6, 13, 4), (13, 4, 8, 5), (8, 5, 4, 10), (4, 10, 5, 16), (5, 16, 10, 20), (10, 20, 16, 19),
        (16, 19, 20, 14), (18, 6, 18, 1), (18, 6, 13, 8),
    ),
    "usb": (
        (3, 9, 14, 9), (14, 9, 14, 16), (14, 16, 3, 16), (3, 16, 3, 9), (14, 10, 20, 10), (20, 10, 20, 15),
        (20, 15, 14, 15), (6, 12, 9, 12),
    ),
    "ports": (
        (3, 4, 21, 4), (21, 4, 21, 10), (21, 10, 3, 10), (3, 10, 3, 4), (6, 7, 18, 7), (3, 14, 21, 14),
        (21, 14, 21, 20), (21, 20, 3, 20), (3, 20, 3, 14), (6, 17, 18, 17),
    ),
}  # fmt: skip
NAMES = tuple(_PICTURES)


def runs(name: str, size: int) -> Iterator[Tuple[int, int, int]]:
    """Yield a picture as runs of dots: the row, the first column, and the one behind the last."""
    for row, line in enumerate(dots(name, size)):
        first = None
        for column, is_dot in enumerate((*line, False)):
            if is_dot and first is None:
                first = column
            elif not is_dot and first is not None:
                yield row, first, column
                first = None


def dots(name: str, size: int) -> List[List[bool]]:
    """Return a picture as size rows of size dots; strokes are a twelfth of it wide."""
    grid = [[False] * size for _ in range(size)]
    half = max(1, size // GRID)
    for left, top, right, bottom in _PICTURES[name]:
        steps = max(abs(right - left), abs(bottom - top), 1) * size // GRID * 2
        for step in range(steps + 1):
            x = (left + (right - left) * step / steps) * size / GRID
            y = (top + (bottom - top) * step / steps) * size / GRID
            for row in range(max(0, int(y) - half), min(size, int(y) + half)):
                for column in range(max(0, int(x) - half), min(size, int(x) + half)):
                    grid[row][column] = True
    return grid
