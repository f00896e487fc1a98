"""The gateway's commands ``machxa-agent snmp discover`` and ``machxa-agent snmp record``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple

from machxa_agent.config import BadConfigError, Config

if TYPE_CHECKING:
    from machxa_agent.discovery.scan import Ask, Found, Plan

_MISSING = "thiếu pysnmp (is missing); cài bằng (install with): pip install 'machxa[gateway]' (Python >= 3.10)"
_COLUMNS = ("address", "kind", "vendor", "model", "sys_name", "by", "ports")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to those of ``machxa-agent snmp``."""
    discover = commands.add_parser("discover", help="find devices in a range that the configuration names")
    discover.add_argument("range", metavar="RANGE", help="such as 192.168.1.0/24; a /22 at most")
    discover.add_argument("--config", type=Path, metavar="FILE", help="names gateway_file, which names ranges")
    discover.add_argument("--go", action="store_true", help="really ask; without it only what would be asked is told")
    discover.add_argument("--json", action="store_true", help="print JSON")
    discover.set_defaults(command=_discover)
    record = commands.add_parser("record", help="record a device, without what names it, to contribute it")
    record.add_argument("host", metavar="HOST[:PORT]")
    record.add_argument("file", type=Path, metavar="FILE.snmprec")
    record.add_argument("--community", default="public", metavar="C", help="versions 1 and 2c (public)")
    record.set_defaults(command=_record, config=None)


def _discover(options: argparse.Namespace, config: Config) -> int:
    """Tell what would be asked, or ask; 2 where the range is not allowed."""
    from machxa_agent.discovery.ranges import NotAllowed, addresses, network  # noqa: PLC0415 - loaded by those who ask
    from machxa_agent.discovery.scan import Plan, scan  # noqa: PLC0415
    from machxa_agent.gateway_config import read_discovery  # noqa: PLC0415
    from machxa_agent.snmp.load import load_profiles  # noqa: PLC0415

    if config.gateway_file is None:
        return _complain("cấu hình chưa nêu dải nào (the configuration names no range: gateway_file is missing)", 2)
    try:
        named = read_discovery(config.gateway_file)
        hosts = addresses(network(options.range), named.networks, may_loop=named.may_loop)
    except (NotAllowed, BadConfigError) as exc:
        return _complain(str(exc), 2)
    plan = Plan(hosts, named.communities, named.ports, named.hosts_per_second)
    ask = _asker()
    _say_plan(plan, options, speaks_snmp=ask is not None)
    if not options.go:
        return 0
    found = sorted(scan(plan, load_profiles(), ask), key=lambda one: plan.hosts.index(one.address))
    print(json.dumps(_bodies(found), ensure_ascii=False, indent=1) if options.json else _table(found))
    return 0


def _asker() -> Optional[Ask]:
    """Return what asks one address over SNMP, None where pysnmp is missing: ports are then all there is."""
    try:
        from machxa_agent.discovery.question import asker  # noqa: PLC0415
    except ModuleNotFoundError:
        print(f"machxa-agent: {_MISSING}", file=sys.stderr)
        return None
    return asker()


def _say_plan(plan: Plan, options: argparse.Namespace, *, speaks_snmp: bool) -> None:
    ways = [f"SNMP ({len(plan.communities)} community)"] if speaks_snmp and plan.communities else []
    ways += [f"TCP {port}" for port in plan.ports]
    told: Dict[str, object] = {
        "range": options.range, "addresses": len(plan.hosts), "first": plan.hosts[0], "last": plan.hosts[-1],
        "asked": ways, "addresses_per_second": plan.hosts_per_second, "least_seconds": round(plan.least_seconds(), 1),
    }  # fmt: skip
    if options.json and not options.go:
        print(json.dumps({"dry_run": True, **told}, ensure_ascii=False, indent=1))
    else:
        print(
            f"{options.range}: {len(plan.hosts)} địa chỉ (addresses) {plan.hosts[0]} - {plan.hosts[-1]}, hỏi (asked): "
            f"{', '.join(ways) or '-'}; {plan.hosts_per_second:g}/s, ít nhất (at least) {plan.least_seconds():.0f} s",
            file=sys.stderr,
        )
        if not options.go:
            print("Chưa gửi gì; thêm --go để quét thật (nothing was sent; add --go to really ask)", file=sys.stderr)


def _bodies(found: Sequence[Found]) -> List[Dict[str, object]]:
    return [dataclasses.asdict(one) for one in found]


def _table(found: Sequence[Found]) -> str:
    rows: List[Tuple[str, ...]] = [_COLUMNS]
    for one in _bodies(found):
        ports = one["ports"]
        one["ports"] = ",".join(map(str, ports)) if isinstance(ports, tuple) else ""
        rows.append(tuple(str(one[name]) if one[name] not in (None, "") else "-" for name in _COLUMNS))
    widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def _record(options: argparse.Namespace, _config: Config) -> int:
    """Write a recording; 1 where the device does not answer, or where something of the original would be left."""
    try:
        from machxa_agent.discovery.record import record  # noqa: PLC0415 - loaded by those who ask
        from machxa_agent.discovery.snmprec import text  # noqa: PLC0415
        from machxa_agent.snmp.commands import address  # noqa: PLC0415
        from machxa_agent.snmp.load import load_profiles  # noqa: PLC0415
        from machxa_agent.snmp.target import Target  # noqa: PLC0415
        from machxa_agent.snmp.walk import Silent  # noqa: PLC0415
    except ModuleNotFoundError:
        return _complain(_MISSING, 2)
    try:
        host, port = address(options.host)
        made = record(Target(host, port, options.community), load_profiles())
    except (Silent, OSError) as exc:
        return _complain(f"{options.host}: không trả lời (does not answer): {exc}", 1)
    if made.leaks:
        return _complain(
            f"{len(made.leaks)} chỗ vẫn còn thông tin thật, không ghi tệp (places still hold what names the device, "
            f"nothing was written): {', '.join(made.leaks[:5])}",
            1,
        )
    options.file.write_text(text(made.rows), encoding="ascii")
    print(
        f"{options.file}: {len(made.rows)} dòng (rows), {made.model or '-'}. Số sê-ri, địa chỉ, tên, nơi đặt đã được "
        "thay; hãy xem lại trước khi gửi (serials, addresses, names, places are replaced; look it through before "
        "you send it)"
    )
    return 0


def _complain(text: str, exit_status: int) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return exit_status
