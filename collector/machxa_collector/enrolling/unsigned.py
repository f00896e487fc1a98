"""Let in a device that runs no agent of ours but a script: `machxa agent unsigned`."""

from __future__ import annotations

import argparse
import secrets

from machxa_collector.enrolling.place import Place, check_unit, entry_of, write_folder
from machxa_collector.registry.enrolment import shard_of
from machxa_collector.store import unsigned
from machxa_collector.store.enrolment import KEY_BYTES
from machxa_wire.topics import Address

_EXAMPLE = """\
#!/bin/sh
# Một số đo, không ký; gọi mỗi phút bằng cron: send.sh BROKER (one reading, unsigned; run by cron every minute)
cd "$(dirname "$0")" || exit 1
uptime=$(cut -d. -f1 /proc/uptime)
mosquitto_pub -V mqttv5 -q 1 -h "${{1:?broker}}" -p "${{2:-8883}}" --cafile ca.pem --cert agent.pem --key agent.key \\
  -i {agent} -t {topic} -m '{{"v":1,"kind":"samples","boot":"script","time":'"$(date +%s)000"',"mono":0,'\\
'"at":[0],"series":[["system.uptime"]],"values":[['"$uptime"']]}}'
"""


def run(place: Place, options: argparse.Namespace) -> None:
    """Make an unsigned agent and write its certificate, its key and an example of a script; raises CannotRunError."""
    check_unit(place, options.unit)
    agent = unsigned.new_agent()
    key, certificate = place.authority.client(agent, options.days)
    topic = Address(agent, shard_of(agent)).up
    named = {
        "agent.key": key,
        "agent.pem": certificate,
        "ca.pem": place.authority.authority.certificate_pem,
        "send.sh": _EXAMPLE.format(agent=agent, topic=topic).encode(),
    }
    write_folder(options.to, named)
    device = unsigned.Device(kind=options.kind, name=options.name, unit=options.unit)
    told = entry_of(place, "agent.unsigned", f"agent/{agent}", name=options.name, unit=options.unit, days=options.days)
    unsigned.add(place.live.store, agent, device, certificate, secrets.token_bytes(KEY_BYTES), told)
    place.out(f"{agent}\n  {topic}\n  Đã ghi (written): {options.to}: {', '.join(named)}")
    place.told("machxa: bản tin không ký, trang sẽ ghi rõ như vậy (unsigned, and shown as such)")
