"""Tell in which language a file is written for who asks for it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from machxa_collector.registry.speech import Language

COOKIE = "machxa_lang"  # in which the pages keep the language that a person chose
_CODES = {one.value: one for one in Language}


def language_of(
    request: Request,
    lang: Annotated[
        Literal["vi", "en"] | None,
        Query(description="The file's language; else that of the pages, of Accept-Language, or Vietnamese."),
    ] = None,
) -> Language:
    """Return the language of a file: the address's, the pages' of who asks, Accept-Language's, or Vietnamese.

    A browser that follows a link asks for text/html, too, and its Accept-Language is the computer's, not the page's.
    """
    for code in (lang, request.cookies.get(COOKIE)):
        if code in _CODES:
            return _CODES[code]
    if "text/html" in request.headers.get("accept", ""):
        return Language.VIETNAMESE
    return _accepted(request.headers.get("accept-language", ""))


AskedLanguage = Annotated[Language, Depends(language_of)]


def _accepted(header: str) -> Language:
    """Return the language that is wanted most (RFC 9110, 12.5.4), Vietnamese where neither is."""
    best, most = Language.VIETNAMESE, 0.0
    for part in header[:200].split(","):
        tag, _, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            wanted = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in _CODES and most < wanted <= 1:
            best, most = _CODES[code], wanted
    return best
