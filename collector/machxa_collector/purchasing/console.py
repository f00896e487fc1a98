"""Do what ``machxa plan`` says: keep what it rests on, plan, print and write files."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from machxa_collector import data_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.chosen import Unsolved
from machxa_collector.planning.outcome import Outcome, waiting
from machxa_collector.purchasing.aside import aside
from machxa_collector.purchasing.papers import BadPaper, PaperKind, Scenario, checked
from machxa_collector.purchasing.planned import csv_of, outcome, workbook
from machxa_collector.purchasing.situation import Situation, scenario, situation
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import audit, planning
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.trust import whoami


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    try:
        {"run": _run, "keep": _keep, "papers": _papers}[options.what](options)
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as exc:
        if exc.name not in ("highspy", "numpy"):
            raise
        print(f"machxa needs {exc.name}: pip install 'machxa[optimize]'", file=sys.stderr)
        return 2
    return 0


_KINDS = ", ".join(one.value for one in PaperKind)


def _keep(options: argparse.Namespace) -> None:
    if options.kind not in [one.value for one in PaperKind] or options.file is None:
        raise CannotRunError(
            f"cần loại ({_KINDS}) và tệp; chưa có gì thay đổi",
            f"expected a kind ({_KINDS}) and a file; nothing was changed",
        )
    kind = PaperKind(options.kind)
    if (kind is PaperKind.SCENARIO) != bool(options.name):
        raise CannotRunError("chỉ phương án có tên: --name", "a scenario, and only that, has a --name")
    try:
        text = checked(kind, options.name, options.file.read_bytes())
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được {options.file}", f"{options.file} cannot be read: {exc.strerror}"
        ) from exc
    except BadPaper as exc:
        raise CannotRunError(f"{options.file} không dùng được", f"{options.file}: {exc}") from exc
    now_ms = data_folder.now_ms()
    act = whoami.act(now_ms, "planning.keep", f"{kind.value}:{options.name}", reason=options.reason)
    version = planning.keep(data_folder.open_data(options.data), kind.value, options.name, text, options.reason, act)
    print(f"  {kind.value} {options.name}: phiên bản (version) {version}")


def _papers(options: argparse.Namespace) -> None:
    store = data_folder.open_data(options.data)
    kept = [(kind.value, one) for kind in PaperKind for one in planning.named(store, kind.value)]
    for kind, one in kept:
        print(f"  {kind}\t{one.name}\t{one.version}\t{one.made_by}\t{one.reason}")
    if not kept:
        print("chưa có tài liệu nào: machxa plan keep LOẠI TỆP (no papers yet: machxa plan keep KIND FILE)")


def _run(options: argparse.Namespace) -> None:
    live, now_ms = LiveRegistry(data_folder.open_data(options.data)), data_folder.now_ms()
    began = time.process_time()
    said = situation(live.store, live.current(), EVERYWHERE, now_ms)
    asked = _asked(options, live)
    try:
        with aside() if options.exact else nullcontext():
            found = outcome(said, asked, exact=options.exact)
    except Unsolved as exc:
        raise CannotRunError(
            "chưa giải chính xác được trong 60 giây; bỏ --exact để có kế hoạch kèm khoảng cách tới mức tốt nhất",
            f"not solved: {exc}; without --exact there is a plan, with its distance to the best",
        ) from exc
    figures = _figures(found, said, time.process_time() - began)
    if options.out is not None:
        _write(found, options.out, now_ms)
        audit.record_alone(live.store, whoami.act(now_ms, "planning.export", found.name, stamp=found.stamp))
    print(json.dumps(figures, ensure_ascii=False) if options.json else _told(figures))


_SIGNS = str.maketrans(",.", ".,")  # 1,234.5 as 1.234,5
_WORDS = {  # what a person is told of _figures, in this order
    "scenario": "Phương án (scenario)",
    "communes": "Số xã (communes)",
    "assets": "Số tài sản (assets)",
    "unplaced": "Tài sản chưa gắn đơn vị (assets in no unit)",
    "shared_vnd": "Chi từ các nguồn chung (from shared sources)",
    "sources": "Từng nguồn: chi, hạn mức (each source: spent, ceiling)",
    "own_vnd": "Chi từ ngân sách của xã (from communes' own)",
    "hours": "Giờ hồ sơ được trả lại (dossier-hours given back)",
    "still_lost": "Giờ hồ sơ còn mất (dossier-hours still lost)",
    "floor": "Mức tối thiểu: đạt, cần (floor: met, wanted)",
    "floor_waiting": "Mức tối thiểu chờ giá hoặc định mức (floor that waits for a price or a norm)",
    "bound": "Không phương án nào trả lại hơn (no plan gives back more than)",
    "gap": "Cách mức đó (distance to that)",
    "exact": "Giải chính xác (solved exactly)",
    "transfers": "Số điều chuyển (transfers)",
    "next_vnd": "Nếu thêm (with this much more)",
    "next_source": "vào nguồn (in the source)",
    "next_lines": "thì mua thêm (it would buy)",
    "stamp": "Dựa trên (rests on)",
}


def _asked(options: argparse.Namespace, live: LiveRegistry) -> Scenario:
    if options.ceiling is not None:
        return Scenario(name="hạn mức", ceilings=Ceilings(shared_vnd=max(0, options.ceiling)), locks={})
    found = scenario(live.store, options.name or "A")
    if found is None:
        raise CannotRunError(
            f"không có phương án {options.name or 'A'}; dùng --ceiling hoặc keep scenario",
            f"no scenario is kept as {options.name or 'A'}; give --ceiling, or keep one",
        )
    return found


def _write(found: Outcome, out: Path, now_ms: int) -> None:
    try:
        if out.suffix == ".csv":
            out.write_bytes(b"".join(csv_of(found)))
        elif out.suffix == ".xlsx":
            with out.open("wb") as file, workbook(found, whoami.user(), now_ms) as book:
                shutil.copyfileobj(book, file)
        else:
            raise CannotRunError(f"{out}: cần đuôi .xlsx hoặc .csv", f"{out}: expected a name in .xlsx or .csv")
    except OSError as exc:
        raise CannotRunError(f"không ghi được {out}", f"{out} cannot be written: {exc.strerror}") from exc


def _figures(found: Outcome, said: Situation, seconds: float) -> dict[str, object]:
    plan = found.plan
    return {
        "scenario": found.name,
        "communes": len(said.communes),
        "assets": len(said.assets),
        "unplaced": said.unplaced,
        "cpu_seconds": round(seconds, 2),
        "shared_vnd": plan.shared_vnd,
        "sources": {
            one.name: [paid, one.vnd] for one, paid in zip(found.ceilings.shared(), plan.by_source, strict=True)
        },
        "own_vnd": plan.own_vnd,
        "hours": plan.hours,
        "still_lost": plan.still_lost,
        "floor": [plan.floor, plan.floor_of],
        "floor_waiting": waiting(found.needs),
        "bound": plan.bound,
        "gap": plan.gap,
        "exact": plan.exact,
        "transfers": len(found.needs.transfers),
        "next_vnd": found.more.vnd,
        "next_source": found.more.source or None,
        "next_lines": [line.id for line in found.more.lines],
        "stamp": found.stamp,
    }


def _told(figures: dict[str, object]) -> str:
    """Return the figures for a person; --json has their names and exact values."""
    told = [f"  {words}: {_shown(name, figures[name])}" for name, words in _WORDS.items()]
    if not figures["communes"]:
        told.append(
            "  Chưa có xã nào trong sổ đăng ký: machxa init --province MÃ, rồi ghi số cán bộ và tài sản "
            "(no commune is in the registry yet: machxa init --province CODE, then staff and assets)"
        )
    return "\n".join(told)


def _shown(name: str, value: object) -> str:
    """Return a figure as Vietnamese write it: 1.234.567 đồng, 0,84 %, 12,5."""
    if isinstance(value, dict):
        return "; ".join(
            f"{source}: {', '.join(_shown('_vnd', one) for one in both)}" for source, both in value.items()
        )
    if isinstance(value, list):
        return ", ".join(_shown("", one) for one in value) or "-"
    if isinstance(value, bool):
        return "có (yes)" if value else "không (no)"
    if not isinstance(value, int | float):
        return "-" if value is None else str(value)
    if name == "gap":
        return f"{100 * value:.2f} %".replace(".", ",")
    whole = f"{value:,.0f}" if isinstance(value, int) or name.endswith("_vnd") else f"{value:,.1f}"
    return whole.translate(_SIGNS) + (" đồng" if name.endswith("_vnd") else "")
