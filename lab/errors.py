"""The lab's own errors; they reach the person at the terminal, so they name a remedy."""

from __future__ import annotations

from cce.errors import CceError


class LabError(CceError):
    """Something on this machine keeps the lab from working."""

    code = "CCE-900"
