"""Seal a column: what the database file holds opens only with a key that is not in it.

The keys hang on the engine's dialect, where a column type finds them: no query has to know. Without keys (tests,
benches, a command whose keys only the service has) a value is kept as it is, and sealed at the next turn of upkeep.
"""

from __future__ import annotations

import logging

from sqlalchemy import Dialect, Engine, LargeBinary, func, select, type_coerce, update
from sqlalchemy.types import TypeDecorator

from machxa_collector.registry.sealing import SEALED_MORE_BYTES, BadSeal, Keyring, new_key

logger = logging.getLogger(__name__)

PLAIN_BYTES = 32  # of an agent's MAC key; another length is a sealed one
_CONTEXT = "agents.key"


class SealedKey(TypeDecorator[bytes]):
    """Hold an agent's MAC key."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal what is written."""
        seals = _seals(dialect)
        return value if value is None or seals is None else seals.seal(value, _CONTEXT)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open what is read; a key that does not open becomes one that nobody knows, and its agent is not heard."""
        if value is None or len(value) != PLAIN_BYTES + SEALED_MORE_BYTES:
            return value
        seals = _seals(dialect)
        try:
            if seals is None:
                raise BadSeal("no sealing key is given")  # noqa: TRY301 - told like any other
            return seals.unseal(value, _CONTEXT)
        except BadSeal as exc:
            logger.error("an agent's key cannot be opened, it must enrol again: %s", exc)  # noqa: TRY400 - no defect
            return new_key()


def give_keys(engine: Engine, seals: Keyring | None) -> None:
    """Let an engine seal and open with these keys."""
    engine.dialect.machxa_seals = seals  # type: ignore[attr-defined] # a dialect takes attributes


def seal_all(engine: Engine) -> int:
    """Seal the keys that are kept as they are, from an older release or a command; return how many."""
    from machxa_collector.store.tables import agents  # noqa: PLC0415 - the tables use the type above

    plain = type_coerce(agents.c.key, LargeBinary)
    with engine.begin() as connection:
        if _seals(engine.dialect) is None:
            return 0
        rows = connection.execute(select(agents.c.pk, plain).where(func.length(plain) == PLAIN_BYTES)).all()
        if rows and engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")  # nothing of them stays in free space
        for pk, key in rows:
            connection.execute(update(agents).where(agents.c.pk == pk).values(key=key))
    return len(rows)


def _seals(dialect: Dialect) -> Keyring | None:
    found: Keyring | None = getattr(dialect, "machxa_seals", None)
    return found
