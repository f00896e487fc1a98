"""Keep a demonstration's folder apart from a real one: a file says what it is, and how far its time has come."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from machxa_collector.demo.plan import Plan, kept
from machxa_collector.failure import CannotRunError

NAME = "demo.json"


@dataclass(frozen=True, slots=True)
class Begun:
    """Hold a demonstration that was begun before: its plan, and the moment (ms) until which it was played."""

    plan: Plan
    played_ms: int


def begun(data: Path, speed: float, *, anew: bool) -> Begun | None:
    """Return what goes on in a folder, None where a demonstration begins; raises CannotRunError for a folder of others.

    Nothing is written: what a demonstration left that is not to go on is for ``clear``.
    """
    told = _told(data)
    if told is None:
        if data.exists() and any(one.name != "collector.lock" for one in data.iterdir()):
            raise CannotRunError(
                f"thư mục {data} không phải của bản trình diễn, nên không ghi gì vào đó; chọn --data DIR khác",
                f"folder {data} is no demonstration's: a demonstration never writes there; choose another --data DIR",
            )
        return None
    if anew or "played_ms" not in told:
        return None
    return Begun(_plan(told, speed), int(str(told["played_ms"])))


def clear(data: Path) -> None:
    """Remove what an earlier demonstration left, and nothing else."""
    if not is_demonstration(data):
        return
    shutil.rmtree(data / "collector", ignore_errors=True)
    (data / NAME).unlink()


def note(data: Path, plan: Plan, played_ms: int | None) -> None:
    """Write down what the folder holds; played_ms None while it is being filled: such a one is begun anew."""
    told = {"demonstration": True, **kept(plan)}
    if played_ms is not None:
        told["played_ms"] = played_ms
    data.mkdir(parents=True, exist_ok=True)
    made = data / f"{NAME}.new"
    made.write_text(json.dumps(told), encoding="utf-8")
    made.replace(data / NAME)


def is_demonstration(data: Path) -> bool:
    """Return whether a folder is a demonstration's."""
    return (data / NAME).exists()


def _told(data: Path) -> dict[str, object] | None:
    try:
        told = json.loads((data / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise CannotRunError(f"không đọc được {data / NAME}: {exc}", f"{data / NAME} cannot be read: {exc}") from exc
    return told if isinstance(told, dict) else {}


def _plan(told: dict[str, object], speed: float) -> Plan:
    communes = told["communes"]
    assert isinstance(communes, list)  # noqa: S101 - as it was written
    return Plan(
        province=str(told["province"]),
        communes=tuple(map(str, communes)),
        day=date.fromisoformat(str(told["day"])),
        days=int(str(told["days"])),
        at=datetime.fromisoformat(str(told["at"])),
        speed=speed,
        seed=int(str(told["seed"])),
    )
