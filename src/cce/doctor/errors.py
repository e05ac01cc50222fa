"""What stops the doctor from looking."""

from __future__ import annotations

from cce.errors import CceError


class RefusedError(CceError):
    """AWS refused a question or did not answer it. ``action`` names the question as IAM and the API do."""

    code = "CCE-600"

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action = action
        self.reason = reason


class NothingToLookAtError(CceError):
    """The arguments name a VPC or an API that does not exist, or are no addresses."""

    code = "CCE-601"
