"""Read what a commune was given on a USB stick to enrol with."""

from __future__ import annotations

import hashlib
from pathlib import Path

from machxa_agent.config import BadConfigError, read_config
from machxa_agent.enrol import Enrolment

CONFIG, SUMS = "agent.toml", "SHA256SUMS"
_MOST_BYTES = 65536


def read_kit(folder: Path, role: str) -> Enrolment:
    """Return how to enrol with a kit; raises BadConfigError for one that is damaged or incomplete."""
    try:
        listed = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{folder} không phải bộ cài đặt (is no kit): {exc}") from exc
    for line in listed:
        digest, _, name = line.partition("  ")
        if name != Path(name).name or _sha256(folder / name) != digest:
            raise BadConfigError(
                f"{folder / name}: hỏng hoặc bị sửa, hãy chép lại bộ (damaged or altered: copy the kit again)"
            )
    config = read_config(folder / CONFIG)
    if config.enrol_url is None or config.enrol_token_file is None:
        raise BadConfigError(f"{folder / CONFIG}: thiếu enrol_url, enrol_token_file (both are needed)")
    try:
        token = config.enrol_token_file.read_text(encoding="ascii").strip()
        ca = None if config.enrol_ca_file is None else config.enrol_ca_file.read_text(encoding="ascii")
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{folder}: {exc}") from exc
    return Enrolment(config.enrol_url, token, role, config.enrol_ca_fingerprint, ca)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read(_MOST_BYTES)).hexdigest()
    except OSError:
        return ""
