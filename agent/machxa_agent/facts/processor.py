"""Read what a processor says of itself: enough to decide what it can still run. Pure."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional

from machxa_agent.facts.words import known, said

_GIGAHERTZ = re.compile(r"@\s*([0-9.]+)\s*GHz")
_IDENTIFIER = re.compile(r"Family ([0-9]+) Model ([0-9]+) Stepping ([0-9]+)")
_ARCH = re.compile(r"mips|mips64|i386|x86_64|arm.*|aarch64")


def from_cpuinfo(text: str, machine: str, max_mhz: Optional[int]) -> List[Dict[str, object]]:
    """Return the schema's ``cpus``, one per socket, from /proc/cpuinfo; thread counts all threads of the socket.

    max_mhz is the rated speed the kernel knows, used where the name holds none; the current speed is no fact.
    """
    sockets: Dict[str, List[Mapping[str, str]]] = {}
    for block in text.split("\n\n"):
        fields = _fields(block)
        if "processor" in fields:
            sockets.setdefault(fields.get("physical id", "0"), []).append(fields)
    return [_cpu(threads[0], len(threads), machine, max_mhz) for _, threads in sorted(sockets.items())]


def from_registry(
    values: Mapping[str, object], machine: str, cores: Optional[int], threads: Optional[int]
) -> List[Dict[str, object]]:
    r"""Return the schema's ``cpus`` from HARDWARE\DESCRIPTION\System\CentralProcessor\0, as one processor.

    Identifier is like "Intel64 Family 6 Model 142 Stepping 10"; ~MHz is measured at start and drifts by one or two.
    """
    name = said(str(values.get("ProcessorNameString", "")))
    found = _IDENTIFIER.search(str(values.get("Identifier", "")))
    family, model, stepping = found.groups() if found else (None, None, None)
    measured = values.get("~MHz")
    cpu = {
        "name": name,
        "manufacturer": _maker(str(values.get("VendorIdentifier", ""))),
        "arch": architecture(machine),
        "familynumber": family,
        "model": model,
        "stepping": None if stepping is None else int(stepping),
        "core": cores,
        "thread": threads,
        "speed": _rated_mhz(name or "") or (measured if isinstance(measured, int) else None),
    }
    return [known(cpu)]


def architecture(machine: str) -> Optional[str]:
    """Return a machine's name in the schema's words, None for one it has no word for."""
    word = _ARCHITECTURES.get(machine.lower(), machine.lower())
    return word if _ARCH.fullmatch(word) else None


def _cpu(fields: Mapping[str, str], threads: int, machine: str, max_mhz: Optional[int]) -> Dict[str, object]:
    name = said(fields.get("model name") or fields.get("Model") or fields.get("Hardware") or "")
    return known(
        {
            "name": name,
            "manufacturer": _maker(fields.get("vendor_id", "")),
            "arch": architecture(machine),
            "familynumber": said_number(fields.get("cpu family")),
            "model": said_number(fields.get("model")),
            "stepping": _whole(fields.get("stepping")),
            "core": _whole(fields.get("cpu cores")),
            "thread": threads,
            "speed": _rated_mhz(name or "") or max_mhz,
        }
    )


def said_number(text: Optional[str]) -> Optional[str]:
    """Return a number kept as the text it is, None for anything else; family 0 is a number too."""
    return text if text is not None and text.isdigit() else None


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text is not None and text.isdigit() else None


def _fields(block: str) -> Dict[str, str]:
    pairs = (line.partition(":") for line in block.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _rated_mhz(name: str) -> Optional[int]:
    found = _GIGAHERTZ.search(name)
    return round(float(found.group(1)) * 1000) if found else None


def _maker(vendor: str) -> Optional[str]:
    return _MAKERS.get(vendor) or said(vendor)


_MAKERS = {"AuthenticAMD": "AMD", "CentaurHauls": "VIA", "GenuineIntel": "Intel", "HygonGenuine": "Hygon"}
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64", "i486": "i386", "i586": "i386", "i686": "i386", "x86": "i386"}
