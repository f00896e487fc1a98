"""Render templates: one environment for each language, escaping always on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from machxa_web import languages as tongues
from machxa_web.languages import CODES, Language, msg
from machxa_web.plain import plain, plain_version
from machxa_web.statics import StaticFile
from machxa_web.views import labels_text, script_json

TEMPLATES = Path(__file__).parent / "templates"
_WHO = {  # what records name who is no account; a login or a token's name stays as it is
    "link": msg("by a one-time link"),
    "this computer": msg("at the centre’s own computer"),
    "operator": msg("by the operator’s token"),
    "nobody": msg("nobody signed in"),
}
_TOKEN = msg("access token")

_IS_DEMONSTRATION: ContextVar[bool] = ContextVar("is_demonstration", default=False)


@contextmanager
def demonstration() -> Iterator[None]:
    """Let all pages whose routers are made meanwhile say that what they show is made up."""
    token = _IS_DEMONSTRATION.set(True)
    try:
        yield
    finally:
        _IS_DEMONSTRATION.reset(token)


class Renderer:
    """Turn a template's name and values into a page; version changes with templates, catalogues and static files."""

    def __init__(self, languages: Mapping[str, Language], statics: Mapping[str, StaticFile]) -> None:
        self._environments = {code: _shared(language, statics) for code, language in languages.items()}
        digests = sorted(file.digest for file in statics.values())
        self.version = hashlib.sha256("".join([_sources_digest(), *digests]).encode()).hexdigest()[:12]

    def prepare(self, *templates: str) -> None:
        """Compile templates now, so that who asks first does not wait for it."""
        for environment in self._environments.values():
            for template in templates:
                environment.get_template(template)

    def __call__(self, language: Language, template: str, **values: object) -> bytes:
        """Return the page in UTF-8."""
        # what came from outside may hold lone surrogates, which UTF-8 cannot
        return self._environments[language.code].get_template(template).render(values).encode("utf-8", "replace")


class _Compiled(BytecodeCache):
    """Keep what templates compile to, so that each is compiled once for all languages and pages of a process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if its template was compiled before."""
        if (code := self._kept.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template compiled to."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
_SHARED: dict[tuple[object, ...], Environment] = {}


def _shared(language: Language, statics: Mapping[str, StaticFile]) -> Environment:
    """Return the environment of a language, the same for all pages: each compiled template is held once."""
    digests = tuple(sorted(file.address for file in statics.values()))
    key = (language.code, id(language.catalogue), digests, _IS_DEMONSTRATION.get())
    if key not in _SHARED:
        _SHARED[key] = _environment(language, statics)
    return _SHARED[key]


def _environment(language: Language, statics: Mapping[str, StaticFile]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    catalogue = language.catalogue
    environment.globals["static"] = lambda name: statics[name].address
    environment.globals.update(language=language, codes=CODES, Unit=tongues.Unit)
    environment.globals["is_demonstration"] = _IS_DEMONSTRATION.get()
    environment.globals["moment_of"] = lambda ms: tongues.date_of(ms / 1000)
    environment.filters.update(
        plain=plain,
        labels=labels_text,
        phone=lambda text: "".join(sign for sign in text if sign in "+0123456789")[:20],
        who=lambda name: _who(language, name),
        version=plain_version,
        day=lambda value: value.strftime("%d/%m/%Y") if isinstance(value, date) else plain(str(value)),
        iso=lambda when: when.isoformat(timespec="seconds") if isinstance(when, datetime) else "",
        script_json=lambda value: Markup(script_json(value)),  # noqa: S704 # script_json leaves no way out of the element
    )
    # newstyle: values are passed by name and escaped before they enter the message
    environment.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined] # added by the extension
    return environment


def _who(language: Language, name: str) -> str:
    """Return who did something: what is no account by what it is, a login as it stands."""
    if name in _WHO:
        return language.catalogue.gettext(_WHO[name])
    kind, _, rest = name.partition(" ")
    return f"{language.catalogue.gettext(_TOKEN)} {rest}" if kind == "token" and rest else name


@lru_cache(maxsize=1)
def _sources_digest() -> str:
    """Return what changes with any template or catalogue; they are read once in a process, as they are used."""
    folder = Path(__file__).parent
    files = sorted([*TEMPLATES.glob("*.html"), *(folder / "locale").glob("*/LC_MESSAGES/*.po")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
