"""Paths of REST APIs as clients wrote them: API Gateway leaves them percent-encoded, MiniStack decodes them.

Seen on AWS by others: https://github.com/localstack/localstack/pull/7728 and, with captures of every kind of
API, https://github.com/middleapi/standard-server/pull/93. A signature is of the path as it was written.
"""

from __future__ import annotations

from typing import Any

from lab.host.ministack import module


def raw_paths() -> None:
    """Make MiniStack match and hand on the raw path; the stack has no HTTP API, where AWS decodes it."""
    app = module("app")
    handle = app._handle_execute_api_request  # noqa: SLF001 - where a request to an API comes in

    async def handled(host: str, path: str, *request: Any, raw_path: str | None, **more: Any) -> Any:  # noqa: ANN401 - MiniStack's own types
        return await handle(host, raw_path or path, *request, raw_path=raw_path, **more)

    app._handle_execute_api_request = handled  # noqa: SLF001
