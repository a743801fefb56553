"""The MathJax of the system's packages, in the place of the one that pages fetch from the Web."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path("/usr/share/javascript/mathjax")
VERSION = "2.7.9"
HOST = "cdnjs.cloudflare.com"
NEWEST = "/latest.js"
"""As on the Web, a few lines that load the newest one, with the same settings in the address."""


def is_here() -> bool:
    return (HERE / "MathJax.js").is_file()


def answer(route) -> None:
    """Answer a page's request for a part of MathJax; all else of that host is refused."""
    url = urlsplit(route.request.url)
    if url.path.endswith(NEWEST):
        newest = f"https://{HOST}/ajax/libs/mathjax/{VERSION}/MathJax.js?{url.query}"
        lines = f"const it = document.createElement('script'); it.src = {newest!r};"
        lines += "document.head.appendChild(it);"
        route.fulfill(content_type="text/javascript", body=lines)
        return
    path = HERE / url.path.partition(f"/mathjax/{VERSION}/")[2]
    if path.is_file():
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        route.fulfill(path=path, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})
    else:
        route.abort()
