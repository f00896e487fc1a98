"""Bound what a request may bring, and say which changes come from a page of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

MAX_BODY_BYTES = 64 * 1024
MAX_IMPORT_BYTES = 20 * 1024 * 1024 + MAX_BODY_BYTES  # a file of 20 MB and the form around it
MAX_PHOTO_BYTES = 6 * 1024 * 1024
# of a report's form: read, but not kept, so that a browser hears what became of it
MAX_DRAINED_BYTES = 32 * 1024 * 1024
CUT = "machxa.cut"  # in a request's scope, why only the head of its body goes on: the report form's reader knows it
MAX_TARGET_BYTES = 8 * 1024
MAX_HEADER_BYTES = 16 * 1024

_LOOPBACK_NAME = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LARGE = re.compile(
    r"/api/v1/imports/[^/]+|/admin/import/[^/]+|/api/v1/dossiers/imports|/dossiers/imports"
)  # tables as files; everything else is a form

_PHOTO = re.compile(r"/api/v1/reports/[^/]+/photo")
_ATTACHED = re.compile(r"/api/v1/planning/files|/finance/attach")
_FORM = re.compile(r"/report/([A-Za-z0-9_-]{20,200})", re.ASCII)
_FORM_PHOTO = re.compile(r"/report/s/([A-Za-z0-9_-]{20,80})/photo", re.ASCII)


def may_be_large(method: str, path: str) -> bool:
    """Return whether a route takes files, up to MAX_IMPORT_BYTES, from whoever may import."""
    return method == "POST" and _LARGE.fullmatch(path) is not None


def is_photo(method: str, path: str) -> bool:
    """Return whether a route takes a photograph, up to MAX_PHOTO_BYTES, from whoever may report."""
    return method == "PUT" and _PHOTO.fullmatch(path) is not None


def is_attachment(method: str, path: str) -> bool:
    """Return whether a route takes a quotation or photograph for planning, from whoever may change assets."""
    return method == "POST" and _ATTACHED.fullmatch(path) is not None


def photographed(method: str, path: str) -> str | None:
    """Return the part of a report's address that nobody can guess, where a form brings its photograph; else None."""
    found = _FORM_PHOTO.fullmatch(path) if method == "POST" else None
    return None if found is None else found[1]


def reported(method: str, path: str) -> str | None:
    """Return the link under which a form brings a report, perhaps with a photograph; None for anything else."""
    found = _FORM.fullmatch(path) if method == "POST" else None
    return None if found is None else found[1]


def is_own_change(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request changes nothing, or comes from our own pages or from no browser.

    Browsers say Sec-Fetch-Site (all since 2023), or at least Origin with every POST; another site can suppress
    neither. Where both are missing no browser of the last years asks, and SameSite=Lax keeps the cookie at home.
    """
    if method in _SAFE:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or _host(origin) == headers.get("host", "").lower()


def is_loopback_name(host: str) -> bool:
    """Return whether a Host header names this very computer."""
    return _LOOPBACK_NAME.fullmatch(host) is not None


def _host(origin: str) -> str | None:
    """Return an origin's host with its port as a Host header writes it, None for "null" or nonsense."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
