"""Say how a dossier system's files are read: which heading fills which field, what its codes of units and fields mean.

A mapping belongs to a province and is kept in versions; two come with the product.
"""

from __future__ import annotations

from collections.abc import Mapping as Names
from typing import Annotated

import msgspec

from machxa_collector.impact.dossiers import Status
from machxa_collector.impact.words import Group
from machxa_collector.registry.learnt import learnt
from machxa_collector.store.dossiers.words import Kind

_Heading = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_UnitCode = Annotated[str, msgspec.Meta(pattern=r"^(\d{5}|\d{2}|\d{2}-HCC)$")]
_MOST = 5_000


class BadMapping(ValueError):
    """Say which part of a mapping cannot be used, and why."""


@learnt
class DossierMapping(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold a mapping; what it leaves out is guessed by headings, names of units and words of fields.

    columns: heading to field, null leaves it out. units: an export's code of an office to a unit's. groups: its name or
    code of a field, or of a procedure, to our group. statuses: its word to ours. unit: the whole file's, where no
    column tells it.
    """

    kind: Kind
    columns: Annotated[dict[_Heading, str | None], msgspec.Meta(max_length=200)] = {}
    units: Annotated[dict[_Code, _UnitCode], msgspec.Meta(max_length=_MOST)] = {}
    groups: Annotated[dict[_Code, Group], msgspec.Meta(max_length=_MOST)] = {}
    statuses: Annotated[dict[_Code, Status], msgspec.Meta(max_length=200)] = {}
    unit: _UnitCode | None = None
    sheet: Annotated[str, msgspec.Meta(max_length=100)] | None = None


def read_mapping(body: bytes | str | object) -> DossierMapping:
    """Return a mapping from JSON, as text or parsed; raises BadMapping with the place that is wrong."""
    try:
        if isinstance(body, (bytes, str)):
            return msgspec.json.decode(body, type=DossierMapping)
        return msgspec.convert(body, DossierMapping)
    except (msgspec.ValidationError, msgspec.DecodeError) as exc:
        raise BadMapping(f"the mapping is not as expected: {exc}") from exc


def show_mapping(mapping: DossierMapping) -> dict[str, object]:
    """Return a mapping as plain JSON that read_mapping takes back."""
    plain: dict[str, object] = msgspec.to_builtins(mapping)
    return plain


_OPENCPS_STATUSES: Names[str, Status] = {
    **dict.fromkeys(("new", "receiving", "received", "collecting", "processing", "procesing"), Status.PROCESSING),
    **dict.fromkeys(("interoperating", "paying", "correcting"), Status.PROCESSING),
    "waiting": Status.WAITING,
    **dict.fromkeys(("releasing", "handover", "posting"), Status.RELEASED),
    "done": Status.FINISHED,
    **dict.fromkeys(("cancelled", "denied", "unresolved"), Status.STOPPED),
}
BUILT_IN: Names[str, DossierMapping] = {
    "opencps-v2": DossierMapping(
        kind=Kind.ROWS,
        columns={
            "dossierNo": "number",
            "govAgencyCode": "unit",
            "domainCode": "field",
            "serviceCode": "service",
            "receiveDate": "received",
            "dueDate": "due",
            "extendDate": "extended",
            "releaseDate": "released",
            "finishDate": "finished",
            "online": "online",
            "dossierStatus": "status",
            "durationCount": None,
            "durationUnit": None,
        },
        statuses=dict(_OPENCPS_STATUSES),
    ),
    "opencps-v2-counts": DossierMapping(
        kind=Kind.COUNTS,
        columns={
            "govAgencyCode": "unit",
            "domainCode": "field",
            "receivedCount": "received",
            "onlineReceivedCount": "online",
            "releaseCount": "released",
            "betimesCount": "early",
            "ontimeCount": "on_time",
            "overtimeCount": "late",
            "undueCount": "open_in_time",
            "overdueCount": "open_late",
            "pausingCount": "paused",
            "waitingCount": "waiting",
            "saturdayCount": "saturday",
        },
    ),
    "rows": DossierMapping(kind=Kind.ROWS),
    "counts": DossierMapping(kind=Kind.COUNTS),
}
