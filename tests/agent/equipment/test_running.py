"""What must run is watched by the process that was found, looked for again rarely, and told with its moment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from machxa_agent import child
from machxa_agent.child import NoAnswerError
from machxa_agent.equipment import running_linux, running_systemd
from machxa_agent.equipment.running import Found, Process, Running
from machxa_agent.equipment.running_linux import Linux, from_show
from machxa_agent.probes.services import services_probe

RECORDINGS = Path(__file__).parents[2] / "recordings" / "host" / "linux-office"


class Told:
    """Play a system: what is there, and what a search finds; count the searches."""

    def __init__(self) -> None:
        self.there: set[Process] = set()
        self.found: Found | None = None
        self.searches = 0

    def is_there(self, process: Process) -> bool:
        return process in self.there

    def find(self, name: str, *, is_service: bool) -> Found | None:
        assert (name, is_service) == ("eSign", True)
        self.searches += 1
        return self.found

    def runs(self, pid: int, since: float) -> None:
        self.there = {Process(pid, 1.0)}
        self.found = Found(is_up=True, process=Process(pid, 1.0), since_seconds=since)

    def is_down(self, since: float | None = None) -> None:
        self.there, self.found = set(), Found(is_up=False, since_seconds=since)


def turned(running: Running) -> list[tuple[object, object, object, float]]:
    return [
        (one.attributes["state"], one.attributes["was"], one.attributes["pid_changed"], one.ago_seconds)
        for one in running.turned()
    ]


def test_a_process_that_goes_on_is_searched_for_once() -> None:
    system = Told()
    system.runs(10, 500.0)
    running = Running(["eSign"], [], system)

    values = [[one.value for one in running.look(60.0 * minute)] for minute in range(60)]

    assert system.searches == 1
    assert values == [[1, 0]] * 60
    assert turned(running) == [("up", "unknown", False, 500.0)]


def test_a_restart_between_two_looks_is_told_with_the_moment_of_the_new_start() -> None:
    system = Told()
    system.runs(10, 500.0)
    running = Running(["eSign"], [], system)
    running.look(0.0)
    running.turned()

    system.runs(11, 12.0)

    assert [one.value for one in running.look(60.0)] == [1, 1]
    assert turned(running) == [("restarted", "up", True, 12.0)]


def test_what_is_down_is_searched_for_each_five_minutes_and_told_when_it_is_up() -> None:
    system = Told()
    system.runs(10, 500.0)
    running = Running(["eSign"], [], system)
    running.look(0.0)
    running.turned()
    system.is_down(30.0)

    values = [[one.value for one in running.look(60.0 * minute)] for minute in range(1, 11)]
    down = turned(running)
    system.runs(12, 5.0)
    running.look(1000.0)

    assert system.searches == 4
    assert values == [[0, 0]] * 10
    assert down == [("down", "up", False, 30.0)]
    assert turned(running) == [("up", "down", False, 5.0)]


def test_what_cannot_be_told_has_no_state() -> None:
    running = Running(["eSign"], [], Told())

    assert [one.value for one in running.look(0.0)] == [None, 0]
    assert turned(running) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("systemctl-show-service.txt", (True, 842, 84.126579)),
        ("systemctl-show-failed.txt", (False, 0, 5.0)),
        ("systemctl-show-missing.txt", (None, 0, None)),
    ],
)
def test_systemd_tells_state_process_and_moment(name: str, found: tuple[bool | None, int, float | None]) -> None:
    is_up, pid, since = from_show((RECORDINGS / name).read_text("utf-8"), 100.0)

    assert (is_up, pid, since if since is None else round(since, 6)) == found
    assert from_show("", 100.0) == (None, 0, None)


def test_a_unit_between_two_starts_is_down() -> None:
    assert from_show("LoadState=loaded\nActiveState=activating\nSubState=auto-restart\n", 1.0) == (False, 0, None)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_this_very_process_is_found_by_name_and_no_other_is_taken_for_it() -> None:
    system = Linux()
    name = Path("/proc/self/comm").read_text("utf-8").strip()

    found = system.find(name, is_service=False)

    assert found is not None
    assert found.process is not None
    assert system.is_there(found.process)
    assert not system.is_there(Process(os.getpid(), 0.0))
    assert system.find("no such program", is_service=False) == Found(is_up=False)


def test_where_processes_of_others_are_hidden_a_program_that_is_not_seen_is_not_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "proc" / "77"
    own.mkdir(parents=True)
    (own / "stat").write_text("77 (machxa-agent) S " + " ".join(["1"] * 40), encoding="ascii")
    system = Linux(str(tmp_path))

    monkeypatch.setattr(running_systemd.program, "__defaults__", (_silent,))

    hidden = system.find("eSign", is_service=False)
    (tmp_path / "proc" / "1").mkdir()
    listed = system.find("eSign", is_service=False)  # hidepid=1: it is listed, and may not be read
    (tmp_path / "proc" / "1" / "stat").write_text("1 (systemd) S " + " ".join(["1"] * 40), encoding="ascii")

    assert (hidden, listed, system.find("eSign", is_service=False)) == (None, None, Found(is_up=False))


def _silent(*_: object) -> bytes:
    raise NoAnswerError("nobody answers")


@pytest.mark.parametrize(
    ("name", "pid"),
    [
        ("eSign.exe", 81),
        ("kho-bac.py", 83),
        ("systemd-networkd-wait-online", 36),
        ("systemd-journal", 20),
        ("sleep", None),
    ],
)
def test_where_processes_are_hidden_systemd_tells_which_program_runs(name: str, pid: int | None) -> None:
    recorded = (RECORDINGS / "busctl-processes.json").read_bytes()

    found = running_systemd.program(name, lambda *_: recorded)

    assert found is not None
    assert (found.is_up, found.process and found.process.pid) == (pid is not None, pid)


@pytest.mark.parametrize(
    "said", [b"", b"{}", b'{"data":[[["/a",2,"eSign"]]]}', b'{"data":[[[1]]]}', b"[" * 9], ids=repr
)
def test_half_a_list_of_processes_tells_nothing(said: bytes) -> None:
    assert running_systemd.program("eSign", lambda *_: said) is None


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("/usr/sbin/pcscd --foreground", ("pcscd",)),
        ('"/opt/Ky so/eSign.exe" /usr/bin/pcscd', ("eSign.exe",)),
        (r'"C:\\Program Files\\Ky so\\eSign.exe" --minimized', ("eSign.exe",)),
        ("/usr/bin/python3.11 -S /opt/kho-bac.py --port 1", ("python3.11", "kho-bac.py")),
        ("python3 -c x", ("python3", "x")),
        ("shotwell /home/a/sh", ("shotwell",)),
        ("it's", ("it's",)),
        ("[kworker/0:1]", ("0:1]",)),
        ("", ()),
    ],
)
def test_a_process_is_called_by_its_program_or_its_script(line: str, called: tuple[str, ...]) -> None:
    assert running_systemd.names(line) == called


@pytest.mark.parametrize("tree", ["sys/fs/cgroup", "sys/fs/cgroup/systemd"])
def test_a_hidden_process_is_there_as_long_as_its_control_group_holds_it(tmp_path: Path, tree: str) -> None:
    group = tmp_path / tree / "system.slice" / "dbus.service"
    group.mkdir(parents=True)
    members = group / "cgroup.procs"
    system = Linux(str(tmp_path))
    process = Process(38, 0.0, "/system.slice/dbus.service")

    members.write_text("38\n41\n", encoding="ascii")
    was_there = system.is_there(process)
    members.write_text("41\n", encoding="ascii")
    is_there = system.is_there(process)
    members.unlink()

    assert (was_there, is_there, system.is_there(process)) == (True, False, False)


@pytest.mark.skipif(sys.platform != "linux", reason="a program of Linux is asked")
def test_a_service_whose_process_is_hidden_is_watched_by_its_control_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = tmp_path / "sys" / "fs" / "cgroup" / "system.slice" / "dbus.service"
    group.mkdir(parents=True)
    (group / "cgroup.procs").write_text("38\n", encoding="ascii")
    said = (RECORDINGS / "systemctl-show-hidden.txt").read_bytes()
    monkeypatch.setattr(running_linux, "_SYSTEMCTL", (sys.executable,))
    monkeypatch.setattr(child, "answer", lambda *_: said)

    found = Linux(str(tmp_path)).find("dbus", is_service=True)

    assert found is not None
    assert (found.is_up, found.process) == (True, Process(38, 0.0, "/system.slice/dbus.service"))


def test_without_names_nothing_is_watched() -> None:
    assert services_probe((), ()).read() == ()
