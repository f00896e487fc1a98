"""Print any payload, or write the wire's documents: ``python -m machxa_wire decode FILE``, ``... docs [--check]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import List, Optional

from machxa_wire import asyncapi, schema
from machxa_wire.decode import record_of
from machxa_wire.refusal import Refused
from machxa_wire.text import inflate, to_body


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m machxa_wire", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    decode = commands.add_parser("decode", help="print a payload as JSON and say whether it would be accepted")
    decode.add_argument("file", nargs="?", default="-", help="a file, or - for standard input; hex is taken too")
    docs = commands.add_parser("docs", help="write the JSON Schema and the AsyncAPI document")
    docs.add_argument("--check", action="store_true", help="write nothing, fail when they differ")
    docs.add_argument("--folder", type=Path, default=Path("docs"))
    options = parser.parse_args(arguments)
    if options.command == "decode":
        return _decode(sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes())
    return _docs(options.folder, check=options.check)


def _decode(payload: bytes) -> int:
    try:
        body = to_body(inflate(_from_hex(payload)))
        print(json.dumps(body, ensure_ascii=False, indent=1))
        record_of(body)
    except Refused as refused:
        print("refused, " + str(refused), file=sys.stderr)
        return 1
    return 0


def _from_hex(payload: bytes) -> bytes:
    """Return the bytes a hex dump stands for, or the payload as it is."""
    try:
        return bytes.fromhex(payload.decode("ascii"))
    except ValueError:
        return payload


def _docs(folder: Path, *, check: bool) -> int:
    texts = {
        "wire.schema.json": json.dumps(schema.record_schema(), ensure_ascii=False, indent=1) + "\n",
        "asyncapi.json": asyncapi.document(),
    }
    stale = [
        name
        for name, text in texts.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    if check:
        for name in stale:
            print(f"{folder / name} is out of date: python -m machxa_wire docs", file=sys.stderr)
        return 1 if stale else 0
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
