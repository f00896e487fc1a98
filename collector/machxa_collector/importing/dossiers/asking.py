"""Ask a dossier system for its file: over HTTPS, of hosts that the operator named, bounded, never sent elsewhere."""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from machxa_collector.registry.records import Told

MOST_BYTES = 256 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0  # of each step
_WHOLE_SECONDS = 600.0
_PART_BYTES = 256 * 1024
_NOT_MODIFIED = 304
_LONGEST_TAG = 500


class NotGot(Exception):
    """Say in both languages why a system gave no file."""

    def __init__(self, vi: str, en: str) -> None:
        """Take the sentence in both languages."""
        super().__init__(en)
        self.told = Told(vi=vi, en=en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Hold what is asked: the address, headers that go along, and what the last answer said of itself."""

    url: str
    headers: Mapping[str, str]
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Say what came: nothing new, or a file, and what the system says of it."""

    is_new: bool
    etag: str | None = None
    modified: str | None = None


def ask(
    question: Question,
    hosts: Collection[str],
    into: Path,
    trust: ssl.SSLContext,
    monotonic: Callable[[], float] = time.monotonic,
) -> Answer:
    """Write a system's answer to a file; raises NotGot."""
    check_host(question.url, hosts)
    headers = {"User-Agent": "machxa", "Accept-Encoding": "identity", **question.headers}
    if question.etag:
        headers["If-None-Match"] = question.etag
    if question.modified:
        headers["If-Modified-Since"] = question.modified
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust), _SameHost()
    )
    ends = monotonic() + _WHOLE_SECONDS
    try:
        request = urllib.request.Request(question.url, headers=headers)  # noqa: S310 - check_host let https alone pass
        with opener.open(request, timeout=_TIMEOUT_SECONDS) as got, into.open("wb") as file:
            _copy(got, file, lambda: monotonic() > ends)
            return Answer(
                is_new=True, etag=_tag(got.headers.get("ETag")), modified=_tag(got.headers.get("Last-Modified"))
            )
    except urllib.error.HTTPError as exc:
        exc.close()
        if exc.code == _NOT_MODIFIED:
            return Answer(is_new=False, etag=question.etag, modified=question.modified)
        raise NotGot(f"hệ thống trả lời {exc.code}", f"the system answered {exc.code}") from exc
    except (OSError, http.client.HTTPException, ValueError) as exc:  # URLError is an OSError
        reason = getattr(exc, "reason", exc)
        raise NotGot(f"không hỏi được hệ thống: {reason}", f"the system cannot be asked: {reason}") from exc


def check_host(url: str, hosts: Collection[str]) -> None:
    """Raise NotGot unless an address is https and of a host that the operator named."""
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "").lower() + (f":{parts.port}" if parts.port not in (None, 443) else "")
    except ValueError:
        parts, place = urlsplit(""), ""
    if parts.scheme != "https" or parts.username is not None or place not in hosts:
        raise NotGot(
            f"máy chủ {place!r} không có trong cấu hình, hoặc không phải https",
            f"the host {place!r} is not in the configuration, or the address is not https",
        )


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follow a system to another of its own addresses, never to another host."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the next request; raises NotGot for another host."""
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise NotGot(
                "hệ thống chuyển sang máy chủ khác: không đi theo", "the system sent us to another host: not followed"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _copy(got: http.client.HTTPResponse, file: IO[bytes], is_late: Callable[[], bool]) -> None:
    count = 0
    while part := got.read1(_PART_BYTES):  # what is there: read() would wait for a whole part of a slow answer
        count += len(part)
        if count > MOST_BYTES:
            most = MOST_BYTES // (1024 * 1024)
            raise NotGot(f"tệp lớn hơn {most} MB", f"the file is over {most} MB")
        if is_late():
            raise NotGot("hệ thống trả lời quá chậm", "the system answers too slowly")
        file.write(part)
    if got.length:  # the connection ended before the length that was promised, which read() lets pass
        raise NotGot("câu trả lời bị đứt giữa chừng", "the answer was cut off")


def _tag(text: str | None) -> str | None:
    """Return what a header says, None where it is missing or no plain line."""
    return text if text and text.isprintable() and len(text) <= _LONGEST_TAG else None
