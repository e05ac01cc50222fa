"""``cce gateway sign``: the headers of a signed request."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from cce.cli.files import unreadable, write_stdout
from cce.cli.gateway import secret
from cce.cli.status import NOTHING_VULNERABLE
from cce.errors import OutputError
from cce.gateway.message import Headers, Request
from cce.gateway.signing import dates
from cce.gateway.signing.client import signed
from cce.gateway.signing.digest import HEADER
from cce.gateway.signing.grammar import is_token
from cce.gateway.signing.keys import Algorithm
from cce.gateway.signing.to_sign import DATE

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "sign"
HELP: Final = (
    "Sign a request (docs/signing.md) and print the headers to send, or the curl command that sends it."
)

_METHOD: Final = re.compile(r"[A-Z]+")
#: The recording of a request has a peer; a request that is not sent yet has none.
_NOBODY: Final = ip_address("0.0.0.0")  # noqa: S104 - nothing is bound to it
_MADE: Final = (DATE, HEADER, "authorization")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("method", metavar="METHOD", type=_method, help="GET, POST, …")
    parser.add_argument("url", metavar="URL", type=_url, help="the whole URL, with its stage and query")
    secret.add_argument(parser, required=True)
    parser.add_argument(
        "--header",
        action="append",
        default=[],
        type=_header,
        metavar="'NAME: VALUE'",
        help="another header to send and sign; may be repeated",
    )
    parser.add_argument("--body", type=Path, metavar="FILE", help="the file that is sent as the body")
    parser.add_argument("--sha1", action="store_true", help="HmacSHA1, for a stage that allows it")
    parser.add_argument("--date", default="", help="the text of x-nhn-date (default: now)")
    parser.add_argument("--curl", action="store_true", help="print a curl command")


def run(args: argparse.Namespace) -> int:
    """Sign and print.

    Raises
    ------
    CceError
        When the secret or the body cannot be read.
    """
    url: SplitResult = args.url
    headers = Headers((("Host", url.netloc), *args.header))
    path = url.path or "/"
    request = Request(args.method, path, path, url.query, headers, _NOBODY, "", _body(args.body))
    names = tuple(dict.fromkeys(name.lower() for name, _ in headers))
    made = signed(
        request,
        secret.read(args.secret)[0],
        args.date or dates.written(datetime.now(UTC)),
        names,
        Algorithm.SHA1 if args.sha1 else Algorithm.SHA256,
    )
    target = url._replace(path=path, query=made.query, fragment="").geturl()
    if args.date and dates.parse(args.date) is None:
        sys.stderr.write("cce: servers refuse this --date; write it as 2026-11-22T01:02:03Z\n")
    if made.query != url.query:
        sys.stderr.write(f"cce: send the query in the form that is signed: {target}\n")
    if args.curl:
        write_stdout(" ".join(_curl(args, made, target)) + "\n")
    else:
        write_stdout("".join(f"{name}: {value}\n" for name, value in made.headers if name in _MADE))
    return NOTHING_VULNERABLE


def _curl(args: argparse.Namespace, made: Request, target: str) -> Iterator[str]:
    yield "curl"
    yield from ("--head",) if made.method == "HEAD" else ("--request", made.method)
    for name, value in made.headers:
        if name != "Host":  # curl makes it of the URL, as it was made here
            yield f"--header {shlex.quote(f'{name}: {value}')}"
    if args.body:
        yield f"--data-binary {shlex.quote(f'@{args.body}')}"
    yield shlex.quote(target)


def _body(file: Path | None) -> bytes:
    if file is None:
        return b""
    try:
        return file.read_bytes()
    except OSError as error:
        raise OutputError(unreadable(f"body {file}", error)) from error


def _method(text: str) -> str:
    if not _METHOD.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no method; write it in capitals")
    return text


def _url(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        _ = url.port  # it is read when it is asked for
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no URL: {error}") from error
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise argparse.ArgumentTypeError(f"{text!r} is no URL of the form https://host/stage/path?query")
    if not text.isascii() or " " in text:
        raise argparse.ArgumentTypeError(f"{text!r} must be percent-encoded: it is signed as it is sent")
    return url


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not is_token(name) or "\n" in value or "\r" in value:
        raise argparse.ArgumentTypeError(f"{text!r} is no header; write 'NAME: VALUE'")
    if name.lower() in {"host", *_MADE}:
        raise argparse.ArgumentTypeError(f"{name} is made here; leave it out")
    return name, value.strip(" \t")
