"""Render the registry's pages in the person's language, and show in words what was refused."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends

from machxa_web.admin import view
from machxa_web.admin.desk import Trouble
from machxa_web.languages import Language, msg
from machxa_web.places import where_of
from machxa_web.render import Renderer
from machxa_web.respond import PAGE_HEADERS, REVALIDATE, answer, here_of, language_of, remember_language


@dataclass(frozen=True, slots=True)
class Back:
    """Say where a page of trouble leads back to, in the words of the catalogues."""

    href: str
    words: str


_REGISTRY = Back("/admin", msg("Back to the registry"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Turn a template and its values into an answer; a refusal leads back to where these pages begin."""

    render: Renderer
    languages: Mapping[str, Language]
    now: Callable[[], datetime]
    back: Back = _REGISTRY
    trouble: str = "trouble.html"

    def __call__(
        self, request: Request, template: str, *, status: int = 200, etag: str | None = None, **values: object
    ) -> Response:
        """Return a page that nobody but the person keeps; one with an etag may be asked for again by it."""
        language = self.language(request)
        done = request.query_params.get("done", "")[:64]
        shared = {
            "here": here_of(request),
            "where": where_of(request),
            "now": self.now(),
            "done": done,
            "label": functools.partial(view.label, language),
        }
        body = self.render(language, template, **shared, shown=functools.partial(view.shown, language), **values)
        headers = {**PAGE_HEADERS, "Content-Language": language.code, "Vary": "Accept-Encoding, Cookie"}
        cache = "no-store" if etag is None else f"private, {REVALIDATE}"
        response = answer(request, body, status=status, headers=headers, cache=cache, etag=etag)
        remember_language(request, response, language)
        return response

    def add(
        self, router: APIRouter, method: str, pages: Mapping[str, Callable[..., Response]], guards: Sequence[Depends]
    ) -> None:
        """Give a router pages by their paths, each behind the same guards."""
        for path, page in pages.items():
            router.add_api_route(
                path, self.guarded(page), methods=[method], response_class=Response, dependencies=guards
            )

    def guarded(self, page: Callable[..., Response]) -> Callable[..., Response]:
        """Return a page that shows Trouble in words instead of failing."""

        @functools.wraps(page)
        def guarded(request: Request, **values: object) -> Response:
            refused = next((value for value in values.values() if isinstance(value, Trouble)), None)
            if refused is not None:
                return self._trouble(request, refused)
            try:
                return page(request, **values)
            except Trouble as trouble:
                return self._trouble(request, trouble)

        return guarded

    def told(self, request: Request, trouble: Trouble) -> str:
        """Return in the person's language why something was not done."""
        return trouble.vi if self.language(request).code == "vi" else trouble.en

    def _trouble(self, request: Request, trouble: Trouble) -> Response:
        told = self.told(request, trouble)
        return self(request, self.trouble, status=trouble.status, told=told, back=self.back)

    def language(self, request: Request) -> Language:
        """Return the language asked for in the address, else the one chosen before, else Vietnamese."""
        return language_of(request, self.languages)
