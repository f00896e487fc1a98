"""Run the commands about dossiers in a data folder; loaded only when one of them runs."""

from __future__ import annotations

import argparse
import sys

from machxa_collector import data_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.importing.dossiers import console
from machxa_collector.importing.dossiers.given import Centre
from machxa_collector.store.registry import LiveRegistry


def run(options: argparse.Namespace) -> int:
    """Run one command; return its exit status."""
    try:
        seals = data_folder.command_seals(options.data, options.seal_key)
        live = LiveRegistry(data_folder.open_data(options.data))
        return console.run(Centre(live=live, seals=seals), options, data_folder.now_ms())
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)  # noqa: T201 - a command prints
        return 1
