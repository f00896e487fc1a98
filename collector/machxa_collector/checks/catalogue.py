"""Read, merge and write the catalogue of systems. Pure but for the file that it ships with."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from importlib import resources

from machxa_wire.catalogue import Check, read_catalogue, write_catalogue
from machxa_wire.policy import HOST
from machxa_wire.refusal import Refused

GROUPS = ("HT", "CT", "DD", "XD", "other")
MAX_CHARACTERS = 200_000
_MOST_SYSTEMS = 100
_MOST_WORDS = 300
_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_CLASSES = (
    "dossier", "documents", "signature", "population", "civil_status", "land", "payment", "storage", "sign_in",
)  # fmt: skip
_KEYS = frozenset(
    ("id", "vi", "en", "owner", "class", "groups", "source", "hosts_seen", "useful", "enabled", "check")
)  # fmt: skip
_CHECK_KEYS = frozenset(("id", "kind", "host", "port", "path", "keyword", "tls", "status", "every", "on"))
_SEEN = ("", "high", "medium", "low")


class BadCatalogue(ValueError):
    """Say what in a catalogue cannot be used; whoever wrote it mends it."""


class Owner(Enum):
    """Say who runs a system."""

    PROVINCE = "province"
    NATION = "national"


class Source(Enum):
    """Say what a system's state is known from."""

    CHECK = "check"
    REPORTS = "reports"
    STORAGE = "storage"
    IMPORT = "import"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Describe one system; system_class is its class in the need matrix, None where dossiers do not wait for it.

    hosts_seen says how sure its hosts are: high, medium, low, "" where it has none or the province gave them. One that
    is not enabled is known by name, and not checked.
    """

    id: str
    vi: str
    en: str
    owner: Owner
    system_class: str | None
    groups: tuple[str, ...]
    source: Source = Source.CHECK
    hosts_seen: str = ""
    useful: str = ""
    enabled: bool = True
    checks: tuple[Check, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Hold the systems in their order, and a province's networks that checks may reach besides their hosts."""

    version: int
    systems: tuple[System, ...]
    networks: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return what agents run."""
        return tuple(check for system in self.systems if system.enabled for check in system.checks)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return whom agents may reach: the hosts of checks with their ports, and the networks."""
        return tuple(dict.fromkeys([*(f"{one.host}:{one.port}" for one in self.checks), *self.networks]))


@cache
def builtin() -> Catalogue:
    """Return the catalogue that the product ships with."""
    return read(resources.files(__package__).joinpath("systems.toml").read_text(encoding="utf-8"))


def read(text: str) -> Catalogue:
    """Return the catalogue in a TOML text; raises BadCatalogue, for a word it does not know too."""
    if len(text) > MAX_CHARACTERS:
        raise BadCatalogue(f"it has {len(text)} characters, at most {MAX_CHARACTERS}")
    try:
        body = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise BadCatalogue(str(exc)) from exc
    _known(body, frozenset(("version", "system", "networks")), "the catalogue")
    version, told = body.get("version"), body.get("system", [])
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadCatalogue(f"version is {version!r}, expected a whole number from 1")
    if not isinstance(told, list) or len(told) > _MOST_SYSTEMS or not all(isinstance(one, dict) for one in told):
        raise BadCatalogue(f"system: expected at most {_MOST_SYSTEMS} tables")
    systems = tuple(_system(one) for one in told)
    found = Catalogue(version=version, systems=systems, networks=_networks(body.get("networks", [])))
    return _sound(found)


def merged(base: Catalogue, own: Catalogue) -> Catalogue:
    """Return a base with a province's own systems in place of those of one id, new ones behind; raises BadCatalogue.

    Its version is the province's.
    """
    theirs = {one.id: one for one in own.systems}
    kept = [theirs.pop(one.id, one) for one in base.systems]
    networks = tuple(dict.fromkeys((*base.networks, *own.networks)))
    return _sound(Catalogue(version=own.version, systems=(*kept, *theirs.values()), networks=networks))


def settled(base: Catalogue, own: Catalogue) -> tuple[Catalogue, tuple[str, ...]]:
    """Return what ``merged`` returns, without those systems that do not go together, and why each does not."""
    try:
        return merged(base, own), ()
    except BadCatalogue:
        kept, why = replace(own, systems=()), []
    for system in own.systems:
        more = replace(kept, systems=(*kept.systems, system))
        try:
            merged(base, more)
        except BadCatalogue as exc:
            why.append(f"{system.id}: {exc}")
        else:
            kept = more
    return merged(base, kept), tuple(why)


def differences(base: Catalogue, own: Catalogue) -> Catalogue:
    """Return of a whole catalogue what differs from the base: later versions of the product then mend the rest."""
    known = {one.id: one for one in base.systems}
    return replace(own, systems=tuple(one for one in own.systems if known.get(one.id) != one))


def write(catalogue: Catalogue) -> str:
    """Return a catalogue as TOML."""
    lines = [f"version = {catalogue.version}"]
    if catalogue.networks:
        lines.append(f"networks = {_toml(list(catalogue.networks))}")
    for system in catalogue.systems:
        lines += ["", "[[system]]", *(f"{name} = {_toml(value)}" for name, value in _body(system).items())]
        for body in write_catalogue(system.checks):
            lines += ["[[system.check]]", *(f"{name} = {_toml(one)}" for name, one in body.items() if name != "system")]
    return "\n".join(lines) + "\n"


def _system(body: Mapping[str, object]) -> System:
    name = body.get("id")
    if not isinstance(name, str) or _ID.fullmatch(name) is None:
        raise BadCatalogue(f"id is {name!r}, expected {_ID.pattern}")
    place = f"system {name}"
    _known(body, _KEYS, place)
    system_class, groups = body.get("class"), body.get("groups", [])
    if system_class is not None and system_class not in _CLASSES:
        raise BadCatalogue(f"{place}: class is {system_class!r}, expected one of {', '.join(_CLASSES)}")
    if not isinstance(groups, list) or not all(one in GROUPS for one in groups):
        raise BadCatalogue(f"{place}: groups is {groups!r}, expected some of {', '.join(GROUPS)}")
    enabled, checks = body.get("enabled", True), body.get("check", [])
    if not isinstance(enabled, bool):
        raise BadCatalogue(f"{place}: enabled is {enabled!r}, expected true or false")
    return System(
        id=name,
        vi=_words(body, "vi", place),
        en=_words(body, "en", place),
        owner=Owner(_one_of(body, "owner", "", [one.value for one in Owner], place)),
        system_class=None if system_class is None else str(system_class),
        groups=tuple(groups),
        source=Source(_one_of(body, "source", "check", [one.value for one in Source], place)),
        hosts_seen=_one_of(body, "hosts_seen", "", _SEEN, place),
        useful=_words(body, "useful", place) if "useful" in body else "",
        enabled=enabled,
        checks=_checks(name, checks, place),
    )


def _checks(system: str, told: object, place: str) -> tuple[Check, ...]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise BadCatalogue(f"{place}: check is {told!r}, expected tables")
    for one in told:
        _known(one, _CHECK_KEYS, f"{place}: check {one.get('id')!r}")
    try:
        return read_catalogue([{**one, "system": system} for one in told])
    except Refused as exc:
        raise BadCatalogue(f"{place}: {exc.detail}") from exc


def _sound(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue if its parts go together; raises BadCatalogue."""
    ids = [one.id for one in catalogue.systems]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise BadCatalogue(f"two systems have the id {twice}")
    try:
        read_catalogue(list(write_catalogue(catalogue.checks)))
    except Refused as exc:
        raise BadCatalogue(exc.detail) from exc
    return catalogue


def _networks(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) and HOST.fullmatch(one) for one in told):
        raise BadCatalogue(f"networks is {told!r}, expected texts such as 10.1.0.0/16 or 10.1.2.3:443")
    return tuple(told)


def _known(body: Mapping[str, object], keys: frozenset[str], place: str) -> None:
    unknown = sorted(set(body) - keys)
    if unknown:
        raise BadCatalogue(f"{place}: {unknown[0]!r} is unknown, expected one of {', '.join(sorted(keys))}")


def _words(body: Mapping[str, object], name: str, place: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_WORDS or not value.isprintable():
        raise BadCatalogue(f"{place}: {name} is {value!r}, expected 1 to {_MOST_WORDS} printable characters")
    return value


def _one_of(body: Mapping[str, object], name: str, default: str, words: Sequence[str], place: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or value not in words:
        raise BadCatalogue(f"{place}: {name} is {value!r}, expected one of {', '.join(filter(None, words))}")
    return value


def _body(system: System) -> Mapping[str, object]:
    told: dict[str, object] = {
        "id": system.id,
        "vi": system.vi,
        "en": system.en,
        "owner": system.owner.value,
        "class": system.system_class,
        "groups": list(system.groups),
        "source": None if system.source is Source.CHECK else system.source.value,
        "hosts_seen": system.hosts_seen or None,
        "useful": system.useful or None,
        "enabled": None if system.enabled else False,
    }
    return {name: value for name, value in told.items() if value is not None}


def _toml(value: object) -> str:
    """Return a value as TOML: what JSON writes of texts, numbers and lists of printable characters is TOML too."""
    return json.dumps(value, ensure_ascii=False)
