"""Pictures made of pixels: only such as really are what they are said to be."""

import base64
import binascii
import io
import warnings

from PIL import Image

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MOST_PIXELS = 25_000_000
"""A figure of 40 by 25 inches has 22,500,000 at 150 dots an inch; a browser needs 4 bytes each."""


def sound_picture(mime_type: str, data: object) -> str | None:
    """A picture's bytes in base 64; None if they are no such picture, or a far too large one.

    Args:
        mime_type: one of `FORMATS`.
        data: what is said to be the picture, in base 64.
    """
    if not isinstance(data, str) or mime_type not in FORMATS:
        return None
    try:
        content = base64.b64decode(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, which are refused here anyway
            with Image.open(io.BytesIO(content), formats=[FORMATS[mime_type]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.verify()
    except (binascii.Error, ValueError, OSError, SyntaxError, MemoryError, EOFError):
        return None
    except Exception:  # readers of broken files fail in ways of their own
        return None
    return base64.b64encode(content).decode()
