"""Secrets planted by every real way are found nowhere: no file of the store, no log, no answer, no export.

What holds them by its nature is left out: the sealing key, the authority's key, an agent's own folder, and the one
answer that hands a secret to whom it belongs.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from machxa_fleet.mosquitto import free_port
from tests.collector.test_running import serving

pytestmark = pytest.mark.faults  # many commands, each started for itself

CANARY = "MX-CANARY"
PASSWORD = f"{CANARY} tre xanh bên hồ 4711"
COMMUNITY = f"{CANARY}-community"
LEFT_OUT = ("seal.key", "authority.key", "ca.key")
KINDS = ("units", "lines", "counters", "contacts", "planned", "assets")


class Centre:
    """Hold a running collector, everything it said, and every secret it gave or was given."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.data, self.port = folder, folder / "data", port
        self.said: list[bytes] = []
        self.secrets: dict[str, bytes] = {}
        self.token = self.keep("API token", self.machxa("token", "api"))

    def keep(self, name: str, secret: str) -> str:
        self.secrets[name] = secret.encode()
        return secret

    def machxa(self, *arguments: str | Path) -> str:
        command = [sys.executable, "-m", "machxa_collector.main", *map(str, arguments), "--data", str(self.data)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def ask(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, told: bool = True
    ) -> tuple[int, Any, dict[str, str]]:
        """Ask the API; the answer is kept to be searched, unless it hands a secret to whom it belongs."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", content, sent, method=method)
        try:
            with urllib.request.build_opener(Stay).open(asked, timeout=30) as reply:
                status, answer, given = reply.status, reply.read(), dict(reply.headers)
        except urllib.error.HTTPError as exc:
            status, answer, given = exc.code, exc.read(), dict(exc.headers)
        if told:
            self.said.append(answer)
        kind = given.get("content-type", "")
        return status, json.loads(answer) if answer and "json" in kind else answer, given


class Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: its address is part of the answer."""

    def redirect_request(self, *_: object) -> None:
        """Return none."""


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    port = free_port()
    with serving(tmp_path / "data", port, tmp_path / "log"):
        yield Centre(tmp_path, port)


def plant(centre: Centre) -> None:
    """Bring secrets in by every way there is, well and badly."""
    assert centre.ask("PUT", "/api/v1/secrets/snmp.community", {"value": COMMUNITY})[0] == 200
    assert centre.ask("PUT", "/api/v1/secrets/other", {"value": COMMUNITY, "more": COMMUNITY})[0] == 422
    assert centre.ask("PUT", f"/api/v1/secrets/other?token={COMMUNITY}", [COMMUNITY])[0] == 422
    _enrol(centre)
    _people(centre)
    for headers in (
        {"Authorization": f"Bearer {CANARY}-bearer-0123456789"},
        {"Authorization": "Basic " + base64.b64encode(f"lan:{CANARY}-basic".encode()).decode()},
        {"Authorization": "", "Cookie": f"machxa_session={CANARY}-cookie; __Host-machxa={CANARY}-cookie"},
    ):
        centre.ask("GET", f"/api/v1/assets?token={CANARY}-query&password={CANARY}-query", headers=headers)
    centre.ask("GET", f"/sign-in?token={CANARY}-link", headers={"Authorization": ""})
    link = re.search(r"token=([\w-]+)", centre.machxa("token", "sign-in")) or [None, ""]
    centre.keep("one-time link", str(link[1]) or centre.machxa("token", "sign-in"))


def _enrol(centre: Centre) -> None:
    token = centre.keep("enrolment token", _secret_in(centre.machxa("token", "enrol")))
    wrong = {"token": f"{CANARY}-token", "hostname": "may-1"}
    assert centre.ask("POST", "/api/v1/enrol", wrong)[0] == 403
    status, given, _ = centre.ask("POST", "/api/v1/enrol", {"token": token, "hostname": "may-1"}, told=False)
    assert status == 201
    centre.keep("MAC key in base64", given["key"])
    centre.secrets["MAC key"] = base64.urlsafe_b64decode(given["key"] + "=")
    centre.secrets["MAC key in hex"] = centre.secrets["MAC key"].hex().encode()
    renewal = {"agent": given["agent"], "mac": f"{CANARY}-mac", "csr": CANARY, "hostname": "may-1"}
    assert centre.ask("POST", "/api/v1/certificates/renew", renewal)[0] in (403, 422)


def _people(centre: Centre) -> None:
    told = centre.machxa("user", "add", "lan.nguyen", "--name", "Lan", "--role", "auditor", "--scope", "nation")
    invitation = centre.keep("invitation", _secret_in(told))
    body = {"token": invitation, "password": PASSWORD}
    assert centre.ask("POST", "/api/v1/invitation", {"token": f"{CANARY}-invitation", "password": PASSWORD})[0] >= 400
    assert centre.ask("POST", "/api/v1/invitation", body)[0] == 204
    for password in (f"{CANARY} wrong password", f"{CANARY}\x00"):
        assert centre.ask("POST", "/api/v1/session", {"login": "lan.nguyen", "password": password})[0] >= 400
    status, _, headers = centre.ask(
        "POST", "/api/v1/session", {"login": "lan.nguyen", "password": PASSWORD}, told=False
    )
    assert status == 200
    centre.keep("session", _secret_in(headers["set-cookie"]))
    named = centre.machxa("token", "api", "--name", "nagios", "--role", "auditor", "--scope", "nation")
    centre.keep("named API token", _secret_in(named))


def _secret_in(text: str) -> str:
    found = re.search(r"(?<![\w-])[\w-]{43}(?![\w-])", text)
    assert found, text
    return found[0]


def read_all(centre: Centre) -> None:
    """Ask every route that can be asked without knowing an id, and every page."""
    document = centre.ask("GET", "/api/v1/openapi.json")[1]
    paths = [path for path, methods in document["paths"].items() if "get" in methods and "{" not in path]
    for path in (*paths, "/", "/proof", "/admin", "/metrics", f"/{CANARY}-nowhere".lower()):
        centre.ask("GET", path)


def exports(centre: Centre) -> dict[str, bytes]:
    """Return what people carry away, workbooks unpacked."""
    centre.machxa("audit", "export", centre.folder / "audit.csv")
    found = {
        "audit.csv": (centre.folder / "audit.csv").read_bytes(),
        "audit root": centre.machxa("audit", "root").encode(),
    }
    for kind in KINDS:
        for suffix in ("csv", "xlsx"):
            path = centre.folder / f"{kind}.{suffix}"
            centre.machxa("export", kind, path)
            found[path.name] = path.read_bytes()
    for name, content in list(found.items()):
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(centre.folder / name) as book:
                found[name] = content + b"".join(book.read(part) for part in book.namelist())
    return found


def kept(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder but those that hold keys by their nature."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in LEFT_OUT
    }


def test_no_secret_is_found_anywhere(centre: Centre) -> None:
    plant(centre)
    read_all(centre)
    searched = {
        **{f"file {name}": content for name, content in kept(centre.data / "collector").items()},
        **{f"export {name}": content for name, content in exports(centre).items()},
        **{f"answer {at}": content for at, content in enumerate(centre.said)},
        "log": (centre.folder / "log").read_bytes(),
    }
    needles = {**centre.secrets, "canary": CANARY.encode(), "canary quoted": urllib.parse.quote(PASSWORD).encode()}

    found = [(name, where) for name, secret in needles.items() for where, text in searched.items() if secret in text]

    print(
        f"{len(needles)} secrets, {len(searched)} places, {sum(map(len, searched.values()))} bytes: {len(found)} found"
    )
    assert any(where.startswith("file machxa.db") for where in searched)
    assert len(centre.said) > 20
    assert found == []
