"""Twins of the ports that answer from a recording, for tests and for looking at somebody else's AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cce.doctor.errors import RefusedError
from cce.doctor.model import Answer, Certificate

if TYPE_CHECKING:
    from collections.abc import Mapping


def call_of(service: str, operation: str, question: Mapping[str, Any]) -> str:
    """What a recorded answer is filed under: the call and the names in its question.

    Examples
    --------
    >>> call_of("apigateway", "get_stages", {"restApiId": "a1b2c3d4e5", "embed": ["methods"]})
    'apigateway.get_stages restApiId=a1b2c3d4e5'
    """
    named = sorted(f"{key}={value}" for key, value in question.items() if isinstance(value, str))
    return " ".join([f"{service}.{operation}", *named])


@dataclass
class RecordedAws:
    """Answers calls from a mapping by :func:`call_of`; an answer with ``Error`` is a refusal.

    A call that is not recorded is refused too: nothing is made up. ``asked`` keeps what was asked, in order.
    """

    region: str
    answers: Mapping[str, Mapping[str, Any]]
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def rows(self, service: str, operation: str, key: str, **question: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
        """See :class:`cce.doctor.ports.Aws`."""
        found: list[Mapping[str, Any]] = self.answer(service, operation, **question).get(key, [])
        return found

    def answer(self, service: str, operation: str, **question: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """See :class:`cce.doctor.ports.Aws`."""
        self.asked.append((service, operation, question))
        call = call_of(service, operation, question)
        answer = self.answers.get(call, {"Error": {"Code": "NotRecorded", "Message": call}})
        if "Error" in answer:
            error = answer["Error"]
            action = f"{service}:{operation.title().replace('_', '')}"
            raise RefusedError(action, f"{error['Code']}: {error['Message']}")
        return answer


@dataclass
class RecordedNet:
    """Answers from mappings: ``dns`` by name or ``name@resolver``, ``tls`` by name."""

    dns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()

    def resolve(self, name: str, resolver: str = "") -> Answer:
        """See :class:`cce.doctor.ports.Net`; a name that is not recorded does not exist."""
        found = self.dns.get(f"{name}@{resolver}" if resolver else name)
        if found is None:
            return Answer("nxdomain")
        return Answer(found["status"], tuple(found.get("addresses", [])))

    def certificate(self, name: str) -> Certificate:
        """See :class:`cce.doctor.ports.Net`; a server that is not recorded is not reached."""
        found = self.tls.get(name)
        if found is None:
            return Certificate(reached=False, reason="not recorded")
        return Certificate(reached=True, names=tuple(found["names"]))

    def own_addresses(self) -> tuple[str, ...]:
        """See :class:`cce.doctor.ports.Net`."""
        return self.addresses
