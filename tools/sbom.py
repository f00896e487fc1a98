"""Write what a release contains (CycloneDX JSON) from the pinned requirements: ``python tools/sbom.py [FILE]``."""

# ruff: noqa: INP001 - a script

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = ROOT / "requirements/up.txt"  # what runs; the tools of tests are in all.txt
SPECIFICATION = "1.6"


def write(out: Path) -> None:
    """Write the bill of materials: names, versions, addresses and SHA-256 of every library, from the lock's export."""
    out.parent.mkdir(parents=True, exist_ok=True)
    options = ["--pyproject", str(ROOT / "pyproject.toml"), "--sv", SPECIFICATION, "--of", "JSON"]
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(PINNED), *options]
    subprocess.run([*command, "--output-reproducible", "--validate", "-o", str(out)], check=True)  # noqa: S603 - ours


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist/sbom.cdx.json")
