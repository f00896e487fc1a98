"""Measure what history costs: ``machxa bench store [--devices N] [--days N] [--json]``.

Simulated days of office PCs, a sample a minute: bytes a point sealed raw, and everything (indexes, roll-ups, the last
day's reports, the file as it lies on the disk). VictoriaMetrics keeps some of the same readings, where it is installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from machxa_collector.measuring import history, peer
from machxa_collector.store import made_up
from machxa_collector.store.engine import open_store
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.samples import RAW

AIM_RAW, AIM_ALL = 0.6, 1.2  # bytes a point
_PEER_DAYS = 3


def main(arguments: list[str]) -> int:
    """Measure and print; return 1 when a point takes more than aimed at."""
    parser = argparse.ArgumentParser(prog="machxa bench store", description=__doc__)
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--distinct", type=int, default=6, help="how many devices differ; the others copy them")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        found = measure(Path(made), options.devices, options.days, min(options.distinct, options.devices))
    text = json.dumps(found) if options.json else "\n".join(f"{name:38} {value}" for name, value in found.items())
    sys.stdout.write(text + "\n")
    return int(found["bytes_per_point_raw"] > AIM_RAW or found["bytes_per_point_all"] > AIM_ALL)


def measure(folder: Path, devices: int, days: int, distinct: int) -> dict[str, float]:
    """Return the figures; sizes in bytes a point, that is a value of one series at one time."""
    file = folder / "store.db"
    engine = open_store(file)
    filled = history.fill(LiveRegistry(engine), devices, days, distinct)
    blobs = made_up.stored_bytes(engine)
    engine.dispose()
    all_bytes = file.stat().st_size
    found: dict[str, float] = {
        "devices": devices, "distinct": distinct, "days": days, "series": len(filled.series), "points": filled.points,
        "bytes_per_point_raw": round(blobs[RAW] / filled.packed_points, 3), "aim_raw": AIM_RAW,
        "bytes_per_point_5_minutes": round(blobs[300] / filled.packed_points, 3),
        "bytes_per_point_hours": round(blobs[3600] / filled.packed_points, 3),
        "bytes_per_point_all": round(all_bytes / filled.points, 3), "aim_all": AIM_ALL,
        "file_mb": round(all_bytes / 1e6, 1),
        "packing_cpu_ms_per_device_day": round(filled.packing_cpu_seconds / filled.packed_days * 1000, 1),
        "gathering_cpu_ms_per_device_day": round(filled.gathering_cpu_seconds / devices * 1000, 1),
    }  # fmt: skip
    theirs = peer.kept(folder / "peer", distinct, min(_PEER_DAYS, days))
    if theirs is not None:
        found |= {
            "victoria_metrics_points": theirs.points,
            "victoria_metrics_bytes_per_point": round(theirs.bytes_per_point, 3),
            "ratio_all_to_victoria_metrics": round(found["bytes_per_point_all"] / theirs.bytes_per_point, 2),
            "ratio_raw_to_victoria_metrics": round(found["bytes_per_point_raw"] / theirs.bytes_per_point, 2),
        }
    return found
