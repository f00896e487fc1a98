"""Make deliberately broken builds: a copy of the sources with one thing done wrong, so that the proof can fail."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.faults.rig import ROOT


@dataclass(frozen=True, slots=True)
class Mistake:
    """Replace a text that must be there, once, by another."""

    file: str
    right: str
    wrong: str


ACKNOWLEDGE_BEFORE_COMMIT = (
    Mistake(
        "collector/machxa_collector/intake/pipeline.py",
        "            self._commit(plan)\n        except StoreUnavailableError:\n",
        "            self.early(_acknowledgements(plan))\n"
        "            self._commit(plan)\n        except StoreUnavailableError:\n",
    ),
    Mistake(
        "collector/machxa_collector/intake/link.py",
        "        self._client = self._make_client()\n",
        "        self._client = self._make_client()\n"
        "        pipeline.early = lambda acks: (self._publish(acks), self._client.flush(), time.sleep(0.2))\n",
    ),
)
NO_DEDUPE = (
    Mistake("collector/machxa_collector/intake/ledger.py", "elif self.covers(seq):", "elif False:"),
    Mistake(
        "collector/machxa_collector/intake/ledger.py",
        "if seq == self.contiguous + 1 and not self.ahead:",
        "if seq <= self.contiguous + 1 and not self.ahead:",
    ),
    Mistake(
        "collector/machxa_collector/intake/ledger.py",
        "self.contiguous = seq\n",
        "self.contiguous = max(seq, self.contiguous)\n",
    ),
    Mistake(
        "collector/machxa_collector/store/intake.py",
        "compile(dialect=engine.dialect))\n            for table",
        'compile(dialect=engine.dialect)).replace("INSERT", "INSERT OR REPLACE")\n            for table',
    ),
)
NO_SECOND_NET = (  # the collector never asks again for what it lost
    Mistake(
        "collector/machxa_collector/intake/plan.py",
        "need=upto + 1 if hello is not None and hello.high > upto else None",
        "need=None",
    ),
)
OUTBOX_WITHOUT_SYNC = (
    Mistake("agent/machxa_agent/outbox/disk.py", '"PRAGMA synchronous=FULL"', '"PRAGMA synchronous=OFF"'),
)
DELETE_ON_PUBACK = (
    Mistake(
        "agent/machxa_agent/link.py",
        "            self._window.nobody_listens(self.monotonic())\n",
        "            self._window.nobody_listens(self.monotonic())\n"
        "        else:\n"
        "            self._outbox.acknowledge(self._stream, seq)\n"
        "            self._window.acknowledged(seq, self.monotonic())\n",
    ),
)


def build(folder: Path, *mistakes: Mistake) -> Path:
    """Return a copy of the sources with these mistakes."""
    for part in ("agent", "collector", "dashboards"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for mistake in mistakes:
        path = folder / mistake.file
        text = path.read_text(encoding="utf-8")
        found = text.count(mistake.right)
        assert found == 1, f"{mistake.file} holds {mistake.right!r} {found} times, expected once"
        path.write_text(text.replace(mistake.right, mistake.wrong), encoding="utf-8")
    return folder
