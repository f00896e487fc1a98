"""Find out who this agent is before it runs, enrolling it when it has to be."""

# ruff: noqa: PLC0415 - enrolment is loaded on a first start only

from __future__ import annotations

import logging
import random
import threading
from dataclasses import replace
from pathlib import Path
from typing import Optional

from machxa_agent.config import Broker
from machxa_agent.identity import Identity, NotEnrolledError, is_loopback, load
from machxa_agent.lock import Lock
from machxa_agent.plan import CannotRunError, Plan
from machxa_agent.schedule import BackOff

logger = logging.getLogger(__name__)


def alone(folder: Path) -> Lock:
    """Return the lock of a data folder, taken until it is released; raises CannotRunError when another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder / "agent.lock")
        is_alone = lock.take()
    except OSError as exc:
        raise CannotRunError(f"{folder} cannot be used: {exc}") from exc
    if not is_alone:
        raise CannotRunError(f"another agent already runs with {folder}")
    return lock


def identity(plan: Plan, stopping: threading.Event) -> Optional[Identity]:
    """Return who this agent is, enrolling it when it has to be; None when stopped before."""
    try:
        return load(plan.folder)
    except NotEnrolledError:
        if plan.enrol_url is None or plan.enrol_token_file is None:
            raise
    back_off = BackOff(random.random)
    while not stopping.is_set():
        made = _enrolled(plan, plan.enrol_url, plan.enrol_token_file)
        if made is not None:
            return made
        stopping.wait(back_off.next(0.0))
    return None


def _enrolled(plan: Plan, url: str, token_file: Path) -> Optional[Identity]:
    """Return a new identity, None when there is none to be had yet."""
    from machxa_agent.enrol import EnrolError, Enrolment, enrol

    try:
        ca = None if plan.enrol_ca_file is None else plan.enrol_ca_file.read_text(encoding="ascii")
        token = token_file.read_text(encoding="utf-8").strip()
        return enrol(plan.folder, Enrolment(url, token, plan.role, plan.enrol_ca_fingerprint, ca))
    except (EnrolError, OSError, ValueError) as exc:
        logger.warning("not enrolled yet: %s", exc)
        return None


def with_broker(identity: Identity, broker: Optional[Broker]) -> Identity:
    """Return the identity with another broker, if one is given; raises CannotRunError for one it must not use."""
    if broker is not None:
        encryption = identity.encryption if broker.tls else None
        if broker.tls and encryption is None:
            raise CannotRunError(
                f"broker mqtts://{broker.host} wants a certificate, and this agent has none: enrol again"
            )
        identity = replace(identity, broker_host=broker.host, broker_port=broker.port, encryption=encryption)
    if identity.encryption is None and not is_loopback(identity.broker_host):
        raise CannotRunError(
            f"broker {identity.broker_host!r} is not on this computer, where plain MQTT is refused: enrol again for TLS"
        )
    return identity
