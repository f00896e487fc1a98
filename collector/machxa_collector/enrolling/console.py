"""Do what the commands about enrolment say, and tell it in both languages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime

from machxa_collector.enrolling import kit, unsigned
from machxa_collector.enrolling.place import BY, Place, check_unit, entry_of, write_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.certificates import BadRequest, Reason
from machxa_collector.registry.enrolment import State
from machxa_collector.registry.tokens import ENROL_MS, Purpose
from machxa_collector.store import access, audit, certificates, enrolment, enrolment_requests
from machxa_collector.store.enrolment_requests import Decision, Request

_DAY_MS = 86_400_000
_STATES = {State.PENDING: "chờ (waits)", State.APPROVED: "đã duyệt (approved)", State.REFUSED: "từ chối (refused)"}
_LIKE = {
    "same_computer": "cùng máy với (same computer as)",
    "reinstalled": "cùng máy, cài lại, với (same computer, installed anew, as)",
    "cloned": "cùng bản cài đặt, máy khác, với (same installation on another board as)",
}


def run(place: Place, options: argparse.Namespace) -> None:
    """Do one act; raises CannotRunError with the reason."""
    if options.command == "kit":
        _kit(place, options)
    else:
        _ACTS[options.command, options.act](place, options)


def token(place: Place, *, unit: str | None, uses: int, days: int | None) -> None:
    """Print a new enrolment token, and how to use it."""
    secret = _token(place, unit, uses, ENROL_MS if days is None else days * _DAY_MS)
    place.out(secret)
    place.told(f"machxa: dấu vân tay của trung tâm (the centre's fingerprint): {place.authority.fingerprint}")
    place.told(
        f"machxa: trên máy trạm (on the computer): machxa-agent enrol --url https://HOST --token {secret[:4]}... "
        f"--ca-fingerprint {place.authority.fingerprint}"
    )


def _token(place: Place, unit: str | None, uses: int, lives_ms: int) -> str:
    check_unit(place, unit)
    store = place.live.store
    secret = access.add_token(store, Purpose.ENROL, place.now_ms, lives_ms=lives_ms, uses=uses, note=unit or "")
    if unit is not None:
        enrolment.scope_token(store, secret, unit=unit)
    ends = datetime.fromtimestamp((place.now_ms + lives_ms) / 1000, UTC).isoformat(timespec="minutes")
    audit.record_alone(store, entry_of(place, "token.enrol", "", unit=unit, uses=uses, ends=ends))
    return secret


def _kit(place: Place, options: argparse.Namespace) -> None:
    """Write a kit for a unit."""
    kit.check(options.url, options.to)
    secret = _token(place, options.unit, options.uses, options.days * _DAY_MS)
    ends = datetime.fromtimestamp(place.now_ms / 1000 + options.days * 86_400, UTC).date()
    about = kit.About(
        url=options.url,
        token=secret,
        authority=place.authority.authority.certificate_pem.decode("ascii"),
        fingerprint=place.authority.fingerprint,
        unit=f"{place.live.current().units.history(options.unit)[-1].name} ({options.unit})",
        uses=options.uses,
        ends=ends,
    )
    kit.write(options.to, about)
    place.out(f"Đã ghi bộ ghi danh (kit written): {options.to}")
    place.out(f"  {about.unit}, {options.uses} máy (computers), đến (until) {ends:%d/%m/%Y}")


def _list(place: Place, options: argparse.Namespace) -> None:
    rows = enrolment_requests.listed(place.live.store, None if options.all else State.PENDING)
    if not rows:
        place.out("Không có yêu cầu nào (no requests)")
    for row in rows:
        place.out("\n".join(_lines(row)))


def _lines(row: Request) -> list[str]:
    at = datetime.fromtimestamp(row.at / 1000, UTC).isoformat(timespec="minutes")
    again = f", xin lại chứng thư cho (again, for) {row.agent}" if row.again else ""
    lines = [
        f"{row.id}  {_STATES[row.state]}  {row.hostname!r}  {row.address}  {at}{again}",
        f"    dấu vân tay (fingerprint) {row.fingerprint or '-'}",
    ]
    lines += [f"    ! {_LIKE[one['likeness']]} {one['agent']}" for one in json.loads(row.alike)]
    return lines


def _approve(place: Place, options: argparse.Namespace) -> None:
    check_unit(place, options.unit)
    decision = Decision(state=State.APPROVED, by=BY, same_asset=options.same_computer, unit=options.unit)
    _decide(place, options.id, decision, "enrolment.approve")


def _refuse(place: Place, options: argparse.Namespace) -> None:
    _decide(place, options.id, Decision(state=State.REFUSED, by=BY), "enrolment.refuse")


def _decide(place: Place, start: str, decision: Decision, action: str) -> None:
    store = place.live.store
    found = [one.id for one in enrolment_requests.listed(store, State.PENDING) if one.id.startswith(start)]
    if len(found) != 1:
        raise CannotRunError(
            f"{len(found)} yêu cầu đang chờ có mã bắt đầu bằng {start!r}, cần đúng một: xem machxa enrol list",
            f"{len(found)} waiting requests begin with {start!r}, expected one: see machxa enrol list",
        )
    entry = entry_of(place, action, f"enrolment/{found[0]}", same_asset=decision.same_asset, unit=decision.unit)
    if enrolment_requests.decide(store, found[0], decision, entry) is not None:
        place.out(f"{found[0]}  {_STATES[decision.state]}")


def _revoke(place: Place, options: argparse.Namespace) -> None:
    entry = entry_of(place, "agent.revoke", f"agent/{options.id}", reason=options.reason)
    changed = certificates.revoke_agent(place.live.store, options.id, Reason(options.reason), entry)
    if changed is None:
        raise CannotRunError(f"không có tác tử {options.id!r}", f"there is no agent {options.id!r}")
    place.out("Đã thu hồi (revoked)" if changed else "Đã thu hồi từ trước (revoked before)")


def _authority(place: Place, _options: argparse.Namespace) -> None:
    place.out(place.authority.authority.certificate_pem.decode("ascii").strip())
    place.told(f"machxa: {place.authority.fingerprint}")


def _server(place: Place, options: argparse.Namespace) -> None:
    """Write what a broker or web front needs: its key and certificate, the authority's, and what is revoked."""
    try:
        key, certificate = place.authority.server(options.hosts, options.days)
    except BadRequest as exc:
        raise CannotRunError(f"không cấp được chứng thư: {exc}", f"no certificate: {exc}") from exc
    revoked = place.authority.list_revoked(certificates.revoked(place.live.store, place.now_ms))
    authority = place.authority.authority.certificate_pem
    named = {"server.key": key, "server.pem": certificate, "ca.pem": authority, "revoked.pem": revoked}
    write_folder(options.to, named)
    hosts = ", ".join(options.hosts)
    audit.record_alone(place.live.store, entry_of(place, "certificate.server", "", hosts=hosts, days=options.days))
    place.out(f"Đã ghi (written): {options.to}: {', '.join(named)}")


def _client(place: Place, options: argparse.Namespace) -> None:
    """Write what a collector joins a broker with, over TLS."""
    key, certificate = place.authority.client(options.name, options.days)
    named = {f"{options.name}.key": key, f"{options.name}.pem": certificate}
    write_folder(options.to, {**named, "ca.pem": place.authority.authority.certificate_pem})
    audit.record_alone(place.live.store, entry_of(place, "certificate.client", options.name, days=options.days))
    place.out(f"Đã ghi (written): {options.to}: {', '.join(named)}, ca.pem")


_ACTS: dict[tuple[str, str], Callable[[Place, argparse.Namespace], None]] = {
    ("enrol", "list"): _list,
    ("enrol", "approve"): _approve,
    ("enrol", "refuse"): _refuse,
    ("agent", "revoke"): _revoke,
    ("agent", "unsigned"): unsigned.run,
    ("certificate", "authority"): _authority,
    ("certificate", "server"): _server,
    ("certificate", "client"): _client,
}
