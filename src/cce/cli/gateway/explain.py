"""``cce gateway explain``: why the signature of a recorded request does not fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from cce.cli import files, output
from cce.cli.gateway import secret
from cce.cli.status import NOT_ASSESSED, NOTHING_VULNERABLE, VULNERABLE
from cce.errors import RecordingError
from cce.gateway.signing.settings import Hmac
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

    from cce.gateway.signing.explain.explanation import Explanation

NAME: Final = "explain"
HELP: Final = (
    "Show what a client signed and what the server signs, where they part and why. "
    "Exit status: 0 accepted, 1 refused, 2 it cannot be told."
)

_KINDS: Final = "give an event of API Gateway (JSON), a raw HTTP request, or what curl -v printed"

#: A request has 10 MB at most; curl -v prints a little more than the headers.
_LIMIT: Final = 12 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "recording",
        metavar="FILE",
        help="the request: an event of API Gateway (JSON), a raw HTTP request, or what curl -v printed; "
        "'-' is standard input",
    )
    secret.add_argument(parser, required=False)
    parser.add_argument(
        "--signed-string", metavar="FILE", help="the string that the client signed, as it printed it"
    )
    parser.add_argument(
        "--mandatory",
        default="host",
        metavar="NAMES",
        help="the stage's mandatory headers, separated by commas (default: %(default)s)",
    )
    parser.add_argument(
        "--window", type=int, default=300, metavar="SECONDS", help="(default: %(default)s; 0: not checked)"
    )
    parser.add_argument("--allow-sha1", action="store_true", help="as the stage has it")
    parser.add_argument("--no-content-digest", action="store_true", help="the stage does not want one")
    parser.add_argument("--json", action="store_true", help="for programs, in both languages")
    output.add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Explain and print.

    Raises
    ------
    CceError
        When a file cannot be read, or holds no request.
    """
    # Here, because the other verbs need neither.
    from cce.gateway.signing.explain.as_text import as_text  # noqa: PLC0415
    from cce.gateway.signing.explain.explanation import explain  # noqa: PLC0415
    from cce.gateway.signing.explain.recording import read  # noqa: PLC0415

    if args.recording == args.secret == "-":
        raise RecordingError("standard input cannot be both the recording and the secret; name a file")
    contents = _contents(args.recording)
    try:
        recording = read(contents)
    except RecordingError as error:
        raise RecordingError(f"{args.recording}: {error.message}; {_KINDS}") from error
    keys = secret.read(args.secret) if args.secret else ()
    client = _contents(args.signed_string).decode("utf-8", "replace") if args.signed_string else None
    explanation = explain(recording, _settings(args), keys, client)
    text = to_json(_json(explanation)) + "\n" if args.json else as_text(explanation, args.language)
    files.write_stdout(text)
    return {"accepted": NOTHING_VULNERABLE, "refused": VULNERABLE}.get(explanation.verdict, NOT_ASSESSED)


def _settings(args: argparse.Namespace) -> Hmac:
    try:
        return Hmac(
            secret="env:NONE",  # noqa: S106 - a place, and not looked at here
            window_seconds=args.window,
            mandatory_headers=args.mandatory,
            allow_sha1=args.allow_sha1,
            content_digest=not args.no_content_digest,
        )
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise RecordingError(f"--mandatory or --window does not fit: {said}") from error


def _json(explanation: Explanation) -> dict[str, Any]:
    return {
        "verdict": explanation.verdict,
        "reason": explanation.reason or None,
        "server": explanation.server,
        "client": explanation.client,
        "clock_known": explanation.clock_known,
        "body_known": explanation.body_known,
        "causes": [
            {"id": cause.id, "ko": cause.text.ko, "en": cause.text.en, "detail": cause.detail}
            for cause in explanation.causes
        ],
    }


def _contents(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_LIMIT + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_LIMIT + 1)
    except OSError as error:
        raise RecordingError(files.unreadable(name, error)) from error
    if len(data) > _LIMIT:
        raise RecordingError(
            f"{name} is larger than {_LIMIT} bytes, as no request is; name a recorded request"
        )
    return data
