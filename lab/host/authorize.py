"""Answers the lab's SSM endpoint who signed a request and whether they may make it.

``POST /_lab/authorize`` with the request as it arrived and the (action, resource) pairs to decide.
The signature is verified and the policies are evaluated by MiniStack, exactly as for its own services.
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import json
from typing import TYPE_CHECKING, Any

from lab.host.ministack import module
from lab.host.record import decision_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Asgi = Callable[
        [dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
    ]

PATH = "/_lab/authorize"


def decide(question: dict[str, Any]) -> dict[str, Any]:
    """Decide on one request.

    Parameters
    ----------
    question
        ``method``, ``path``, ``headers`` (pairs), ``body`` (base64), ``region`` and ``checks``: objects with
        ``action`` and ``resource``; ``{account}`` in a resource stands for the caller's account.

    Returns
    -------
    dict
        ``account``, ``principal`` and ``decision``: ``allow``, ``deny`` (then with ``action``, ``resource``
        and ``explicit``), or the code of a failed authentication (with ``message``).
    """
    evaluator, responses = module("core.iam_evaluator"), module("core.responses")
    raw_headers = [
        (str(name).encode("latin-1"), str(value).encode("latin-1")) for name, value in question["headers"]
    ]
    headers = {str(name).lower(): value for name, value in question["headers"]}
    key = module("core.router").extract_access_key_id(headers, {})
    responses.set_request_account_id(module("app")._request_account_scope(key))  # noqa: SLF001 - as its own front door does
    responses.set_request_region(question["region"])
    evaluator.pin_signed_request(question["method"], question["path"], {}, raw_headers)
    evaluator.pin_signed_body(base64.b64decode(question["body"]))
    caller = evaluator.resolve_caller_identity(key) or {}
    account = responses.get_account_id()
    answer = {"account": account, "principal": caller.get("userArn", ""), "decision": "allow"}
    for check in question["checks"]:
        action, resource = check["action"], check["resource"].replace("{account}", account)
        outcome = evaluator.enforce(key, action, "ssm", question["region"], resource)
        if outcome is not None:
            answer |= {"decision": decision_of(outcome), "action": action, "resource": resource}
            answer |= {"message": getattr(outcome, "message", "")}
            answer |= {"explicit": getattr(outcome, "decision", "") == "Deny"}
            break
    return answer


def with_authorize(app: Asgi) -> Asgi:
    """MiniStack's ASGI application with the lab's question answered before it."""

    async def front(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        # A copy of the context: the caller that is pinned here must not leak into another request.
        context = contextvars.copy_context()
        answer = await asyncio.to_thread(context.run, decide, json.loads(body))
        payload = json.dumps(answer).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(payload)).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": payload})

    return front
