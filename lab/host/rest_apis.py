"""REST APIs as AWS serves them, where MiniStack does not.

PutRestApi is unknown to it, and of a document that it imports it takes the methods and little more. A
deployment is no snapshot there: what is changed afterwards acts at once. Answers of mocks are not made by
their templates, and HTTP proxies drop headers both ways. All of that is put right here, for what our compiler
writes (docs/adr/0031); the templates are read by :mod:`lab.vtl`.
"""

from __future__ import annotations

import copy
import json
import urllib.error
import urllib.request
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlencode

from lab import vtl
from lab.host.ministack import module

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
Answer = tuple[int, dict[str, Any], bytes]

#: Headers of one connection, which a proxy keeps to itself.
_OURS: Final = frozenset({"host", "content-length", "connection", "transfer-encoding", "date", "server"})

#: Resource trees by API and deployment.
_deployed: Final[dict[tuple[str, str], Json]] = {}
_tree: Final[ContextVar[tuple[str, Json] | None]] = ContextVar("lab_deployed_tree", default=None)
_request: Final[ContextVar[Json | None]] = ContextVar("lab_rest_api_request", default=None)


class _Resources:
    """MiniStack's store of resources; while a request is served, those of the stage's deployment."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401 - MiniStack's own types
        self._store = store

    def get(self, api: str, default: Any = None) -> Any:  # noqa: ANN401
        served = _tree.get()
        return served[1] if served and served[0] == api else self._store.get(api, default)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._store, name)

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401
        return self._store[key]

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401
        self._store[key] = value

    def __delitem__(self, key: Any) -> None:  # noqa: ANN401
        del self._store[key]

    def __contains__(self, key: object) -> bool:
        return key in self._store

    def __iter__(self) -> Iterator[Any]:
        return iter(self._store)

    def __len__(self) -> int:
        return len(self._store)


def rest_apis() -> None:
    """Put MiniStack's REST APIs right."""
    v1 = module("services.apigateway_v1")
    v1._resources = _Resources(v1._resources)  # noqa: SLF001 - no public names in that module
    _import(v1)
    _deployments(v1)
    _mocks(v1)
    _proxies(v1)
    _authorizers(v1)


def _import(v1: Any) -> None:  # noqa: ANN401
    handle = v1.handle_request

    async def handled(method: str, path: str, headers: Json, body: bytes, query: Json) -> Any:  # noqa: ANN401
        parts = [part for part in path.strip("/").split("/") if part]
        if method == "PUT" and len(parts) == 2 and parts[0] == "restapis":  # noqa: PLR2004
            return _put_rest_api(v1, parts[1], json.loads(body))
        return await handle(method, path, headers, body, query)

    v1.handle_request = handled


def _put_rest_api(v1: Any, api: str, document: Json) -> Any:  # noqa: ANN401
    found = v1._rest_apis.get(api)  # noqa: SLF001
    if found is None:
        return v1._v1_error("NotFoundException", "Invalid API identifier specified", 404)  # noqa: SLF001
    root = next(each for each in v1._resources[api].values() if each["path"] == "/")  # noqa: SLF001
    v1._resources[api] = {root["id"]: {**root, "resourceMethods": {}}}  # noqa: SLF001
    # A deployment keeps the authorizers it was made with, so the old ones stay; nothing new refers to them.
    schemes = v1._import_security_schemes(api, document)  # noqa: SLF001
    for path, item in document["paths"].items():
        v1._import_path_item(api, path, item, schemes, [])  # noqa: SLF001
        _complete(v1, api, path, item)
    v1._gateway_responses[api] = {}  # noqa: SLF001
    for kind, response in document.get("x-amazon-apigateway-gateway-responses", {}).items():
        v1._put_gateway_response(api, kind, response)  # noqa: SLF001
    found["policy"] = json.dumps(document["x-amazon-apigateway-policy"])
    found["binaryMediaTypes"] = document["x-amazon-apigateway-binary-media-types"]
    found["name"] = document["info"]["title"]
    return v1._v1_response(v1._rest_api_view(found))  # noqa: SLF001


def _complete(v1: Any, api: str, path: str, item: Json) -> None:  # noqa: ANN401
    """What the import leaves out of a path."""
    resource = next(each for each in v1._resources[api].values() if each["path"] == path)  # noqa: SLF001
    if other := item.get("x-amazon-apigateway-any-method"):
        v1._import_operation(api, resource["id"], "ANY", other, {}, [])  # noqa: SLF001
    names = {"x-amazon-apigateway-any-method": "ANY"}
    for name, operation in item.items():
        stated = operation["x-amazon-apigateway-integration"]
        made = resource["resourceMethods"][names.get(name, name.upper())]["methodIntegration"]
        made |= {key: value for key, value in stated.items() if key not in {"type", "responses"}}
        made["lab"] = stated


def _deployments(v1: Any) -> None:  # noqa: ANN401
    create, execute = v1._create_deployment, v1._execute_in_scope  # noqa: SLF001

    def created(api: str, data: Json) -> Any:  # noqa: ANN401
        answer = create(api, data)
        if answer[0] == 201:  # noqa: PLR2004
            made = json.loads(answer[2])["id"]
            _deployed[api, made] = copy.deepcopy(v1._resources[api])  # noqa: SLF001
            stage = v1._stages_v1.get(api, {}).get(data.get("stageName"))  # noqa: SLF001
            if stage and data.get("variables"):
                stage["variables"] = {**(stage.get("variables") or {}), **data["variables"]}
        return answer

    async def executed(request: Json, api: str, stage: str, *rest: Any) -> Any:  # noqa: ANN401
        found = v1._stages_v1.get(api, {}).get(stage) or {}  # noqa: SLF001
        tree = _deployed.get((api, found.get("deploymentId", "")))
        served, asked = _tree.set((api, tree) if tree else None), _request.set(request)
        try:
            return await execute(request, api, stage, *rest)
        finally:
            _tree.reset(served)
            _request.reset(asked)

    v1._create_deployment = created  # noqa: SLF001
    v1._execute_in_scope = executed  # noqa: SLF001


def _mocks(v1: Any) -> None:  # noqa: ANN401
    invoke = v1._invoke_mock_v1  # noqa: SLF001
    # What came by another way than PutRestApi is none of ours.
    v1._invoke_mock_v1 = lambda integration: (_mock if "lab" in integration else invoke)(integration)  # noqa: SLF001


def _mock(integration: Json) -> Answer:
    """The answer of a mock, by its template."""
    request = _request.get() or {}
    response = integration["lab"]["responses"]["default"]
    path = {name: unquote(value) for name, value in request["path_params"].items()}
    made = vtl.render(
        response["responseTemplates"]["application/json"],
        path=path,
        headers=request["headers"],
        request_id=request["request_id"],
    )
    static = {
        name.removeprefix("method.response.header."): value[1:-1]
        for name, value in response["responseParameters"].items()
    }
    return made.status or int(response["statusCode"]), static | made.headers, made.body.encode()


def _proxies(v1: Any) -> None:  # noqa: ANN401
    async def proxied(  # noqa: PLR0913, PLR0917 - MiniStack's signature
        integration: Json,
        _path: str,
        method: str,
        headers: Json,
        body: bytes,
        query: Json,
        path_params: Json | None = None,
    ) -> Any:  # noqa: ANN401
        uri, sent = _asked(integration, headers, path_params or {})
        if query:
            uri += "?" + urlencode([(name, each) for name, values in query.items() for each in values])
        request = urllib.request.Request(uri, data=body or None, method=method, headers=sent)  # noqa: S310 - the test's backend
        try:
            status, raw, answer = await v1._urlopen_async(request, integration["timeoutInMillis"] / 1000)  # noqa: SLF001
        except urllib.error.HTTPError as error:
            status, raw, answer = error.code, error.headers, error.read()
        except TimeoutError:
            return v1._gw_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")  # noqa: SLF001
        except OSError:
            return v1._gw_error("INTEGRATION_FAILURE", "Internal server error")  # noqa: SLF001
        return status, {name: value for name, value in raw.items() if name.lower() not in _OURS}, answer

    v1._invoke_http_proxy_v1 = proxied  # noqa: SLF001


def _asked(integration: Json, headers: Json, given: Json) -> tuple[str, dict[str, str]]:
    """The URI and the headers that a proxy sends."""
    uri = integration["uri"]
    sent = {name: value for name, value in headers.items() if name.lower() not in _OURS}
    for target, source in integration["requestParameters"].items():
        kind, name = target.removeprefix("integration.request.").split(".", 1)
        value = source[1:-1] if source.startswith("'") else unquote(given[source.rsplit(".", 1)[1]])
        if kind == "path":
            uri = uri.replace(f"{{{name}}}", quote(value, safe="/"))
        else:
            sent = {key: old for key, old in sent.items() if key.lower() != name.lower()} | {name: value}
    return uri, sent


def _authorizers(v1: Any) -> None:  # noqa: ANN401
    """The request's id and its path with the stage, which MiniStack leaves out of an authorizer's event."""
    invoke = v1._invoke_authorizer_lambda  # noqa: SLF001

    async def invoked(authorizer: Json, event: Json, account: str, region: str) -> Any:  # noqa: ANN401
        context = event.get("requestContext", {})
        request = _request.get() or {}
        context |= {
            "path": f"/{context.get('stage', '')}{event.get('path', '')}",
            "requestId": request.get("request_id", ""),
        }
        return await invoke(authorizer, event, account, region)

    v1._invoke_authorizer_lambda = invoked  # noqa: SLF001
