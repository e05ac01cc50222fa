"""What a person asks functions/doctor."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from cce.doctor.collect import Question


class Asked(BaseModel):
    """The event of functions/doctor: the arguments of ``cce doctor``; empty ones mean everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vpcs: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    resolver: str = ""

    def question(self, *, functions: str, stands_in: str) -> Question:
        """The question of a function that stands in a VPC; ``functions`` is how its system's names begin."""
        return Question(
            vpcs=self.vpcs,
            apis=self.apis,
            clients=self.clients,
            functions=functions,
            resolver=self.resolver,
            stands_in=stands_in,
        )
