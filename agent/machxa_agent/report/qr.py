"""Make a QR code of a short text: byte mode, error correction level M, versions 1 to 9 (ISO/IEC 18004). Pure.

The window draws it; a library for this alone would have to be installed on every computer.
"""

from __future__ import annotations

from typing import Iterator, List, Optional, Sequence, Tuple

Modules = Tuple[Tuple[bool, ...], ...]  # rows from the top, True is dark; without the quiet zone of four modules

_CORRECTION = (10, 16, 26, 18, 24, 16, 18, 22, 22)  # codewords of each block, by version
_BLOCKS = (  # data codewords of each block, by version
    (16,),
    (28,),
    (44,),
    (32,) * 2,
    (43,) * 2,
    (27,) * 4,
    (31,) * 4,
    (38, 38, 39, 39),
    (36, 36, 36, 37, 37),
)
_ALIGNED = ((), (18,), (22,), (26,), (30,), (34,), (22, 38), (24, 42), (26, 46))  # centres beside the one at 6
_FIRST_WITH_VERSION = 7
_FIELD = 0x11D  # x^8 + x^4 + x^3 + x^2 + 1
_FORMAT, _FORMAT_MASK, _VERSION = 0x537, 0x5412, 0x1F25
_FINDER_LIKE = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))
_FINDER, _ALIGNMENT = (1, 1, 0, 1, 0), (1, 0, 1)  # rings from the centre, dark is 1
# Of each bit of the format, the lowest first: its row in column 8 and its column in row 8; negative from the end.
_FORMAT_PLACES = tuple(zip((0, 1, 2, 3, 4, 5, 7, 8, *range(-7, 0)), (*range(-1, -9, -1), 7, 5, 4, 3, 2, 1, 0)))
_UNSET = -1


def encoded(text: str) -> Optional[Modules]:
    """Return the code of a text, None when it has more than 180 bytes."""
    data = text.encode("utf-8")
    version = next((one for one in range(1, len(_BLOCKS) + 1) if len(data) + 2 <= sum(_BLOCKS[one - 1])), None)
    if version is None:
        return None
    bits = bits_of(data, version)
    drawn = (with_mask(version, bits, mask) for mask in range(8))
    return min(drawn, key=_penalty)


def bits_of(data: bytes, version: int) -> List[int]:
    """Return what is placed in the code, in its order: data and correction."""
    return [byte >> shift & 1 for byte in _codewords(data, version) for shift in range(7, -1, -1)]


def with_mask(version: int, bits: Sequence[int], mask: int) -> Modules:
    """Return the code with one of the eight masks."""
    grid = _functions(version)
    _place(grid, bits, mask)
    _format(grid, mask)
    return tuple(tuple(module == 1 for module in row) for row in grid)


def _codewords(data: bytes, version: int) -> bytes:
    """Return data and correction, the blocks interleaved."""
    blocks = _BLOCKS[version - 1]
    number = int.from_bytes(data, "big") | (0b0100 << 8 | len(data)) << 8 * len(data)
    said = (number << 4).to_bytes(len(data) + 2, "big")  # mode, length, data, and four bits that end it
    padded = (said + b"\xec\x11" * sum(blocks))[: sum(blocks)]
    parts, at = [], 0
    for length in blocks:
        parts.append(padded[at : at + length])
        at += length
    corrections = [_correction(part, _CORRECTION[version - 1]) for part in parts]
    return bytes(_interleaved(parts)) + bytes(_interleaved(corrections))


def _interleaved(parts: Sequence[bytes]) -> Iterator[int]:
    for place in range(max(map(len, parts))):
        for part in parts:
            if place < len(part):
                yield part[place]


def _correction(data: bytes, count: int) -> bytes:
    """Return the Reed-Solomon codewords: what is left of the data by the generator polynomial."""
    generator, root = [1], 1
    for _ in range(count):
        generator = [a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator])]
        root = _times(root, 2)
    left = [*data, *[0] * count]
    for place in range(len(data)):
        lead = left[place]
        for offset, factor in enumerate(generator):
            left[place + offset] ^= _times(factor, lead)
    return bytes(left[len(data) :])


def _times(a: int, b: int) -> int:
    """Multiply in GF(256)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = a << 1 ^ (_FIELD if a & 0x80 else 0), b >> 1
    return product


def _functions(version: int) -> List[List[int]]:
    """Return a grid with all that is not data: 1 dark, 0 light, _UNSET for data; the format's places are light."""
    size = 17 + 4 * version
    grid = [[_UNSET] * size for _ in range(size)]
    for place in range(size):
        grid[6][place] = grid[place][6] = 1 - place % 2
    for top, left in ((3, 3), (3, size - 4), (size - 4, 3)):
        _rings(grid, top, left, _FINDER)
    centres = (6, *_ALIGNED[version - 1])
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, centres[-1]), (centres[-1], 6)):
                _rings(grid, row, column, _ALIGNMENT)
    _format(grid, None)
    if version >= _FIRST_WITH_VERSION:
        told = _with_check(version, _VERSION, 12)
        for bit in range(18):
            grid[bit // 3][size - 11 + bit % 3] = grid[size - 11 + bit % 3][bit // 3] = told >> bit & 1
    return grid


def _rings(grid: List[List[int]], row: int, column: int, rings: Sequence[int]) -> None:
    """Draw squares about a centre, the innermost first, as far as the grid goes."""
    for y in range(max(0, row - len(rings) + 1), min(len(grid), row + len(rings))):
        for x in range(max(0, column - len(rings) + 1), min(len(grid), column + len(rings))):
            grid[y][x] = rings[max(abs(y - row), abs(x - column))]


def _format(grid: List[List[int]], mask: Optional[int]) -> None:
    """Write level and mask at both their places, or keep these free for None."""
    told = 0 if mask is None else _with_check(mask, _FORMAT, 10) ^ _FORMAT_MASK  # level M is 00
    for bit, (row, column) in enumerate(_FORMAT_PLACES):
        grid[row][8] = grid[8][column] = told >> bit & 1
    grid[-8][8] = 1


def _with_check(value: int, generator: int, bits: int) -> int:
    """Return a value with the check bits of a BCH code behind it."""
    left = value << bits
    while left.bit_length() > bits:
        left ^= generator << left.bit_length() - generator.bit_length()
    return value << bits | left


def _place(grid: List[List[int]], bits: Sequence[int], mask: int) -> None:
    """Write the bits two columns at a time, from the right, up and down in turn."""
    size, waiting, up = len(grid), iter(bits), True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if up else range(size):
            for column in (right, right - 1):
                if grid[row][column] == _UNSET:
                    grid[row][column] = next(waiting, 0) ^ _is_masked(mask, row, column)
        up = not up


def _is_masked(mask: int, row: int, column: int) -> int:
    product = row * column
    rules = (
        (row + column) % 2,
        row % 2,
        column % 3,
        (row + column) % 3,
        (row // 2 + column // 3) % 2,
        product % 2 + product % 3,
        (product % 2 + product % 3) % 2,
        ((row + column) % 2 + product % 3) % 2,
    )
    return int(rules[mask] == 0)


def _penalty(modules: Modules) -> int:
    """Return how badly a camera would find its way: long runs, blocks, what looks like a corner, too dark or light."""
    size, total = len(modules), 0
    for line in (*modules, *zip(*modules)):
        run, before = 0, None
        for module in (*line, None):
            if module == before:
                run += 1
            else:
                total += run - 2 if run >= 5 else 0  # noqa: PLR2004 - five of a kind cost three
                run, before = 1, module
        numbers = tuple(map(int, line))
        total += 40 * sum(numbers[at : at + 11] in _FINDER_LIKE for at in range(size - 10))
    for above, below in zip(modules, modules[1:]):
        total += 3 * sum(len({*above[at : at + 2], *below[at : at + 2]}) == 1 for at in range(size - 1))
    dark = sum(map(sum, modules))
    return total + 10 * (abs(20 * dark - 10 * size * size) // (size * size))
