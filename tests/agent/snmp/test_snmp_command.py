"""``machxa-agent snmp poll`` prints one JSON object, and says in one line what is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from machxa_fleet.snmp_devices import device
from tests.agent.snmp.secured_agent import AUTH_KEY, PRIV_KEY, USER, SecuredAgent

ROOT = Path(__file__).parents[3]
RECORDINGS = ROOT / "tests" / "recordings" / "snmp"
SCORER = ROOT.parent / "shared" / "snmp" / "score.py"
COMMAND = """import sys; sys.path.insert(0, {agent!r}); {before}
from machxa_agent.main import main; sys.exit(main(sys.argv[1:]))
"""


def _run(*arguments: str, before: str = "pass") -> subprocess.CompletedProcess[str]:
    code = COMMAND.format(agent=str(ROOT / "agent"), before=before)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_device_is_printed_as_json() -> None:
    with device(RECORDINGS / "ups-on-battery.snmprec") as ups:
        ended = _run("snmp", "poll", f"127.0.0.1:{ups.port}", "--community", "public", "--json")

    told = json.loads(ended.stdout)
    assert (ended.returncode, told["kind"], told["extras"]["ups"]["on_battery"]) == (0, "ups", True)


def test_it_is_printed_for_people_too() -> None:
    with device(RECORDINGS / "ups-on-battery.snmprec") as ups:
        ended = _run("snmp", "poll", f"127.0.0.1:{ups.port}", "--version", "2c")

    assert "model: C3K-X\n" in ended.stdout


def test_without_pysnmp_it_says_how_to_get_it() -> None:
    ended = _run("snmp", "poll", "127.0.0.1", before="sys.modules['pysnmp'] = None")

    assert ended.returncode == 2
    assert "pip install 'machxa[gateway]'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_silence_is_one_line_and_status_1() -> None:
    ended = _run("snmp", "poll", "127.0.0.1:9", "--json")

    assert ended.returncode == 1
    assert ended.stderr == "machxa-agent: 127.0.0.1:9: no answer: wrong address, wrong community, or SNMP is off\n"


@pytest.mark.parametrize("written", ["printer:0", "printer:x", ":161", "printer:70000"])
def test_an_address_that_is_none_is_refused(written: str) -> None:
    assert _run("snmp", "poll", written).returncode == 2


def test_pysnmp_is_loaded_only_by_those_who_ask() -> None:
    ended = _run(
        "status",
        "--data",
        "/nonexistent",
        before="import atexit; atexit.register(lambda: print('pysnmp' in sys.modules))",
    )

    assert ended.stdout.splitlines()[-1] == "False"


@pytest.mark.faults
@pytest.mark.skipif(
    not SCORER.exists(), reason="the recordings of real devices stand beside this repository, not in it"
)
def test_recordings_of_real_devices_score_at_least_95_percent(tmp_path: Path) -> None:
    code = COMMAND.format(agent=str(ROOT / "agent"), before="pass")
    (tmp_path / "poll.py").write_text(code, encoding="utf-8")
    command = f"{sys.executable} {tmp_path / 'poll.py'} snmp poll {{host}}:{{port}} --community {{community}} --json"
    score = [sys.executable, str(SCORER), "--cmd", command, "--list", "develop", "--out", str(tmp_path / "score.json")]

    subprocess.run(score, check=True, capture_output=True, timeout=900)

    scored = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))["all"]
    assert scored["total"] >= 0.95
    fields = {name: share for name, (share, _) in scored["fields"].items()}
    assert fields["supplies_unknown_not_faked"] == 1
    assert min(fields["kind"], fields["vendor"]) >= 0.97
    assert fields["model"] >= 0.92
    assert min(fields["serial"], fields["firmware"]) >= 0.9
    assert fields["supplies_percent"] >= 0.95
    assert {fields["if_found"], fields["if_name"], fields["if_oper"], fields["if_speed"]} == {1}


def test_credentials_of_version_3_come_from_a_file_and_never_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "credentials.toml"
    file.write_text(f'user = "{USER}"\nauth_key = "{AUTH_KEY}"\npriv_key = "{PRIV_KEY}"\n', encoding="utf-8")

    with SecuredAgent() as agent:
        ended = _run("snmp", "poll", f"127.0.0.1:{agent.port}", "--credentials", str(file), "--json")

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_file_of_credentials_that_lacks_a_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    file = tmp_path / "credentials.toml"
    file.write_text('user = "machxa"\nauth_key = "a-secret-key"\n', encoding="utf-8")

    ended = _run("snmp", "poll", "127.0.0.1", "--credentials", str(file))

    assert ended.returncode == 2
    assert "expected user, auth_key and priv_key" in ended.stderr
    assert "a-secret-key" not in ended.stderr
