from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machxa_agent import once
from machxa_agent.probes import PROBES, by_name
from machxa_agent.probes.probe import label
from machxa_agent.probes.witness import witness_probe
from machxa_wire.decode import decode
from machxa_wire.encode import encode
from machxa_wire.limits import MAX_LABEL
from machxa_wire.records import Place, Samples, Stamp

_ROOT = Path(__file__).parents[3]


def test_every_file_of_probes_is_in_the_list_and_in_the_documentation() -> None:
    shared = {"__init__", "probe"}
    made_elsewhere = {"clock", "witness"}  # of the running agent's link, of a test's device
    files = {path.stem for path in (_ROOT / "agent/machxa_agent/probes").glob("*.py")} - shared
    tables = [(_ROOT / f"docs/{name}.md").read_text("utf-8").split("\n## ")[0] for name in ("probes", "agent")]
    documented = [set(re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE)) for table in tables]

    assert {probe.name for probe in PROBES} == files - made_elsewhere
    assert [one - {"checks", "limits"} for one in documented] == [files, files]  # these two are no files


def test_a_probe_is_found_by_name_and_an_unknown_name_is_told_which_there_are() -> None:
    assert by_name("cpu") is PROBES[0]
    with pytest.raises(KeyError, match="no probe 'gpu', expected one of cpu, memory"):
        by_name("gpu")


@pytest.mark.skipif(sys.platform != "linux", reason="reads this computer's /proc")
def test_this_computers_samples_keep_their_order_have_units_and_pass_the_wire() -> None:
    first, second = (tuple(sample for probe in PROBES for sample in probe.read()) for _ in range(2))

    series = tuple(sample.series for sample in first)
    batch = Samples(Place("0" * 16, 1), Stamp("boot.1", 0, 0), (0,), series, tuple((sample.value,) for sample in first))
    assert series == tuple(sample.series for sample in second)
    assert {one.name for one in series} <= set(once.UNITS)
    assert decode(encode(batch)) == batch


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere psutil is what probes read with")
def test_linux_probes_load_no_psutil() -> None:
    code = "import sys, machxa_agent.probes as p; [q.read() for q in p.PROBES]; print('psutil' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_a_label_from_outside_is_bounded_and_free_of_control_characters() -> None:
    assert label("eth\x000\udc80") == "eth?0?"
    assert len(label("x" * 1000)) == MAX_LABEL


def test_the_witness_gives_each_reading_a_new_number_and_logs_it_first(tmp_path: Path) -> None:
    log, port_file = tmp_path / "log", tmp_path / "port"
    program = _ROOT / "tests/faults/witness.py"
    with subprocess.Popen([sys.executable, str(program), "--log", str(log), "--port-file", str(port_file)]) as device:
        try:
            probe = witness_probe(f"127.0.0.1:{_awaited(port_file)}")
            values = [probe.read()[0].value for _ in range(3)]
        finally:
            device.terminate()

    assert values == [1, 2, 3]
    assert log.read_text("ascii") == "1\n2\n3\n"
    assert device.returncode == 0


def _awaited(path: Path) -> str:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} was not written within 30 s"
        time.sleep(0.01)
    return path.read_text("ascii")
