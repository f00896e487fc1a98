"""Put the watching of devices together: which ones, what opens them, and one thread that polls them in turn.

Loaded by every agent that may become a gateway; what speaks SNMP is loaded once there is a device to ask.
"""

# ruff: noqa: PLC0415 - lists, credentials and SNMP's libraries are loaded where devices are watched

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Tuple

from machxa_agent import threads
from machxa_agent.config import BadConfigError
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Scalar
from machxa_wire.roles import Neighbour, RoleOrder

if TYPE_CHECKING:
    from machxa_agent.devices.entry import Entry, Secret
    from machxa_agent.devices.watch import Answered, Watch
    from machxa_agent.snmp.profiles import DeviceKind, Profiles

logger = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
_FILE = "devices.json"  # as in safe

Tell = Callable[[str, Mapping[str, Scalar]], None]
TellFacts = Callable[[str, Mapping[str, object]], None]


class DeviceWork:
    """Watch devices while it is started. ``tell_facts`` is set before the first start."""

    name = "devices"
    while_standing_by = False

    def __init__(self, folder: Path, gateway_file: Optional[Path], every_seconds: float = EVERY_SECONDS) -> None:
        """Prepare; folder keeps devices that were added by hand, gateway_file names others."""
        self._folder, self._named, self._every = folder, gateway_file, every_seconds
        self._tell: Optional[Tell] = None
        self._watch: Optional[Watch] = None
        self._lock = threading.Lock()
        self._seen: object = None
        self._ordered: Tuple[Neighbour, ...] = ()
        self._secrets: Dict[str, Secret] = {}
        self._locked: Tuple[str, ...] = ()
        self._fault: Optional[str] = None
        self.tell_facts: TellFacts = _nowhere
        self.probe = Probe("devices", self.samples)

    def start(self, order: RoleOrder, tell: Tell) -> None:
        """Begin, unless it works already; devices that the order names are polled, too, within the file's ranges."""
        self._tell = tell
        changed, self._ordered = order.neighbours != self._ordered, order.neighbours
        watch = self._watch
        if watch is None:
            self._begin()
        elif changed:
            threads.start(lambda: self._reload(watch), "devices changed")

    def neighbours(self) -> Tuple[Neighbour, ...]:
        """Return the devices that are watched, as neighbours on the LAN."""
        watch = self._watch
        return () if watch is None else tuple(Neighbour(key, kind, host) for key, kind, host in watch.known())

    def stop(self) -> None:
        """End soon."""
        with self._lock:
            watch, self._watch, self._tell, self._fault = self._watch, None, None, None
        if watch is not None:
            watch.stop()

    def samples(self) -> Tuple[Sample, ...]:
        """Return what was measured since the last time, and see whether devices were added; raises RuntimeError."""
        watch, tell = self._watch, self._tell
        if tell is None:
            return ()
        if self._changed() != self._seen:
            threads.start(self._begin if watch is None else lambda: self._reload(watch), "devices changed")
        if self._fault is not None:
            raise RuntimeError(self._fault)
        return () if watch is None else watch.samples()

    def _begin(self) -> None:
        """Start to poll where there is a device; without any nothing is loaded."""
        with self._lock:
            self._seen = self._changed()
            tell = self._tell
            if self._watch is not None or tell is None or not self._has_devices():
                return
            try:
                self._watch = watch = self._made(tell)
            except ModuleNotFoundError as exc:
                self._fault = f"{exc.name} is missing: pip install 'machxa[gateway]'"
                logger.error("devices are not watched: %s", self._fault)  # noqa: TRY400 - says it all
                return
        threads.start(lambda: self._run(watch), "devices")

    def _made(self, tell: Tell) -> Watch:
        from machxa_agent.devices.watch import Watch
        from machxa_agent.snmp.load import load_profiles
        from machxa_agent.snmp.session import Community as _Community  # noqa: F401 - missing is told here

        profiles = load_profiles()

        def ask(entry: Entry, known: Optional[DeviceKind], *, snmp_first: bool) -> Optional[Answered]:
            return self._asked(entry, profiles, known, snmp_first=snmp_first)

        return Watch(ask, tell, self.tell_facts, every_seconds=self._every)

    def _run(self, watch: Watch) -> None:
        self._reload(watch)
        watch.run()

    def _reload(self, watch: Watch) -> None:
        """Read the lists again and open the secrets; a list that cannot be read leaves the last one in force."""
        from machxa_agent.devices.entry import merged, read_devices
        from machxa_agent.devices.safe import Safe
        from machxa_agent.devices.sealing import CannotOpenError

        self._seen = self._changed()
        safe = Safe(self._folder)
        try:
            kept = safe.read()
            named = read_devices(self._named) if self._named is not None else ()
            sent = self._within()
        except BadConfigError as exc:
            logger.error("the list of devices is not read anew: %s", exc)  # noqa: TRY400 - says it all
            return
        try:
            secrets = safe.secrets(kept)
        except CannotOpenError as exc:
            secrets = {}
            logger.error("credentials of devices cannot be opened: %s", exc)  # noqa: TRY400 - says it all
        self._locked = tuple(set(kept.sealed) - set(secrets))
        self._secrets = secrets
        watch.watch(merged(named, kept.entries, sent))

    def _within(self) -> Tuple[Entry, ...]:
        """Return the devices of the centre's order whose addresses lie in the ranges that the gateway's file names."""
        from machxa_agent.devices.entry import ordered
        from machxa_agent.gateway_config import read_discovery

        return () if self._named is None else ordered(self._ordered, read_discovery(self._named).networks)

    def _changed(self) -> object:
        """Return what changes when a list does."""
        paths = (self._folder / _FILE, self._named)
        return tuple(_written_at(path) for path in paths if path is not None)

    def _has_devices(self) -> bool:
        """Return whether any device is named; a bad file counts, it is told when it is read."""
        from machxa_agent.devices.entry import read_devices

        try:
            if (self._folder / _FILE).exists() or self._within():
                return True
            return bool(self._named is not None and read_devices(self._named))
        except BadConfigError:
            return True

    def _asked(
        self, entry: Entry, profiles: Profiles, known: Optional[DeviceKind], *, snmp_first: bool
    ) -> Optional[Answered]:
        """Ask one device with what opens it; raises Locked where that cannot be had."""
        from machxa_agent.devices.asking import asked
        from machxa_agent.devices.watch import Locked

        secret = self._secrets.get(entry.key)
        if secret is None and (entry.version == "3" or entry.key in self._locked):
            raise Locked
        return asked(entry, secret, profiles, known, snmp_first=snmp_first)


def _written_at(path: Path) -> Optional[int]:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _nowhere(_key: str, _facts: Mapping[str, object]) -> None:
    """Tell nobody."""
