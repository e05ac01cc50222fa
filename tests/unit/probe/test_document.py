"""A document is sent only if it runs the probe of this release and nothing beside it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import pytest
import yaml

from cce.errors import EvidenceError
from cce.probes import linux_probe, packed_probe
from cce.probes.document import check_document
from templates import member, resources


def content(script: str = "", **changes: Any) -> dict[str, Any]:
    inputs = {"timeoutSeconds": "900", "runCommand": [script or packed_probe()]}
    step = {"action": "aws:runShellScript", "name": "probe", "inputs": inputs}
    return {"schemaVersion": "2.2", "mainSteps": [step]} | changes


def packed_otherwise() -> str:
    """The same probe as another zlib packs it."""
    packed = base64.b64encode(gzip.compress(linux_probe().encode(), compresslevel=1, mtime=1)).decode()
    return re.sub(r"'\n[A-Za-z0-9+/=\n]+\n'", f"'\n{packed}\n'", packed_probe())


def test_the_documents_of_this_release_are_accepted() -> None:
    template = resources(member(), "AWS::SSM::Document")["LinuxProbe"]["Content"]

    check_document(json.dumps(template))
    check_document(yaml.safe_dump(content()))
    check_document(json.dumps(content(packed_otherwise())))


def test_the_lines_of_the_script_may_be_separate() -> None:
    document = content()
    document["mainSteps"][0]["inputs"]["runCommand"] = packed_probe().split("\n")

    check_document(json.dumps(document))


BEFORE, BESIDE, BEHIND = (
    "id\n" + packed_probe(),
    packed_probe().replace("exec", "id; exec"),
    packed_probe() + "id",
)
OTHER_RELEASE = packed_otherwise().replace("cce-probe: this", "cce-probe: a")


@pytest.mark.parametrize("script", [BEFORE, BESIDE, BEHIND, OTHER_RELEASE])
def test_a_script_that_does_more_is_refused(script: str) -> None:
    with pytest.raises(EvidenceError, match="not the launcher"):
        check_document(json.dumps(content(script)))


def test_the_probe_of_another_release_is_refused_by_its_checksum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cce.probes.document.linux_probe", lambda: "another\n")

    with pytest.raises(EvidenceError, match=r"another release \(SHA-256 [0-9a-f]{12}, this release's is"):
        check_document(json.dumps(content()))


STEP = content()["mainSteps"][0]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (content(parameters={"x": {"type": "String"}}), "it has parameters"),
        (content(mainSteps=[STEP, STEP]), "no SSM document of one"),
        (content(mainSteps=[STEP | {"action": "aws:runPowerShellScript"}]), "aws:runPowerShellScript"),
        (
            content(mainSteps=[STEP | {"inputs": STEP["inputs"] | {"workingDirectory": "/"}}]),
            "workingDirectory",
        ),
        (content(mainSteps=[STEP | {"inputs": {"runCommand": [1]}}]), "no SSM document"),
        (content(mainSteps=[STEP | {"inputs": []}]), "no SSM document"),
        (content(mainSteps=None), "no SSM document"),
        ([], "no SSM document"),
    ],
)
def test_another_document_is_refused(document: object, why: str) -> None:
    with pytest.raises(EvidenceError, match=why):
        check_document(json.dumps(document))


@pytest.mark.parametrize("text", ["", "{", "- [", "\0", "null", "5"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(EvidenceError, match="no SSM document"):
        check_document(text)
