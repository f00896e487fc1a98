"""Hold facts to GLPI's inventory format."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft7Validator

_VALIDATOR = Draft7Validator(json.loads((Path(__file__).parent / "inventory.schema.json").read_bytes()))


def complaints(content: dict[str, object]) -> list[str]:
    """Return what the format does not allow in the content of a facts record."""
    whole = {"deviceid": "0f9b7f1e-5b0c-4a55-a7c4-6c3f3c6f9b7f", "itemtype": "Computer", "content": content}
    return whole_complaints(whole)


def whole_complaints(whole: object) -> list[str]:
    """Return what the format does not allow in a whole inventory."""
    return [f"{list(error.absolute_path)}: {error.message}" for error in _VALIDATOR.iter_errors(whole)]
