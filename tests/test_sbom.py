"""The bill of materials names what is pinned, with hashes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tools import sbom


def test_the_bill_of_materials_is_valid_and_names_every_pinned_library_with_its_hashes(tmp_path: Path) -> None:
    sbom.write(tmp_path / "sbom.cdx.json")  # validated against the specification while written

    told = json.loads((tmp_path / "sbom.cdx.json").read_text(encoding="utf-8"))
    pinned = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", sbom.PINNED.read_text(encoding="utf-8"), re.MULTILINE)
    hashes = [
        {one["alg"] for reference in component["externalReferences"] for one in reference.get("hashes", ())}
        for component in told["components"]
    ]
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["component"]["name"] == "machxa"
    assert sorted((one["name"], one["version"]) for one in told["components"]) == sorted(set(pinned))
    assert all("SHA-256" in one for one in hashes)
