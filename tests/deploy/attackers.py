"""Attack a web server as hostile clients do, for a while, and ask it as an honest one meanwhile.

Every attacker is one connection that is opened again as soon as it was ended.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.deploy.front import NAME

PATIENCE_SECONDS = 10.0
_PACE_SECONDS = 2.0  # between the bytes of who is slow
_OPEN_SECONDS = 5.0
_HEAD = f"Host: {NAME}\r\nUser-Agent: test\r\n"


@dataclass(frozen=True, slots=True)
class Target:
    """Say where to connect, and with which TLS, None for none."""

    port: int
    tls: ssl.SSLContext | None = None

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a new connection."""
        name = NAME if self.tls else None
        async with asyncio.timeout(_OPEN_SECONDS):
            return await asyncio.open_connection("127.0.0.1", self.port, ssl=self.tls, server_hostname=name)


Attack = Callable[[Target], Awaitable[None]]


async def slow_head(target: Target) -> None:
    """Send a head that never ends."""
    reader, writer = await target.open()
    writer.write(f"GET / HTTP/1.1\r\n{_HEAD}".encode())
    while not reader.at_eof():
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(_PACE_SECONDS)


async def slow_body(target: Target) -> None:
    """Send a body one byte at a time."""
    reader, writer = await target.open()
    writer.write(f"POST /api/v1/session HTTP/1.1\r\n{_HEAD}Content-Length: 60000\r\n\r\n".encode())
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(_PACE_SECONDS)


async def idle(target: Target) -> None:
    """Connect and say nothing."""
    reader, _ = await target.open()
    await reader.read(1)


def post(path: str, body: bytes, headers: str = "") -> Attack:
    """Return the attack that sends one whole request after the other."""

    async def attack(target: Target) -> None:
        await answer(target, "POST", path, f"Content-Type: application/json\r\n{headers}", body)

    return attack


async def answer(target: Target, method: str, path: str, headers: str, body: bytes, length: int = -1) -> int:
    """Return the status of a request over a connection of its own; a body goes on until length was sent."""
    reader, writer = await target.open()
    try:
        told = len(body) if length < 0 else length
        writer.write(
            f"{method} {path} HTTP/1.1\r\n{_HEAD}Connection: close\r\n{headers}Content-Length: {told}\r\n\r\n".encode()
        )
        sent = 0
        try:
            while sent < told and not reader.at_eof():
                writer.write(body[: told - sent])
                sent += len(body)
                await writer.drain()
        except OSError:
            pass  # it stopped listening; what it answered before may be there
        line = await reader.readline()
        return int(line.split()[1]) if line else 0
    finally:
        writer.close()


async def honest(target: Target, token: str, until: float) -> list[float]:
    """Ask like a person, a new connection each time; return how long each answer took, PATIENCE for none."""
    took = []
    headers = f"Authorization: Bearer {token}\r\n"
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status = await answer(target, "GET", "/api/v1/assets", headers, b"")
        except (OSError, ssl.SSLError):  # a timeout is an OSError, too
            status = 0
        took.append(time.monotonic() - begun if status == 200 else PATIENCE_SECONDS)
        await asyncio.sleep(0.05)
    return took


async def under_attack(target: Target, token: str, attacks: Sequence[Attack], seconds: float) -> list[float]:
    """Return how long an honest user's answers took while attacks went on."""
    over = asyncio.Event()

    async def again(attack: Attack) -> None:
        while not over.is_set():
            try:
                await attack(target)
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.1)
            await asyncio.sleep(0)

    going = [asyncio.create_task(again(attack)) for attack in attacks]
    await asyncio.sleep(1)
    try:
        return await honest(target, token, time.monotonic() + seconds)
    finally:
        over.set()
        for one in going:
            one.cancel()
        await asyncio.gather(*going, return_exceptions=True)


def p99(took: Sequence[float]) -> float:
    """Return the time that all but one in a hundred were within."""
    return sorted(took)[max(0, -(-99 * len(took) // 100) - 1)]
