#!/usr/bin/env python3
"""Signs a request (docs/signing.md) and sends it. Standard library only: copy it into a client.

export SIGNING_SECRET                     # the secret never stands on a command line
./sign.py GET 'https://api.example/v1/srv?role=web&limit=10'
./sign.py POST https://api.example/v1/results results.json
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, unquote_to_bytes, urlsplit
from urllib.request import Request, urlopen


def canonical_query(query: str) -> str:
    """Pairs sorted by the encoded key, RFC 3986 encoding, always with ``=``."""

    def encode(text: str) -> str:
        return quote(unquote_to_bytes(text.replace("+", " ")), safe="")

    parts = (part.partition("=") for part in query.split("&") if part)
    pairs = sorted(((encode(key), encode(value)) for key, _, value in parts), key=lambda pair: pair[0])
    return "&".join(f"{key}={value}" for key, value in pairs)


def sign(
    method: str, url: str, secret: str, body: bytes = b"", more: dict[str, str] | None = None
) -> Request:
    """The request with its query in canonical form, ``more`` headers and all signed; ``urlopen`` sends it."""
    parts = urlsplit(url)
    path, query = parts.path or "/", canonical_query(parts.query)
    date = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017 - older Pythons run it too
    headers = {"host": parts.netloc, **{name.lower(): value for name, value in (more or {}).items()}}
    if body or method in {"POST", "PUT", "PATCH"}:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers["content-digest"] = f"sha-256=:{digest}:"

    target = f"{path}?{query}" if query else path
    lines = [method, target, date, *(f"{name}:{value}" for name, value in headers.items())]
    mac = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256)  # no newline at the end
    signature = base64.b64encode(mac.digest()).decode()

    headers["x-nhn-date"] = date
    listed = ",".join(name for name in headers if name != "x-nhn-date")
    headers["authorization"] = f'hmac algorithm="HmacSHA256", headers="{listed}", signature="{signature}"'
    signed_url = parts._replace(path=path, query=query, fragment="").geturl()
    return Request(signed_url, body or None, headers, method=method)  # noqa: S310 - the caller's URL


def main() -> int:
    """Send one request and print the answer."""
    method, url, *files = sys.argv[1:]
    body = Path(files[0]).read_bytes() if files else b""
    try:
        with urlopen(sign(method, url, os.environ["SIGNING_SECRET"], body), timeout=30) as answer:  # noqa: S310 - the caller's URL
            sys.stdout.buffer.write(answer.read())
    except HTTPError as error:
        sys.stderr.write(f"{error.code}: {error.read().decode('utf-8', 'replace')}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
