"""What a stage is deployed from: a resource tree and the stage's settings, as one immutable document."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from cce.gateway.definition.model import Resource
from cce.gateway.definition.stage import Stage
from cce.gateway.serving import serving

if TYPE_CHECKING:
    from cce.gateway.serving import Serving


class Snapshot(BaseModel):
    """Everything that decides how a stage answers. Relay, authorizer and local server work from it.

    ``service`` is the service's id, unique and never used again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    resources: dict[str, Resource]
    stage: Stage

    def text(self) -> str:
        """The one JSON of this content: sorted keys, no blanks."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of :meth:`text` in hexadecimal; equal digests answer equally."""
        return sha256(self.text().encode()).hexdigest()

    def serving(self) -> Serving:
        """The routes that it means."""
        return serving(self.service, self.resources, self.stage)
