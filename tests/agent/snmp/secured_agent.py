"""Answer SNMP version 3 with authPriv on loopback: pysnmp's own responder, with a few objects of SNMPv2-MIB."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Self

from pysnmp.carrier.asyncio.dgram import udp  # type: ignore[import-untyped]  # it has no types
from pysnmp.entity import config, engine  # type: ignore[import-untyped]  # it has no types
from pysnmp.entity.rfc3413 import cmdrsp, context  # type: ignore[import-untyped]  # it has no types

USER, AUTH_KEY, PRIV_KEY = "machxa", "an-auth-key-of-tests", "a-priv-key-of-tests"


class SecuredAgent(threading.Thread):
    """Listen on a free port of 127.0.0.1 until closed; use as a context."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        assert self._listening.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join()

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()
        self._engine.close_dispatcher()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _listen(self) -> None:
        self._engine = engine.SnmpEngine()
        transport = udp.UdpTransport()
        config.add_transport(self._engine, udp.DOMAIN_NAME, transport.open_server_mode(("127.0.0.1", self.port)))
        config.add_v3_user(
            self._engine, USER, config.USM_AUTH_HMAC96_SHA, AUTH_KEY, config.USM_PRIV_CFB128_AES, PRIV_KEY
        )  # fmt: skip
        config.add_vacm_user(self._engine, 3, USER, "authPriv", (1, 3, 6), (1, 3, 6))
        told = context.SnmpContext(self._engine)
        for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.BulkCommandResponder):
            responder(self._engine, told)
        self._listening.set()
