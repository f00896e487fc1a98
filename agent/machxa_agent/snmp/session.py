"""Speak SNMP version 1, 2c or 3 with one device over a socket of its own: the only module that imports pysnmp.

Versions 1 and 2c go over a connected UDP socket: the system hands us nothing that came from elsewhere.
pysnmp 7 needs Python 3.10, so that a gateway runs on a newer Python than the agents of old computers.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from typing import Any, Optional, Sequence, Set, Tuple

from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]  # it has no types
from pysnmp.proto import api, rfc1902, rfc1905  # type: ignore[import-untyped]  # it has no types

from machxa_agent.snmp.answers import Oid, Value
from machxa_agent.snmp.target import Credentials, Limits, Target
from machxa_agent.snmp.walk import Complaint, Kind, Reply, Silent, Unanswered

_OPENING = (0.7, 1.0, 1.3)  # seconds: who is silent for 3 s is not there
_TRIES = (0.8, 1.2, 2.0)  # seconds for an answer, longer with each try
_DATAGRAM = 65535
_MOST_FAILED = 3  # requests in a row: GETBULK, the GETNEXT in its place, and one for something else
_STRANGE = 200  # answers that are no answer, before a device is given up
_V1, _V2C = 0, 1
_MISSING = (rfc1905.NoSuchObject, rfc1905.NoSuchInstance, rfc1905.EndOfMibView)


class Community:
    """Exchange messages of version 1 or 2c; one thread, one device."""

    def __init__(self, target: Target, limits: Limits) -> None:
        self.complaints: Set[Complaint] = set()
        self._community = target.community
        self._until = time.monotonic() + limits.seconds
        self._bytes_left = limits.answer_bytes
        self._strange = 0
        self._failed = 0
        self._issued: Set[int] = set()
        self._socket = _connected(target.host, target.port)
        self._version = {"1": _V1, "2c": _V2C, None: _V2C}[target.version]
        self.speaks_v1 = self._version == _V1
        try:
            self._open(both=target.version is None)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def exchange(self, kind: Kind, names: Sequence[Oid], repetitions: int = 0) -> Reply:
        """Ask, again with the same number where no answer comes; raises Unanswered, or Silent to ask no more."""
        asked = self._number()
        message = _message(self._version, self._community, kind, asked, names, repetitions)
        for seconds in _TRIES[: 2 if self._failed else 3]:
            reply = self._tried([message], asked, self._version, seconds)
            if reply is not None:
                self._failed = 0
                return reply[1]
        self._failed += 1
        if self._failed >= _MOST_FAILED:
            self.complaints.add(Complaint.STOPPED)
            raise Silent("it stopped answering")
        raise Unanswered

    def _open(self, *, both: bool) -> None:
        """Learn which version the device speaks; raises Silent."""
        asked = self._number()
        for attempt, seconds in enumerate(_OPENING):
            versions = [_V2C, _V1] if both and attempt else [self._version]
            first = [
                _message(version, self._community, Kind.NEXT, asked, [(1, 3, 6, 1, 2, 1)], 0) for version in versions
            ]
            reply = self._tried(first, asked, None, seconds)
            if reply is not None:
                self._version = reply[0]
                self.speaks_v1 = self._version == _V1
                return
        raise Silent("no answer: wrong address, wrong community, or SNMP is off")

    def _tried(
        self, messages: Sequence[bytes], asked: int, version: Optional[int], seconds: float
    ) -> Optional[Tuple[int, Reply]]:
        """Send and wait once; None where no answer to this request came in time."""
        until = min(time.monotonic() + seconds, self._until)
        try:
            for message in messages:
                self._socket.send(message)
        except OSError:
            pass  # an earlier "port unreachable" may come back here; the wait below tells
        while True:
            left = until - time.monotonic()
            if left <= 0:
                if time.monotonic() >= self._until:
                    self.complaints.add(Complaint.OUT_OF_TIME)
                    raise Silent("time was up")
                return None
            self._socket.settimeout(left)
            try:
                raw = self._socket.recv(_DATAGRAM)
            except socket.timeout:
                continue
            except OSError:  # ICMP said that nobody listens there
                time.sleep(min(left, 0.1))
                continue
            reply = self._accepted(raw, asked, version)
            if reply is not None:
                return reply

    def _accepted(self, raw: bytes, asked: int, version: Optional[int]) -> Optional[Tuple[int, Reply]]:
        self._bytes_left -= len(raw)
        if self._bytes_left < 0:
            self.complaints.add(Complaint.OUT_OF_BYTES)
            raise Silent("too many bytes")
        try:
            spoken, community, number, reply = _decoded(raw)
        except Exception:  # noqa: BLE001 - a hostile datagram may break the decoder in any way
            self.complaints.add(Complaint.UNREADABLE)
            self._odd()
            return None
        if number != asked or community != self._community.encode() or (version is not None and spoken != version):
            if number in self._issued:
                return None  # a late answer, or the second one to a request that was repeated
            self.complaints.add(Complaint.OF_ANOTHER)
            self._odd()
            return None
        return spoken, reply

    def _number(self) -> int:
        """Return a request id that nobody can guess."""
        number = secrets.randbelow(2**31 - 1) + 1
        self._issued.add(number)
        return number

    def _odd(self) -> None:
        self._strange += 1
        if self._strange > _STRANGE:
            raise Silent("it answers what was not asked")


def _connected(host: str, port: int) -> socket.socket:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    link = socket.socket(family, kind, proto)
    try:
        link.connect(address)
    except OSError:
        link.close()
        raise
    return link


def _message(version: int, community: str, kind: Kind, number: int, names: Sequence[Oid], repetitions: int) -> bytes:
    """Return one request as bytes."""
    protocol = api.PROTOCOL_MODULES[version]
    if kind is Kind.BULK:
        pdu, access = protocol.GetBulkRequestPDU(), protocol.apiBulkPDU
    else:
        pdu = protocol.GetRequestPDU() if kind is Kind.GET else protocol.GetNextRequestPDU()
        access = protocol.apiPDU
    access.set_defaults(pdu)
    access.set_request_id(pdu, number)
    if kind is Kind.BULK:
        access.set_non_repeaters(pdu, 0)
        access.set_max_repetitions(pdu, repetitions)
    access.set_varbinds(pdu, [(name, protocol.null) for name in names])
    message = protocol.Message()
    protocol.apiMessage.set_defaults(message)
    protocol.apiMessage.set_community(message, community)
    protocol.apiMessage.set_pdu(message, pdu)
    encoded: bytes = encoder.encode(message)
    return encoded


def _decoded(raw: bytes) -> Tuple[int, bytes, int, Reply]:
    """Return version, community, request id and answer of a datagram; raises anything for what is none."""
    version = int(api.decodeMessageVersion(raw))
    protocol = api.PROTOCOL_MODULES[version]
    message, _ = decoder.decode(raw, asn1Spec=protocol.Message())
    pdu = protocol.apiMessage.get_pdu(message)
    if not isinstance(pdu, protocol.GetResponsePDU):
        raise ValueError("no response")  # noqa: TRY004 - any reason will do
    pairs = tuple((tuple(name), _value(value)) for name, value in protocol.apiPDU.get_varbinds(pdu))
    access = protocol.apiPDU
    reply = Reply(int(access.get_error_status(pdu)), int(access.get_error_index(pdu)), pairs)
    return version, bytes(protocol.apiMessage.get_community(message)), int(access.get_request_id(pdu)), reply


def _value(value: object) -> Optional[Value]:
    """Return a pysnmp value as ours; None for null and for what the device does not have."""
    if isinstance(value, _MISSING):
        return None
    if isinstance(value, rfc1902.univ.OctetString):
        return bytes(value)
    if isinstance(value, rfc1902.univ.ObjectIdentifier):
        return tuple(value)
    if isinstance(value, rfc1902.univ.Integer):
        return int(value)
    return None


class Secured:
    """Exchange messages of version 3 with authPriv; one thread, one device, an event loop of its own.

    pysnmp keeps the order of time and the keys; what is not signed with our key never reaches us.
    """

    speaks_v1 = False

    def __init__(self, target: Target, credentials: Credentials, limits: Limits) -> None:
        from pysnmp.hlapi.v3arch import asyncio as api3  # type: ignore[import-untyped]  # noqa: PLC0415 - 20 MB

        self.complaints: Set[Complaint] = set()
        self._api = api3
        self._until = time.monotonic() + limits.seconds
        self._bytes_left = limits.answer_bytes
        self._failed = 0
        self._loop = asyncio.new_event_loop()
        self._engine, self._target = self._loop.run_until_complete(self._opened(target))
        self._user = api3.UsmUserData(
            credentials.user,
            credentials.auth_key,
            credentials.priv_key,
            authProtocol=api3.USM_AUTH_HMAC96_SHA,
            privProtocol=api3.USM_PRIV_CFB128_AES,
        )

    def close(self) -> None:
        """Close the socket and the loop."""

        async def closed() -> None:
            self._engine.close_dispatcher()
            await asyncio.sleep(0)

        self._loop.run_until_complete(closed())
        self._loop.close()

    def exchange(self, kind: Kind, names: Sequence[Oid], repetitions: int = 0) -> Reply:
        """Ask; raises Unanswered, or Silent to ask no more."""
        if time.monotonic() >= self._until:
            self.complaints.add(Complaint.OUT_OF_TIME)
            raise Silent("time was up")
        indication, status, index, pairs = self._loop.run_until_complete(self._asked(kind, names, repetitions))
        if indication is None:
            self._failed = 0
            read = tuple((tuple(name), _value(value)) for name, value in pairs)
            self._bytes_left -= sum(len(value) if isinstance(value, bytes) else 8 for _, value in read)
            if self._bytes_left < 0:
                self.complaints.add(Complaint.OUT_OF_BYTES)
                raise Silent("too many bytes")
            return Reply(int(status), int(index), read)
        self._failed += 1
        if self._failed > 1 or kind is not Kind.BULK:
            raise Silent(f"version 3: {indication}")
        raise Unanswered

    async def _opened(self, target: Target) -> Tuple[Any, Any]:
        engine = self._api.SnmpEngine()
        place = (target.host, target.port)
        return engine, await self._api.UdpTransportTarget.create(place, timeout=1.0, retries=2)

    async def _asked(self, kind: Kind, names: Sequence[Oid], repetitions: int) -> Tuple[object, int, int, Any]:
        wanted = [self._api.ObjectType(self._api.ObjectIdentity(name)) for name in names]
        start = (self._engine, self._user, self._target, self._api.ContextData())
        left = max(0.1, self._until - time.monotonic())
        if kind is Kind.BULK:
            asking = self._api.bulk_cmd(*start, 0, repetitions, *wanted, lookupMib=False)
        else:
            asking = (self._api.get_cmd if kind is Kind.GET else self._api.next_cmd)(*start, *wanted, lookupMib=False)
        try:
            answered: Tuple[object, int, int, Any] = await asyncio.wait_for(asking, left)
        except asyncio.TimeoutError:
            return "time was up", 0, 0, ()
        return answered
