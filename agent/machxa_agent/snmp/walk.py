"""Ask a device for scalars and columns, within bounds of time, bytes and rows, whatever it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Dict, Iterable, List, Optional, Protocol, Sequence, Set, Tuple

from machxa_agent.snmp.answers import Oid, Rows, Value

MOST_ROWS = 1000  # of one column, where the caller asks for no more
_AT_ONCE = 24  # OIDs in one request: their names and short values fit 1,472 bytes
_VALUES_AT_ONCE = 120  # a GETBULK asks for no more; most devices send what fits one packet
_TOO_BIG, _NO_SUCH_NAME, _GENERAL = 1, 2, 5
_HIGHEST = 4294967295
_LONGEST_OID = 128  # RFC 2578


class Kind(Enum):
    """Name a request."""

    GET = "get"
    NEXT = "next"
    BULK = "bulk"


class Silent(Exception):
    """The device does not answer, or time or bytes are used up: ask it no more."""


class Unanswered(Exception):
    """This one request got no answer; others may."""


class Complaint(Enum):
    """Say what a device did that a device must not do."""

    NOT_INCREASING = "OIDs did not increase, or grew without end: the column was left there"
    TOO_MANY_ROWS = "a column has more rows than are read"
    UNREADABLE = "answers that are no SNMP were thrown away"
    OF_ANOTHER = "answers to requests that were never made were thrown away"
    OUT_OF_TIME = "time was up before everything was read"
    OUT_OF_BYTES = "more bytes came than a device may send"
    STOPPED = "it stopped answering half-way"
    NOTHING = "it answers, and tells nothing of itself"


Pair = Tuple[Oid, Optional[Value]]  # None: the device has no such object


@dataclass(frozen=True)
class Reply:
    """Hold an answer: error-status and error-index of RFC 3416 (0 for none), and the pairs."""

    error: int
    at: int
    pairs: Tuple[Pair, ...]


class Exchange(Protocol):
    """Send one request and return its answer; raises Unanswered or Silent."""

    speaks_v1: bool
    complaints: Set[Complaint]

    def exchange(self, kind: Kind, names: Sequence[Oid], repetitions: int = 0) -> Reply:
        """Ask once, with the retries of the exchange."""
        ...


class Walker:
    """Ask one device; not thread-safe, one device is asked by one thread."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._bulk = not exchange.speaks_v1
        self.complaints = exchange.complaints

    def get(self, names: Iterable[Oid]) -> Dict[Oid, Value]:
        """Return the objects that the device has; raises Silent."""
        found: Dict[Oid, Value] = {}
        for part in _parts(list(dict.fromkeys(names)), _AT_ONCE):
            if self._exchange.speaks_v1:
                # GET of version 1 refuses all when one is missing; GETNEXT from just before never does
                wanted = {_before(name): name for name in part}
                for start, (name, value) in self.next(list(wanted)).items():
                    if name == wanted[start] and value is not None:
                        found[name] = value
            else:
                answered = self._asked(Kind.GET, part)
                found.update(
                    {name: value for asked, (name, value) in answered.items() if value is not None and name == asked}
                )
        return found

    def next(self, names: Sequence[Oid]) -> Dict[Oid, Pair]:
        """Return what follows each name, by that name; names at the end of the device's tree are left out."""
        found: Dict[Oid, Pair] = {}
        for part in _parts(list(names), _AT_ONCE):
            found.update(self._asked(Kind.NEXT, part))
        if any(value is not None and name <= start for start, (name, value) in found.items()):
            self.complaints.add(Complaint.NOT_INCREASING)
        return {start: (name, value) for start, (name, value) in found.items() if value is not None and name > start}

    def columns(self, columns: Iterable[Oid], read: Dict[Oid, Rows], most: int = MOST_ROWS) -> None:
        """Read the rows of columns, each up to a bound, into what was read; a column that is refused stays empty.

        Raises Silent, with what came so far in place, and where a column goes on beyond a bound of 1,000 or more.
        """
        for part in _parts(list(dict.fromkeys(columns)), _AT_ONCE // 2):
            read.update((column, {}) for column in part)
            self._read(part, read, most)

    def _read(self, part: List[Oid], read: Dict[Oid, Rows], most: int) -> None:
        cursors: Dict[Oid, Oid] = {column: column for column in part}
        seen = False
        while cursors:
            # the first request only learns which of the columns exist, where there are many
            repetitions = max(1, min(most, (_VALUES_AT_ONCE if seen else 40) // len(cursors)))
            try:
                reply = self._step(list(cursors.values()), repetitions)
            except Unanswered:
                return  # these columns choke it; others may not
            seen = True
            if reply.error:
                # one column is refused (Toshiba TEC B-850 answers genErr): leave it, go on with the others
                if not 1 <= reply.at <= len(cursors):
                    return
                del cursors[list(cursors)[reply.at - 1]]
                continue
            if not self._taken(reply.pairs, cursors, read, most):
                return

    def _taken(self, pairs: Sequence[Pair], cursors: Dict[Oid, Oid], read: Dict[Oid, Rows], most: int) -> bool:
        """Take in pairs, which come row by row; return whether there was anything to take in."""
        asked = list(cursors)
        ended: Set[Oid] = set()
        for position, (name, value) in enumerate(pairs):
            column = asked[position % len(asked)]
            if column in ended:
                continue
            if value is None or name[: len(column)] != column:
                ended.add(column)
            elif name <= cursors[column] or len(name) > _LONGEST_OID:
                self.complaints.add(Complaint.NOT_INCREASING)
                ended.add(column)
            elif len(read[column]) < most:
                read[column][name[len(column) :]] = value
                cursors[column] = name
            elif most < MOST_ROWS:
                ended.add(column)  # that many are wanted, whatever more there is
            else:
                self.complaints.add(Complaint.TOO_MANY_ROWS)
                raise Silent("it goes on without end")
        for column in ended:
            del cursors[column]
        return bool(pairs)

    def _step(self, names: List[Oid], repetitions: int) -> Reply:
        if self._bulk:
            try:
                reply = self._exchange.exchange(Kind.BULK, names, repetitions)
            except Unanswered:
                self._bulk = False  # some boxes speak version 2c and know no GETBULK
            else:
                if reply.error == 0 and reply.pairs:
                    return reply
                self._bulk = self._bulk and reply.error == _TOO_BIG
        return self._exchange.exchange(Kind.NEXT, names)

    def _asked(self, kind: Kind, names: List[Oid]) -> Dict[Oid, Pair]:
        """Return the answered pairs by the name asked; names that the device refuses are left out."""
        left = list(names)
        while left:
            try:
                reply = self._exchange.exchange(kind, left)
            except Unanswered:
                return {}
            if reply.error == 0:
                return dict(zip(left, reply.pairs))
            if reply.error == _TOO_BIG and len(left) > 1:
                half = len(left) // 2
                return {**self._asked(kind, left[:half]), **self._asked(kind, left[half:])}
            if not 1 <= reply.at <= len(left):
                if len(left) == 1:
                    return {}
                half = len(left) // 2  # it does not say which one it cannot give
                return {**self._asked(kind, left[:half]), **self._asked(kind, left[half:])}
            del left[reply.at - 1]
        return {}


def _before(name: Oid) -> Oid:
    return name[:-1] if name[-1] == 0 else (*name[:-1], name[-1] - 1, _HIGHEST)


def _parts(names: List[Oid], size: int) -> List[List[Oid]]:
    return [names[start : start + size] for start in range(0, len(names), size)]
