"""Recorded AWS answers of a healthy account, and of accounts that differ from it by one fault."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cce.doctor.collect import Question, collect
from cce.doctor.recorded import RecordedAws, RecordedNet
from cce.doctor.run import Diagnosis, diagnose

_DATA = Path(__file__).parents[1] / "data" / "doctor"
FAULTS = sorted((_DATA / "faults").glob("*.json"))


@dataclass(frozen=True)
class Recording:
    """What AWS, resolvers and TLS servers answered, and with what the doctor is started."""

    document: dict[str, Any]
    question: Question

    @property
    def aws(self) -> RecordedAws:
        return RecordedAws(self.document["region"], self.document["aws"])

    @property
    def net(self) -> RecordedNet:
        told = self.document
        return RecordedNet(told["dns"], told["tls"], tuple(told["addresses"]))

    def diagnosis(self) -> Diagnosis:
        return diagnose(collect(self.aws, self.net, self.question))


def healthy(*changes: dict[str, Any], **question: Any) -> Recording:
    """The healthy account after changes of the form of the fault files."""
    document = json.loads((_DATA / "healthy.json").read_text("utf-8"))
    for change in changes:
        _put(document, change["at"], change["value"])
    return Recording(document, Question(clients=tuple(document["clients"]), **question))


def fault(path: Path) -> tuple[Recording, dict[str, Any]]:
    """The account with the fault of a file, and what the file expects."""
    expected = json.loads(path.read_text("utf-8"))
    return healthy(*expected["changes"], resolver=expected.get("resolver", "")), expected


def refusing(call: str) -> Recording:
    """The healthy account to whose reader one call is forbidden."""
    error = {"Code": "AccessDeniedException", "Message": "not authorized to perform this action"}
    return healthy({"at": ["aws", call], "value": {"Error": error}})


def _put(document: Any, at: list[Any], value: Any) -> None:
    *way, last = at
    for step in way:
        document = document[step]
    if value == "@first":
        value = document[last][:1]
    elif value == "@rest":
        value = document[last][1:]
    document[last] = deepcopy(value)
