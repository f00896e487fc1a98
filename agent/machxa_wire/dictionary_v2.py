"""Hold dictionary 2: the series of the probes of health, less common, before dictionary 1."""

from __future__ import annotations

from machxa_wire.dictionary_v1 import TEXT as _V1

TEXT = (
    b'["hw.physical_disk.smart",{"hw.id":"sda","hw.physical_disk.smart_attribute":"power_on_hours"}],['
    b'"hw.physical_disk.endurance_utilization",{"hw.id":"nvme0n1","hw.physical_disk.state":"remaining"'
    b'},1,100],["hw.status",{"hw.id":"sda","hw.state":"predicted_failure","hw.type":"physical_disk"}],'
    b'["machxa.boot.duration",{"machxa.boot.phase":"userspace"},1,1000000],["machxa.crash.count",{"mac'
    b'hxa.crash.kind":"unexpected_shutdown","window":"7d"}],["machxa.clock.offset",{},1,1000],["machxa'
    b'.cpu.throttle.time",{"hw.id":"package 0"},1,1000],["machxa.network.wireless.signal",{"hw.id":"wl'
    b'p2s0"}],["machxa.network.wireless.rate",{"hw.id":"wlp2s0"},1,8],["machxa.network.full_duplex",{"'
    b'hw.id":"eth0"}],["machxa.network.carrier.changes",{"hw.id":"eth0"}],["machxa.anchor.loss",{"mach'
    b'xa.anchor":"gateway"},1,3],["machxa.anchor.rtt",{"machxa.anchor":"gateway"},1,1000000],["machxa.'
    b'anchor.jitter",{"machxa.anchor":"gateway"},1,1000000],["system.disk.operation_time",{"disk.io.di'
    b'rection":"read","system.device":"sda"},1,1000],["system.disk.operation_time",{"disk.io.direction'
    b'":"write","system.device":"sda"},1,1000],["machxa.pressure.stall_time",{"machxa.stall":"some","r'
    b'esource":"memory"},1,1000000],["machxa.pressure.stall_time",{"machxa.stall":"full","resource":"m'
    b'emory"},1,1000000],["machxa.pressure.stall_time",{"machxa.stall":"some","resource":"io"},1,10000'
    b'00],["machxa.pressure.stall_time",{"machxa.stall":"full","resource":"io"},1,1000000],["machxa.sl'
    b'ow.time",{"machxa.slow.cause":"judged"}],["machxa.slow.time",{"machxa.slow.cause":"disk"}],["mac'
    b'hxa.slow.time",{"machxa.slow.cause":"paging"}],["machxa.probe.success",{"probe":"pressure"}],["m'
    b'achxa.probe.duration",{"probe":"pressure"},1,1000],["machxa.probe.success",{"probe":"slow"}],["m'
    b'achxa.probe.duration",{"probe":"slow"},1,1000],["machxa.probe.success",{"probe":"link"}],["machx'
    b'a.probe.duration",{"probe":"link"},1,1000],["machxa.probe.success",{"probe":"anchor"}],["machxa.'
    b'probe.duration",{"probe":"anchor"},1,1000],["machxa.probe.success",{"probe":"ups"}],["machxa.pro'
    b'be.duration",{"probe":"ups"},1,1000],' + _V1
)
