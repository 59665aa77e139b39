"""GET over HTTP. User and password of an address are sent as a header: urllib would take them for a part of the host."""

from __future__ import annotations

import base64
import urllib.request
from urllib.parse import unquote, urlsplit


def fetch(url: str, timeout_seconds: float) -> bytes:
    """The body of a 200. Raises urllib's HTTPError for another status and OSError for no answer."""
    parts = urlsplit(url)
    request = urllib.request.Request(without_credentials(url))
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode('ascii')}")
    with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:
        body: bytes = answer.read()
        return body


def without_credentials(url: str) -> str:
    """For messages."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
