"""``cce probe``: the script that runs on servers, to read, to run by hand, to compare with a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from cce.cli.files import write_stdout
from cce.cli.status import NOTHING_VULNERABLE
from cce.errors import EvidenceError, OutputError
from cce.probes import linux_probe, linux_source, unpacked

if TYPE_CHECKING:
    import argparse

NAME: Final = "probe"
HELP: Final = (
    "Print the script that runs on servers, or check what an SSM document would run. "
    "The exit status is 0 only if the document holds this version's script."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--comments", action="store_true", help="as it is written, with its comments")
    which.add_argument(
        "--document",
        type=Path,
        metavar="FILE",
        help="an SSM document (aws ssm get-document --query Content --output text): does it run this script?",
    )


def run(args: argparse.Namespace) -> int:
    """Print or compare.

    Raises
    ------
    EvidenceError
        When the document cannot be read, or does not hold this version's script.
    """
    if args.document is None:
        write_stdout(linux_source() if args.comments else linux_probe())
        return NOTHING_VULNERABLE
    if unpacked(_script(args.document)) != linux_probe():
        message = f"{args.document} runs another version of the probe; deploy member/template.yaml again"
        raise EvidenceError(message)
    write_stdout(f"{args.document} runs the probe of this version\n")
    return NOTHING_VULNERABLE


#: What a document of ours may hold: parameters or another step would run something beside the script.
_DOCUMENT: Final = frozenset({"schemaVersion", "description", "mainSteps"})
_STEP: Final = frozenset({"action", "name", "precondition", "inputs"})
_INPUTS: Final = frozenset({"timeoutSeconds", "runCommand"})


def _script(path: Path) -> str:
    """The one script of the document, if that is all it runs."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        message = f"{path} cannot be read: {getattr(error, 'strerror', '') or error}"
        raise OutputError(message) from error
    try:
        document: Any = _parsed(text)
        (step,) = document["mainSteps"]
        script = "\n".join(step["inputs"]["runCommand"])
        unknown = {*document} - _DOCUMENT | {*step} - _STEP | {*step["inputs"]} - _INPUTS
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path} is no SSM document of one shell script; fetch it with 'aws ssm get-document'"
        raise EvidenceError(message) from error
    if unknown or step["action"] != "aws:runShellScript":
        what = ", ".join(sorted(unknown)) or step["action"]
        message = f"{path} does more than run the probe: it has {what}"
        raise EvidenceError(message)
    return script


def _parsed(text: str) -> object:
    """JSON is tried first: it is what ``get-document`` prints, and YAML's parser takes seconds for it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return yaml.safe_load(text)
