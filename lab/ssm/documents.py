"""Command documents: their content, their versions, and the script in them."""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from lab.ssm.errors import SsmError, validation

_REFERENCE: Final = re.compile(r"\{\{\s*([A-Za-z][\w:.]*)\s*\}\}")
_BUILT_IN: Final = ("global:", "aws:", "platformType", "ssm:")
DEFAULT_TIMEOUT_SECONDS: Final = 3600


@dataclass(frozen=True)
class Step:
    """The one ``aws:runShellScript`` step of a document."""

    name: str
    script: str
    timeout: int


@dataclass
class Document:
    """A Command document of one account and region; ``contents`` holds every version, oldest first."""

    name: str
    contents: list[str]
    document_format: str
    created: float = field(default_factory=time.time)
    target_type: str = ""

    def version(self, wanted: str = "$DEFAULT") -> int:
        """The number of a version; the lab's default version is the latest.

        Raises
        ------
        SsmError
            ``InvalidDocumentVersion``.
        """
        if wanted in {"", "$DEFAULT", "$LATEST"}:
            return len(self.contents)
        if wanted.isdigit() and 1 <= int(wanted) <= len(self.contents):
            return int(wanted)
        raise SsmError("InvalidDocumentVersion", f"The document version {wanted} does not exist.")

    def content(self, version: int) -> str:
        """The text of a version as it was given."""
        return self.contents[version - 1]

    def sha256(self, version: int) -> str:
        """The ``Hash`` of a version, what ``DocumentHash`` is compared with."""
        return hashlib.sha256(self.content(version).encode()).hexdigest()

    def description(self, version: int) -> dict[str, Any]:
        """As DescribeDocument shows it."""
        body = parse(self.content(version), self.document_format)
        return {
            "Name": self.name,
            "DocumentVersion": str(version),
            "LatestVersion": str(len(self.contents)),
            "DefaultVersion": str(len(self.contents)),
            "Status": "Active",
            "Hash": self.sha256(version),
            "HashType": "Sha256",
            "DocumentType": "Command",
            "DocumentFormat": self.document_format,
            "SchemaVersion": body["schemaVersion"],
            "Description": body.get("description", ""),
            "PlatformTypes": ["Linux"],
            "CreatedDate": self.created,
            "TargetType": self.target_type,
            "Parameters": [
                {"Name": name, "Type": about["type"], "Description": about.get("description", "")}
                for name, about in body.get("parameters", {}).items()
            ],
        }

    def step(self, version: int, values: dict[str, list[str]]) -> Step:
        """The script with its parameters put in, as the agent does.

        Raises
        ------
        SsmError
            ``InvalidParameters``.
        """
        body = parse(self.content(version), self.document_format)
        settings = _settings(body.get("parameters", {}), values)
        step = body["mainSteps"][0]
        inputs = step["inputs"]
        return Step(
            name=step["name"],
            script=_filled("\n".join(inputs["runCommand"]), settings),
            timeout=int(_filled(str(inputs.get("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS)), settings)),
        )


def parse(content: str, document_format: str) -> dict[str, Any]:
    """Read and check a document.

    Raises
    ------
    SsmError
        ``InvalidDocumentContent`` or ``InvalidDocumentSchemaVersion``.
    """
    try:
        body = json.loads(content) if document_format == "JSON" else yaml.safe_load(content)
    except (ValueError, yaml.YAMLError) as problem:
        raise SsmError(
            "InvalidDocumentContent", f"The content is no {document_format}: {problem}"
        ) from problem
    if not isinstance(body, dict):
        raise SsmError("InvalidDocumentContent", "The content is no object.")
    if body.get("schemaVersion") != "2.2":
        raise SsmError(
            "InvalidDocumentSchemaVersion",
            f"The lab knows schemaVersion 2.2, not {body.get('schemaVersion')!r}.",
        )
    _check_steps(body)
    return body


def _check_steps(body: dict[str, Any]) -> None:
    steps = body.get("mainSteps")
    if not isinstance(steps, list) or len(steps) != 1 or steps[0].get("action") != "aws:runShellScript":
        raise SsmError(
            "InvalidDocumentContent", "The lab knows documents of exactly one aws:runShellScript step."
        )
    lines = steps[0].get("inputs", {}).get("runCommand")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise SsmError("InvalidDocumentContent", "inputs.runCommand is a list of lines.")
    known = body.get("parameters", {})
    for name in _REFERENCE.findall(json.dumps(steps)):
        if name not in known and not name.startswith(_BUILT_IN):
            raise SsmError("InvalidDocumentContent", f"{{{{ {name} }}}} is no parameter of the document.")


def _settings(declared: dict[str, dict[str, Any]], values: dict[str, list[str]]) -> dict[str, str]:
    if unknown := sorted(set(values) - set(declared)):
        raise SsmError("InvalidParameters", f"Parameters {unknown} are not in the document.")
    settings = {}
    for name, about in declared.items():
        if name not in values and "default" not in about:
            raise SsmError("InvalidParameters", f"The parameter {name} is required.")
        value = " ".join(values[name]) if name in values else str(about["default"])
        if "allowedValues" in about and value not in map(str, about["allowedValues"]):
            raise SsmError("InvalidParameters", f"{value!r} is none of the allowed values of {name}.")
        if "allowedPattern" in about and not re.search(about["allowedPattern"], value):
            raise SsmError("InvalidParameters", f"{value!r} does not match the pattern of {name}.")
        settings[name] = value
    return settings


def _filled(text: str, settings: dict[str, str]) -> str:
    return _REFERENCE.sub(lambda found: settings.get(found[1], found[0]), text)


def create(documents: dict[str, Document], request: dict[str, Any]) -> Document:
    """CreateDocument.

    Raises
    ------
    SsmError
        ``DocumentAlreadyExists``, or what is wrong with the content.
    """
    name, document_format = request["Name"], request.get("DocumentFormat", "JSON")
    if name in documents:
        raise SsmError("DocumentAlreadyExists", f"Document with name {name} already exists.")
    if request.get("DocumentType", "Command") != "Command":
        raise validation("The lab knows documents of type Command only.")
    parse(request["Content"], document_format)
    document = Document(
        name, [request["Content"]], document_format, target_type=request.get("TargetType", "")
    )
    documents[name] = document
    return document


def update(documents: dict[str, Document], request: dict[str, Any]) -> Document:
    """UpdateDocument: a new version, which becomes the default one.

    Raises
    ------
    SsmError
        ``InvalidDocument``, ``DuplicateDocumentContent``, or what is wrong with the content.
    """
    document = find(documents, request["Name"])
    document_format = request.get("DocumentFormat", document.document_format)
    parse(request["Content"], document_format)
    if request["Content"] == document.contents[-1]:
        raise SsmError(
            "DuplicateDocumentContent", "The content of the association document matches another document."
        )
    document.contents.append(request["Content"])
    document.document_format = document_format
    return document


def find(documents: dict[str, Document], name: str) -> Document:
    """A document by its name or ARN.

    Raises
    ------
    SsmError
        ``InvalidDocument``.
    """
    try:
        return documents[name.rpartition("document/")[2]]
    except KeyError:
        raise SsmError("InvalidDocument", f"Document with name {name} does not exist.") from None
