"""Hold what a device answered, as the wire gave it, and read single values from it without ever guessing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, FrozenSet, List, Mapping, Optional, Tuple, Union

from machxa_agent.snmp.text import decoded

Oid = Tuple[int, ...]
Value = Union[int, bytes, Oid]  # OctetString, Opaque and IpAddress are bytes; OBJECT IDENTIFIER is a tuple
Rows = Dict[Oid, Value]  # by index: what stands behind the column's OID

ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)


def oid(dotted: str) -> Oid:
    """Return a dotted OID as numbers; raises ValueError for anything else."""
    return tuple(int(part) for part in dotted.split("."))


def dotted(numbers: Oid) -> str:
    """Return numbers as a dotted OID."""
    return ".".join(str(number) for number in numbers)


@dataclass
class Answers:
    """Hold scalars by OID, columns by OID, and which subtrees were seen; what is missing was not answered."""

    scalars: Dict[Oid, Value] = field(default_factory=dict)
    columns: Dict[Oid, Rows] = field(default_factory=dict)
    trees: FrozenSet[Oid] = frozenset()
    charset: Optional[str] = None

    def number(self, at: str) -> Optional[int]:
        """Return a scalar that is a number."""
        value = self.scalars.get(oid(at))
        return value if isinstance(value, int) else None

    def text(self, at: str) -> Optional[str]:
        """Return a scalar as text; None where it is missing, no string or blank."""
        return self.decoded(self.scalars.get(oid(at)))

    def octets(self, at: str) -> Optional[bytes]:
        """Return a scalar's raw bytes."""
        value = self.scalars.get(oid(at))
        return value if isinstance(value, bytes) else None

    def rows(self, column: str) -> Rows:
        """Return a column by index; empty where the device has none."""
        return self.columns.get(oid(column), {})

    def numbers(self, column: str) -> Dict[Oid, int]:
        """Return the rows of a column that are numbers."""
        return {index: value for index, value in self.rows(column).items() if isinstance(value, int)}

    def texts(self, column: str) -> Dict[Oid, str]:
        """Return the rows of a column that hold text."""
        read = {index: self.decoded(value) for index, value in self.rows(column).items()}
        return {index: text for index, text in read.items() if text is not None}

    def decoded(self, value: Optional[Value]) -> Optional[str]:
        """Return bytes as text in the device's character set; None for blank and for what is no string."""
        return (decoded(value, self.charset) or None) if isinstance(value, bytes) else None


def indexes(*columns: Mapping[Oid, object]) -> List[Oid]:
    """Return every index that any of the columns has, in order."""
    found: Dict[Oid, None] = {}
    for column in columns:
        found.update(dict.fromkeys(column))
    return sorted(found)
