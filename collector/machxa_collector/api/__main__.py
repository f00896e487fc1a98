"""Write the OpenAPI document: ``python -m machxa_collector.api [--check] [--folder docs]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy import create_engine

from machxa_collector.api.app import create_app
from machxa_collector.api.deps import BrokerAddress, Certifier, Deps
from machxa_collector.api.document import text
from machxa_collector.registry.sealing import Keyring


def main(arguments: list[str] | None = None) -> int:
    """Write the document, or check that it is up to date; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m machxa_collector.api", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when it differs")
    parser.add_argument("--folder", type=Path, default=Path("docs"))
    options = parser.parse_args(arguments)
    path = options.folder / "openapi.json"
    current = text(create_app(_nobody()))
    if not options.check:
        path.write_text(current, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != current:
        print(f"{path} is out of date: python -m machxa_collector.api", file=sys.stderr)
        return 1
    return 0


def _nobody() -> Deps:
    """Return neighbours that are never asked: the document needs the routes alone."""
    return Deps(
        store=create_engine("sqlite://"),
        registry=CollectorRegistry(),
        now_ms=lambda: 0,
        new_key=bytes,
        readiness=dict,
        broker=BrokerAddress("127.0.0.1", 1883),
        loopback_open=True,
        publish_settings=lambda _settings, _agent: None,
        certifier=Certifier(b"", "", lambda _request, _agent: b"", lambda: None),
        seals=Keyring(()),
        hide=lambda _value: None,
    )


if __name__ == "__main__":
    sys.exit(main())
