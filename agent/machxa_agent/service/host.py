"""Be the service: the process that Windows' service manager starts, controls and ends. Windows only."""

from __future__ import annotations

import logging
import time
from typing import Callable

import servicemanager
import win32service as services

from machxa_agent.orders import Orders
from machxa_agent.service.access import NAME
from machxa_agent.service.controls import State, Verb, heard

logger = logging.getLogger(__name__)

_GOODBYE_MS = 30_000
_OWN_ERROR = 1066  # ERROR_SERVICE_SPECIFIC_ERROR

Work = Callable[[Orders], int]


_ACCEPTED = (
    services.SERVICE_ACCEPT_STOP
    | services.SERVICE_ACCEPT_SHUTDOWN
    | services.SERVICE_ACCEPT_PRESHUTDOWN
    | services.SERVICE_ACCEPT_POWEREVENT
    | services.SERVICE_ACCEPT_SESSIONCHANGE
)


def host(work: Work) -> None:
    """Do the work as the service that the manager started; return when it ended. work returns an exit status."""

    class Service:
        """Take the manager's controls; its one instance is made by pywin32."""

        def __init__(self, arguments: object) -> None:
            del arguments
            self._orders, self._state = Orders(), State()
            self._handle = servicemanager.RegisterServiceCtrlHandler(NAME, self._control, True)  # noqa: FBT003 - pywin32's

        def SvcRun(self) -> None:  # noqa: N802 - pywin32's name
            """Work until ordered to end."""
            self._tell(services.SERVICE_RUNNING, _ACCEPTED)
            status = 1
            try:
                status = work(self._orders)
            except Exception:
                logger.exception("the agent ended")
            finally:
                self._tell(services.SERVICE_STOPPED, exit_status=status)

        def _control(self, code: int, kind: int, _more: object) -> None:
            self._state, act = heard(self._state, code, kind, time.monotonic())
            if act is None:
                return
            if act.verb is Verb.STOP:
                self._tell(services.SERVICE_STOP_PENDING, wait_ms=_GOODBYE_MS)
                self._orders.end(act.word)
            elif act.verb is Verb.SLEEP:
                self._orders.sleep(act.word)
            else:
                self._orders.wake()

        def _tell(self, state: int, accepted: int = 0, *, wait_ms: int = 0, exit_status: int = 0) -> None:
            error = _OWN_ERROR if exit_status else 0
            own = services.SERVICE_WIN32_OWN_PROCESS
            services.SetServiceStatus(self._handle, (own, state, accepted, error, exit_status, 0, wait_ms))

    servicemanager.Initialize(NAME, None)
    servicemanager.PrepareToHostSingle(Service)
    servicemanager.StartServiceCtrlDispatcher()  # type: ignore[no-untyped-call]  # the stubs have no types for it
