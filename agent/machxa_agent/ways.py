"""Hold the link's ways to the centre, how long it has been there or cut off, and when to move."""

from __future__ import annotations

import time
from typing import Callable, Optional

from machxa_agent.connection import Connection, Moved, lan_address
from machxa_agent.dialling import Looker
from machxa_agent.identity import Identity
from machxa_agent.paths import DEFAULT, Route, Routes


class Ways:
    """Use from the link's thread; what is told may be read from any."""

    def __init__(
        self,
        identity: Identity,
        routes: Optional[Routes] = None,
        worked: Callable[[str, Optional[str]], None] = lambda _name, _was: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; without routes the identity's broker is the only way.

        worked hears of each way that stands and is another than before, and of the one before.
        """
        self._routes = routes or Routes([Route(DEFAULT, identity.broker_host, identity.broker_port)])
        self._worked, self._monotonic = worked, monotonic
        self._known: Optional[str] = None
        self._looker: Optional[Looker] = None
        self._apart_since: Optional[float] = monotonic()
        self._joined_at: Optional[float] = None
        self.role = identity.role
        self.lan: Optional[str] = None  # our own private address on the way to the centre

    @property
    def current(self) -> Route:
        """Return the way to try, or in use."""
        return self._routes.current

    @property
    def path(self) -> Optional[str]:
        """Return the name of the way in use or tried, None where ways have no names."""
        name = self._routes.current.name
        return None if name == DEFAULT else name

    def connected_seconds(self) -> Optional[float]:
        """Return how long a connection has stood, None without one."""
        joined = self._joined_at
        return None if joined is None else self._monotonic() - joined

    def cut_off_seconds(self) -> Optional[float]:
        """Return how long there has been no connection, None with one."""
        apart = self._apart_since
        return None if apart is None else self._monotonic() - apart

    def use(self, routes: Routes) -> None:
        """Go by other ways from the next connection on."""
        self._routes = routes

    def stood(self, connection: Connection, now: float) -> str:
        """Take in that a connection stands; return where it leads, in words."""
        self._apart_since, self._joined_at, self.lan = None, now, lan_address(connection.client)
        self._routes.stood(now)
        route, path = connection.route, self.path
        if path is not None and path != self._known:
            before, self._known = self._known, path
            self._worked(path, before)
        return f"{route.host}:{route.port}" + (f" by {path}" if path else "")

    def parted(self) -> None:
        """Take in that there is no connection."""
        self._joined_at = None
        if self._apart_since is None:
            self._apart_since = self._monotonic()

    def broke(self, *, is_dead: bool) -> bool:
        """Take in that a connection broke or did not come to stand; return whether to try the next way at once.

        is_dead: nobody ended it, it fell silent.
        """
        return self._routes.broke(self._monotonic(), is_dead=is_dead)

    def due(self) -> Optional[float]:
        """Return when to look at the preferred way, None when not."""
        return None if self._looker is not None and self._looker.is_out else self._routes.look_at()

    def stay(self, connection: Connection, now: float, wake: Callable[[], None]) -> None:
        """Raise Moved where this connection is not the one wanted any more; wake ends the link's sleep."""
        if self.role != connection.role:
            raise Moved(f"as {self.role}")
        look_at = self._routes.look_at()
        if look_at is None:
            return
        if self._looker is None:
            self._looker = Looker(wake)
        found = self._looker.take()
        if found is not None and self._routes.looked(now, is_open=found):
            raise Moved("back to " + self._routes.current.name)
        if found is None and now >= look_at:
            self._looker.look(self._routes.all[0])
