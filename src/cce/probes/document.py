"""An SSM document, read: whether it runs the probe of this release and nothing else."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import Any, Final

import yaml

from cce.errors import EvidenceError
from cce.probes import PACKED, linux_probe, unpacked

#: What a step may say beside its script.
_INPUTS: Final = {"runCommand", "timeoutSeconds"}


def check_document(content: str) -> None:
    """Accept a document whose one step runs this release's probe.

    The whole script is compared, the launcher too: a line beside it would run on every server.
    Only the compressed text may differ, since another zlib packs differently; it is unpacked and compared.

    Parameters
    ----------
    content
        As ``ssm:GetDocument`` gives it, JSON or YAML.

    Raises
    ------
    EvidenceError
        When it is another document; the message says what differs.
    """
    document = _read(content)
    if document.get("parameters"):
        raise EvidenceError("the document takes parameters; the probe takes none")
    script = script_of(document)
    if (theirs := unpacked(script)) != linux_probe():
        message = (
            f"the document runs the probe of another release (SHA-256 {_sha256(theirs)}, "
            f"this release's is {_sha256(linux_probe())})"
        )
        raise EvidenceError(message)
    if _without_probe(script) != _without_probe(_launcher()):
        raise EvidenceError("the document's script does more than unpack the probe and run it")


def script_of(document: dict[str, Any]) -> str:
    """The one shell script of a document.

    Raises
    ------
    EvidenceError
        When it has another step, or a step that is told more than its script and how long it may take.
    """
    try:
        (step,) = document["mainSteps"]
        inputs = step["inputs"]
        script = "\n".join(inputs["runCommand"])
        more = {step["action"]} - {"aws:runShellScript"} | inputs.keys() - _INPUTS
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"it is no SSM document of one shell script: {type(error).__name__}: {error}"
        raise EvidenceError(message) from error
    if more:
        message = f"it is no SSM document of one shell script alone: it says {', '.join(sorted(more))}"
        raise EvidenceError(message)
    return script


def _read(content: str) -> dict[str, Any]:
    """JSON is tried first: it is what ``get-document`` prints, and YAML's parser takes seconds for it."""
    document: Any
    try:
        document = json.loads(content)
    except json.JSONDecodeError:
        try:
            document = yaml.safe_load(content)
        except yaml.YAMLError as error:
            message = f"it is no SSM document: {type(error).__name__}: {error}"
            raise EvidenceError(message) from error
    if not isinstance(document, dict):
        raise EvidenceError("it is no SSM document")
    return document


def _launcher() -> str:
    text = files("cce.probes").joinpath("launcher.sh").read_text("utf-8")
    return text.replace("@sha256@", "0" * 64).replace("@packed@", "A")


def _without_probe(script: str) -> str:
    """What runs beside the probe: the script without the packed text and its checksum."""
    return PACKED.sub(r"# sha256\2'", script, count=1).strip()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
