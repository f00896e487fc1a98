"""Put the agent into Windows' list of services, take it out, start and stop it. Windows only.

Microsoft Learn: "ChangeServiceConfig2", "SERVICE_FAILURE_ACTIONS", "SERVICE_SID_INFO". pywin32 closes its handles.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING, List, Optional, Sequence, Tuple

import pywintypes
import win32service as services

from machxa_agent.plan import CannotRunError
from machxa_agent.service.access import ACCOUNT, NAME

if TYPE_CHECKING:
    from _win32typing import PySC_HANDLE

_TITLE = "Mạch Xã"
_ABOUT = (
    "Theo dõi tình trạng máy tính này cho tỉnh; không nghe cổng nào, không nhận lệnh. "
    "(Watches this computer's health for the province; opens no port, takes no commands.)"
)
_RESTARTS_MS = (5_000, 30_000, 60_000)  # the last again and again
_DAY_SECONDS = 24 * 3600
_GOODBYE_MS = 25_000  # before the network goes down
_WAIT_SECONDS = 40.0
_DENIED, _NO_LEVEL, _LOCKED, _RUNS, _NO_SERVICE, _STOPPED, _EXISTS = 5, 124, 1055, 1056, 1060, 1062, 1073  # ERROR_*


def command_line(arguments: Sequence[str]) -> str:
    """Return what the service manager starts, quoted: a path with blanks must not be read as another program."""
    module = [] if getattr(sys, "frozen", False) else ["-m", "machxa_agent.main"]
    return f'"{sys.executable}" {subprocess.list2cmdline([*module, "service", "host", *arguments])}'


def install(arguments: Sequence[str]) -> List[str]:
    """Register the service, or bring a registration to this version; return what this Windows cannot set.

    It starts by itself, later than what people wait for, as a virtual account that may do next to nothing, and is
    started again whenever it ends without being told to. Raises CannotRunError.
    """
    line, manager = command_line(arguments), _manager()
    kind, begin, on_error, tag = _PLAIN
    try:
        service = services.CreateService(
            manager,
            NAME,
            _TITLE,
            services.SERVICE_ALL_ACCESS,
            kind,
            begin,
            on_error,
            line,
            None,
            tag,
            None,
            ACCOUNT,
            None,
        )
    except pywintypes.error as exc:
        if exc.winerror != _EXISTS:
            raise _refusal("install", exc) from exc
        service = _service()
        services.ChangeServiceConfig(service, kind, begin, on_error, line, None, tag, None, ACCOUNT, None, _TITLE)
    return [name for name, level, value in _settings() if not _is_set(service, level, value)]


def remove() -> None:
    """Stop the service and take it out; raises CannotRunError."""
    stop()
    services.DeleteService(_service())


def start() -> None:
    """Start the service and wait until it runs; raises CannotRunError."""
    service, until = _service(), time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            services.StartService(service, None)
        except pywintypes.error as exc:
            if exc.winerror == _LOCKED and time.monotonic() < until:  # another service is being started
                time.sleep(0.5)
                continue
            if exc.winerror != _RUNS:
                raise _refusal("start", exc) from exc
        break
    _await(service, services.SERVICE_RUNNING)


def stop() -> None:
    """Stop the service and wait until it said good-bye; raises CannotRunError."""
    service = _service()
    try:
        services.ControlService(service, services.SERVICE_CONTROL_STOP)
    except pywintypes.error as exc:
        if exc.winerror != _STOPPED:
            raise _refusal("stop", exc) from exc
    _await(service, services.SERVICE_STOPPED)


def state() -> Optional[str]:
    """Return the service's state in a word, None when there is no such service; raises CannotRunError."""
    try:
        manager = services.OpenSCManager(None, None, services.SC_MANAGER_CONNECT)
        service = services.OpenService(manager, NAME, services.SERVICE_QUERY_STATUS)
    except pywintypes.error as exc:
        if exc.winerror == _NO_SERVICE:
            return None
        raise _refusal("status", exc) from exc
    return _STATES.get(services.QueryServiceStatus(service)[1], "unknown")


def _manager() -> PySC_HANDLE:
    try:
        return services.OpenSCManager(None, None, services.SC_MANAGER_ALL_ACCESS)
    except pywintypes.error as exc:
        raise _refusal("the list of services", exc) from exc


def _service() -> PySC_HANDLE:
    manager = _manager()
    try:
        return services.OpenService(manager, NAME, services.SERVICE_ALL_ACCESS)
    except pywintypes.error as exc:
        raise _refusal("the service", exc) from exc


def _settings() -> Tuple[Tuple[str, int, object], ...]:
    """Return what is set beside the registration: a name for people, the level, the value as pywin32 takes it."""
    actions = [(services.SC_ACTION_RESTART, wait) for wait in _RESTARTS_MS]
    failure = {"ResetPeriod": _DAY_SECONDS, "RebootMsg": "", "Command": "", "Actions": actions}
    restricted = services.SERVICE_SID_TYPE_RESTRICTED  # it writes where it was let in by name, nowhere else
    return (
        ("description", services.SERVICE_CONFIG_DESCRIPTION, _ABOUT),
        ("delayed start", services.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, True),
        ("restarts", services.SERVICE_CONFIG_FAILURE_ACTIONS, failure),
        ("restarts after errors", services.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True),
        ("restricted account", services.SERVICE_CONFIG_SERVICE_SID_INFO, restricted),
        ("few privileges", services.SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, ["SeChangeNotifyPrivilege"]),
        ("time for a good-bye", services.SERVICE_CONFIG_PRESHUTDOWN_INFO, _GOODBYE_MS),
    )


def _is_set(service: PySC_HANDLE, level: int, value: object) -> bool:
    try:
        services.ChangeServiceConfig2(service, level, value)
    except pywintypes.error as exc:
        if exc.winerror != _NO_LEVEL:
            raise _refusal("install", exc) from exc
        return False
    return True


def _await(service: PySC_HANDLE, wanted: int) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        now = services.QueryServiceStatus(service)
        if now[1] == wanted:
            return
        if time.monotonic() > until or (now[1] == services.SERVICE_STOPPED and now[3]):
            told = _STATES.get(now[1], "unknown")
            raise CannotRunError(f"the service is {told}, exit code {now[3]}; see agent.log in its data folder")
        time.sleep(0.1)


def _refusal(what: str, exc: pywintypes.error) -> CannotRunError:
    hint = ": chạy với quyền quản trị (run as administrator)" if exc.winerror == _DENIED else ""
    return CannotRunError(f"{what}: {exc.strerror} ({exc.winerror}){hint}")


_PLAIN = (services.SERVICE_WIN32_OWN_PROCESS, services.SERVICE_AUTO_START, services.SERVICE_ERROR_NORMAL, False)
_STATES = {
    services.SERVICE_STOPPED: "stopped",
    services.SERVICE_START_PENDING: "starting",
    services.SERVICE_STOP_PENDING: "stopping",
    services.SERVICE_RUNNING: "running",
}
