"""Say whom people of a unit may call, and who is named to them: contacts as the registry publishes them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Contact = Mapping[str, object]  # position, and name and phone where they are given
_Contact = TypeVar("_Contact", bound=Contact)

ORDER: Mapping[str, int] = {"province": 0, "it": 1}  # roles whom to call first


def in_order(contacts: Iterable[tuple[str, _Contact]], province: str) -> list[_Contact]:
    """Return those of a unit and its province that are called, whom to call first: the province's support, its IT.

    Each comes with its id and has role and unit besides.
    """
    known = [
        (ORDER[str(one["role"])], one["unit"] != province, id_, one) for id_, one in contacts if one["role"] in ORDER
    ]
    return [one for *_, one in sorted(known, key=lambda item: item[:3])]


def hotline(known: Sequence[_Contact]) -> _Contact | None:
    """Return whom to call: the first contact that has a number."""
    return next((one for one in known if one["phone"]), None)


def handler(known: Sequence[_Contact], owner: str | None) -> _Contact | None:
    """Return who handles it, if that is a contact that is published; a login or a private name is nobody's to read."""
    if owner is None:
        return None
    said = owner.casefold().strip()
    return next(
        (one for one in known if said in {str(one[part] or "").casefold() for part in ("position", "name")}), None
    )
