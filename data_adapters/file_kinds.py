"""What a file is, by its content: photographs are decoded, the rest is known by its signature. What is not on the list is not taken."""

import io
import warnings

import puremagic
from PIL import Image

IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
OTHERS = frozenset({"application/pdf", "video/mp4", "audio/mp4", "audio/x-m4a", "audio/mpeg", "audio/wav", "audio/x-wav"})
MOST_PIXELS = 120_000_000
"""More than any phone takes; a small file that unfolds to more is an attack."""


def inspect(content: bytes) -> str | None:
    """The media type of an allowed file, or None."""
    image = _image(content)
    if image is not None:
        return image
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return None
    best = next((one.mime_type for one in found if one.mime_type in OTHERS), None)
    return best if best and _starts_as(best, content) else None


def _image(content: bytes) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(IMAGES)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                kind = IMAGES[image.format or ""]
                image.load()
                return kind
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def _starts_as(media_type: str, content: bytes) -> bool:
    """Signatures at the very beginning: a page of HTML with a PDF further down is no PDF."""
    if media_type == "application/pdf":
        return content.startswith(b"%PDF-")
    if media_type in ("video/mp4", "audio/mp4", "audio/x-m4a"):
        return content[4:8] == b"ftyp"
    return content.startswith((b"RIFF", b"ID3")) or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0)
