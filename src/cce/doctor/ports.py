"""What the doctor asks through: AWS, resolvers, TLS servers. :mod:`recorded` has their twins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.doctor.model import Answer, Certificate


class Aws(Protocol):
    """AWS in one account and region, asked only questions that change nothing."""

    @property
    def region(self) -> str:
        """The region that is asked."""

    def rows(
        self,
        service: str,
        operation: str,
        key: str,
        **question: Any,  # noqa: ANN401 - whatever the operation takes
    ) -> list[Mapping[str, Any]]:
        """The list under ``key`` of all pages of an operation's answer.

        Raises
        ------
        RefusedError
            When AWS refuses or does not answer.
        """

    def answer(
        self,
        service: str,
        operation: str,
        **question: Any,  # noqa: ANN401 - whatever the operation takes
    ) -> Mapping[str, Any]:
        """The answer of an operation that has no pages; raises as :meth:`rows` does."""


class Net(Protocol):
    """The network as this machine sees it."""

    def resolve(self, name: str, resolver: str = "") -> Answer:
        """Ask the system's resolver, or the one at the given address, for the name's addresses."""

    def certificate(self, name: str) -> Certificate:
        """Look at the certificate on port 443 of the name; nothing is sent after the handshake."""

    def own_addresses(self) -> tuple[str, ...]:
        """The addresses of this machine from which it would call others."""
