"""An SSM document, read: whether it runs the probe of this release and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import yaml

from cce.errors import EvidenceError
from cce.probes import linux_probe, unpacked

#: What a document of ours may hold: parameters or another step would run something beside the script.
_DOCUMENT: Final = frozenset({"schemaVersion", "description", "mainSteps"})
_STEP: Final = frozenset({"action", "name", "precondition", "inputs"})
_INPUTS: Final = frozenset({"timeoutSeconds", "runCommand"})


def check_document(content: str) -> None:
    """Accept a document whose one step runs this release's probe.

    The launcher is compared as text, the probe after it is unpacked: another zlib packs other bytes.

    Parameters
    ----------
    content
        As ``ssm:GetDocument`` gives it, JSON or YAML.

    Raises
    ------
    EvidenceError
        When it is another document; the message says what differs, and the document is its subject.
    """
    theirs = unpacked(_script(content))
    if theirs != linux_probe():
        message = (
            f"runs the probe of another release (SHA-256 {_sha256(theirs)}, "
            f"this release's is {_sha256(linux_probe())})"
        )
        raise EvidenceError(message)


def _script(content: str) -> str:
    """The one shell script of a document, if that is all it runs."""
    try:
        document: Any = _parsed(content)
        (step,) = document["mainSteps"]
        script = "\n".join(step["inputs"]["runCommand"])
        action = step["action"]
        unknown = {*document} - _DOCUMENT | {*step} - _STEP | {*step["inputs"]} - _INPUTS
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        message = "is no SSM document of one shell script; fetch it with 'aws ssm get-document'"
        raise EvidenceError(message) from error
    if unknown or action != "aws:runShellScript":
        message = f"does more than run the probe: it has {', '.join(sorted(map(str, unknown))) or action}"
        raise EvidenceError(message)
    return script


def _parsed(text: str) -> object:
    """JSON is tried first: it is what ``get-document`` prints, and YAML's parser takes seconds for it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return yaml.safe_load(text)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
