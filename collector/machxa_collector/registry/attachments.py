"""Say by its content whether a file may stand behind a price or an asset: a PDF, or a photograph cleaned. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from machxa_collector.registry.pictures import BadPicture, cleaned

MOST_BYTES = 6 * 1024 * 1024
MOST_NAME = 120
_PDF, _PDF_END = b"%PDF-", b"%%EOF"
_TAIL = 2048  # bytes in which a PDF ends: some writers leave a line or two behind it
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class BadAttachment(ValueError):
    """Say why a file is not kept; whoever sent it can send another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Hold a file as it is kept; name has the ending of what it is, sha256 is of the bytes kept."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def attachment(name: str, content: bytes) -> Attachment:
    """Return a file to be kept: PDF as it is, JPEG and PNG without place, time and owner; raises BadAttachment.

    The name says nothing of what it is. What a PDF does when it is opened is up to its reader: it is never opened here,
    and given as a download alone.
    """
    if len(content) > MOST_BYTES:
        raise BadAttachment(f"it has {len(content)} bytes, at most {MOST_BYTES}")
    if content.startswith(_PDF):
        if _PDF_END not in content[-_TAIL:]:
            raise BadAttachment("the PDF is cut off")
        kept, media_type = content, "application/pdf"
    else:
        try:
            picture = cleaned(content)
        except BadPicture as exc:
            raise BadAttachment(f"it is no PDF, and as a picture: {exc}") from exc
        kept, media_type = picture.content, picture.media_type
    stem = "".join(one if one.isalnum() or one in " -_" else "-" for one in name.rpartition(".")[0] or name)
    stem = stem.strip(" -")[:MOST_NAME] or "tep"
    return Attachment(
        name=stem + _ENDINGS[media_type],
        media_type=media_type,
        content=kept,
        sha256=hashlib.sha256(kept).hexdigest(),
    )
