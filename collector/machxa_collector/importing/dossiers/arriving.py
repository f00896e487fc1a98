"""Take in what comes by itself: files dropped into folders, and files of dossier systems asked by the timetable."""

from __future__ import annotations

import logging
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from machxa_collector.importing.dossiers.asked import Asked, BadSource, read_asked
from machxa_collector.importing.dossiers.asking import NotGot, Question, ask
from machxa_collector.importing.dossiers.config import Ways, read_ways
from machxa_collector.importing.dossiers.folder import DropFolder, Read
from machxa_collector.importing.dossiers.given import Centre, File, How, named_mapping
from machxa_collector.importing.dossiers.taking import take
from machxa_collector.importing.reading import Person
from machxa_collector.importing.running import Running
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.people.territory import province_of
from machxa_collector.registry.records import Told, Value
from machxa_collector.registry.sealing import Keyring
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store import secrets
from machxa_collector.store.dossiers import pulls, sources
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.pulls import Pulled
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import State, Way
from machxa_collector.store.registry import LiveRegistry

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0
_MINUTE_MS = 60_000
_MOST_ERRORS_BYTES = 8 * 1024 * 1024
_UNKNOWN = Told(vi="lỗi của chương trình khi đọc tệp, xem nhật ký", en="a defect while the file was read, see the log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Hold what arriving needs beside the centre: turns to write, the time, what certificates are trusted."""

    running: Running
    now_ms: Callable[[], int]
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    monotonic: Callable[[], float] = time.monotonic
    every_seconds: float = _LOOK_SECONDS


class Arriving:
    """Look after folders and timetables, one source after another; one that fails stops no other."""

    def __init__(self, centre: Centre, ways: Ways, beside: Neighbours) -> None:
        """Take the centre and from where files may come."""
        self._centre, self._ways, self._beside = centre, ways, beside
        self._folders: dict[str, DropFolder] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look again and again, until stopped; a store that cannot now is asked again, a defect is logged."""
        while not self._stopped.wait(self._beside.every_seconds):
            try:
                self.look()
            except SQLAlchemyError as exc:
                logger.warning("dossiers wait for the store: %s", str(exc)[:200])
            except Exception:
                logger.exception("looking for dossiers met a defect; it goes on")

    def stop(self) -> None:
        """End after the file that is being taken in."""
        self._stopped.set()

    def look(self) -> None:
        """Take in what is there now, and ask whom it is time to ask; raises SQLAlchemyError while the store cannot."""
        for source, asked in self._sources():
            try:
                if asked.folder and self._ways.folder is not None:
                    self._look_at(source, asked, self._ways.folder)
                if asked.pull is not None:
                    self._ask_when_due(source, asked)
            except OperationalError:  # of the store, and so of every source
                raise
            except Exception:
                logger.exception("looking for dossiers of %s ended by a defect", source.id)

    def _sources(self) -> Iterator[tuple[Source, Asked]]:
        for source in sources.all_of(self._centre.live.store):
            try:
                yield source, read_asked(source.body)
            except BadSource as exc:
                logger.warning("source %s is passed over: %s", source.id, exc)

    def _look_at(self, source: Source, asked: Asked, folder: Path) -> None:
        watched = self._folders.setdefault(source.id, DropFolder(folder / source.id, self._beside.monotonic))
        for file in watched.ready():
            if self._stopped.is_set():
                return
            try:
                read = self._read(source, asked, file, Way.FOLDER)
            except OperationalError:  # the store cannot now: the file stays for the next look
                raise
            except Exception:  # put away all the same: it would fail again, and before all files after it
                logger.exception("dropped file %s ended by a defect", file)
                read = Read(why=_UNKNOWN)
            stamp = datetime.fromtimestamp(self._beside.now_ms() / 1000, LOCAL).strftime("%Y%m%d-%H%M%S")
            try:
                watched.put_away(file, read, stamp)
            except OSError as exc:
                logger.warning("dropped file %s cannot be moved: %s", file, exc.strerror)

    def _ask_when_due(self, source: Source, asked: Asked) -> None:
        went = pulls.all_of(self._centre.live.store).get(source.pk, Pulled(source=source.pk))
        now_ms, pull = self._beside.now_ms(), asked.pull
        if pull is None:
            return
        # a moment yet to come was noted by a clock that has been set back since
        if went.tried_at is not None and 0 <= now_ms - went.tried_at < pull.every_minutes * _MINUTE_MS:
            return
        went = replace(went, tried_at=now_ms)
        try:
            after = self._asked(source, asked, went)
        except NotGot as exc:
            after = _failed(went, exc.told)
        except Exception:
            pulls.keep(self._centre.live.store, _failed(went, _UNKNOWN))
            raise
        if after.failures == 1 or (went.failures and not after.failures):
            logger.info("asking %s %s", source.id, "failed" if after.failures else "works again")
        pulls.keep(self._centre.live.store, after)

    def _asked(self, source: Source, asked: Asked, went: Pulled) -> Pulled:
        pull = asked.pull
        if pull is None:
            return went
        question = Question(url=pull.url, headers=self._headers(asked), etag=went.etag, modified=went.modified)
        with tempfile.TemporaryDirectory(prefix="machxa-") as folder:
            file = Path(folder) / "answer"
            got = ask(question, self._ways.hosts, file, self._beside.trust(), self._beside.monotonic)
            read = self._read(source, asked, file, Way.PULL) if got.is_new else Read(why=None)
        if read.why is not None:
            return _failed(went, read.why)
        return replace(went, good_at=went.tried_at, etag=got.etag, modified=got.modified, failures=0, reason=None)

    def _headers(self, asked: Asked) -> dict[str, str]:
        pull = asked.pull
        if pull is None or pull.secret is None:
            return {}
        secret = secrets.values(self._centre.live.store, self._centre.seals).get(pull.secret)
        if secret is None:
            raise NotGot(f"chưa có bí mật {pull.secret!r}", f"the secret {pull.secret!r} is not set")
        if not (secret.isascii() and secret.isprintable()):  # no header could carry it, and an error would show it
            raise NotGot(
                f"bí mật {pull.secret!r} có ký tự không gửi được",
                f"the secret {pull.secret!r} has signs that cannot be sent",
            )
        return {pull.header: f"{pull.scheme} {secret}".strip()}

    def _read(self, source: Source, asked: Asked, file: Path, way: Way) -> Read:
        errors = _Errors()
        units, now_ms = self._centre.live.current().units, self._beside.now_ms()

        def covers(place: Value) -> bool:
            return source.province is None or source.province in (place, province_of(units, str(place)))

        person = Person(name=f"{way.value}/{source.id}", now_ms=now_ms, covers=covers)
        try:
            named = named_mapping(self._centre, asked.mapping)
            how = How(good_only=asked.good_only, errors=errors.add)
            with self._beside.running.writing():
                told = take(self._centre, person, source, named, File(content=file, name=file.name, way=way), how).one
        except BadFile as exc:
            return Read(why=exc.told)
        except KeyError:
            return Read(
                why=Told(vi=f"không có bảng ghép {asked.mapping!r}", en=f"there is no mapping {asked.mapping!r}")
            )
        except OSError as exc:
            return Read(why=Told(vi=f"không đọc được: {exc.strerror}", en=f"it cannot be read: {exc.strerror}"))
        return Read(why=_why(told), errors=bytes(errors.held))


def made(
    config: Path | None, live: LiveRegistry, seals: Keyring, running: Running, now_ms: Callable[[], int]
) -> Arriving:
    """Return what looks after a centre's folders and timetables, as the operator's file allows (None: nothing).

    Raises CannotRunError for a file that is wrong.
    """
    ways = Ways() if config is None else read_ways(config)
    return Arriving(Centre(live=live, seals=seals), ways, Neighbours(running=running, now_ms=now_ms))


class _Errors:
    """Hold a file of errors, up to a bound."""

    def __init__(self) -> None:
        self.held = bytearray()

    def add(self, part: bytes) -> None:
        self.held += part[: _MOST_ERRORS_BYTES - len(self.held)]


def _why(told: DossierImport) -> Told | None:
    detail = told.report.get("detail")
    if told.state is not State.FAILED or not isinstance(detail, dict):
        return None
    return Told(vi=str(detail["vi"]), en=str(detail["en"]))


def _failed(went: Pulled, why: Told) -> Pulled:
    reason = {"vi": why.vi[:500], "en": why.en[:500]}
    return replace(went, failures=went.failures + 1, failures_total=went.failures_total + 1, reason=reason)
