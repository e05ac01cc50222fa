"""What API Gateway would refuse, said before it is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cce.errors import CompileError
from cce.gateway.signing.settings import LOCAL_PLACES

if TYPE_CHECKING:
    from cce.gateway.compiler.model import Target
    from cce.gateway.serving import Serving

#: Bytes of a document to import (API Gateway quotas).
DOCUMENT_LIMIT: Final = 6 * 1024 * 1024


def check_stage(serving: Serving, target: Target) -> None:
    """Refuse a stage that no API of this target can serve.

    Raises
    ------
    CompileError
        With the limit and what to do.
    """
    stage, name = serving.stage, serving.stage.name or "(default)"
    if not serving.routes:
        raise CompileError(f"stage {name}: no path has a method, so there is nothing to serve; add one")
    if not target.endpoints:
        raise CompileError("a private API needs a VPC endpoint by which it is called; name one")
    if stage.timeout_seconds > target.integration_seconds:
        raise CompileError(
            f"stage {name}: timeout_seconds is {stage.timeout_seconds:g}, and API Gateway waits for "
            f"{target.integration_seconds} s, for its functions too; write less, or have the quota of the "
            "account raised and name it with --integration-seconds"
        )
    hmac = stage.hmac
    if hmac and hmac.enabled and hmac.secret.startswith(LOCAL_PLACES):
        raise CompileError(
            f"stage {name}: the secret is {hmac.secret}, which only cce gateway serve reads; write the name "
            "of one in Secrets Manager here, and give serve its own by --secret"
        )
    parts = {r.path.segments[:depth] for r in serving.routes for depth in range(len(r.path.segments) + 1)}
    if len(parts) > target.resource_quota:
        raise CompileError(
            f"the tree has {len(parts)} parts of paths, and API Gateway takes {target.resource_quota} of an "
            "API; make two services of it, or have the quota of the account raised"
        )


def check_document(document: dict[str, Any]) -> None:
    """Refuse a document that is too long.

    Raises
    ------
    CompileError
        With the limit and what to do.
    """
    size = len(json.dumps(document).encode())
    if size > DOCUMENT_LIMIT:
        raise CompileError(
            f"the compiled document has {size} bytes, and API Gateway takes {DOCUMENT_LIMIT}; shorten the "
            "custom responses, or make two services of it"
        )
