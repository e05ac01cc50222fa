"""Private and public APIs, their methods, stages, changes and custom domains."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cce.doctor.model import Api, BasePath, Domain, Method, PublicApi, Stage
from cce.doctor.policy import unescaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.doctor.ports import Aws

#: Calls after which a stage serves something older than the API's definition.
_CHANGING: Final = ("UpdateRestApi", "PutRestApi")


def rest_apis(aws: Aws) -> tuple[tuple[Api, ...], tuple[PublicApi, ...]]:
    """The private REST APIs, and those with a public name."""
    private, public = [], []
    for row in aws.rows("apigateway", "get_rest_apis", "items"):
        kinds = row.get("endpointConfiguration", {}).get("types", [])
        if "PRIVATE" in kinds:
            private.append(_api(row))
        elif not row.get("disableExecuteApiEndpoint", False):
            public.append(PublicApi(row["id"], row["name"], " ".join(["REST", *kinds])))
    return tuple(private), tuple(public)


def _api(row: Mapping[str, Any]) -> Api:
    return Api(
        id=row["id"],
        name=row["name"],
        endpoints=tuple(row["endpointConfiguration"].get("vpcEndpointIds", [])),
        policy=unescaped(row.get("policy", "")),
        security_policy=row.get("securityPolicy", ""),
        access_mode=row.get("endpointAccessMode", ""),
    )


def http_apis(aws: Aws) -> tuple[PublicApi, ...]:
    """HTTP and WebSocket APIs: their names are of ``execute-api`` too."""
    return tuple(
        PublicApi(row["ApiId"], row["Name"], row["ProtocolType"])
        for row in aws.rows("apigatewayv2", "get_apis", "Items")
        if not row.get("DisableExecuteApiEndpoint", False)
    )


def methods(aws: Aws, api: str) -> tuple[Method, ...]:
    """The methods of an API."""
    rows = aws.rows("apigateway", "get_resources", "items", restApiId=api, embed=["methods"])
    return tuple(
        Method(verb, row["path"], method.get("authorizationType", "NONE"))
        for row in rows
        for verb, method in sorted(row.get("resourceMethods", {}).items())
    )


def stages(aws: Aws, api: str) -> tuple[Stage, ...]:
    """The stages of an API with the age of what they serve."""
    deployed = {
        row["id"]: _time(row["createdDate"])
        for row in aws.rows("apigateway", "get_deployments", "items", restApiId=api)
    }
    found = aws.answer("apigateway", "get_stages", restApiId=api).get("item", [])
    return tuple(
        Stage(row["stageName"], deployed[row["deploymentId"]])
        for row in found
        if row.get("deploymentId") in deployed
    )


def changes(aws: Aws, apis: Iterable[str], since: datetime) -> dict[str, datetime]:
    """When each API's policy or whole definition was last changed, as far as CloudTrail remembers."""
    wanted, latest = set(apis), dict[str, datetime]()
    for name in _CHANGING:
        rows = aws.rows(
            "cloudtrail",
            "lookup_events",
            "Events",
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
            StartTime=since,
        )
        for row in rows:
            event = json.loads(row["CloudTrailEvent"])
            api = (event.get("requestParameters") or {}).get("restApiId", "")
            if api in wanted and "errorCode" not in event and _changes_policy(row["EventName"], event):
                when = _time(row["EventTime"])
                latest[api] = max(when, latest.get(api, when))
    return latest


def _changes_policy(name: str, event: Mapping[str, Any]) -> bool:
    if name == "PutRestApi":
        return True
    patches = event["requestParameters"].get("patchOperations") or []
    return any(str(patch.get("path", "")).startswith("/policy") for patch in patches)


def domains(aws: Aws) -> tuple[Domain, ...]:
    """The private custom domain names of the account."""
    rows = [
        row
        for row in aws.rows("apigateway", "get_domain_names", "items", resourceOwner="SELF")
        if "PRIVATE" in row.get("endpointConfiguration", {}).get("types", [])
    ]
    if not rows:
        return ()
    ties = aws.rows("apigateway", "get_domain_name_access_associations", "items", resourceOwner="SELF")
    return tuple(
        Domain(
            name=row["domainName"],
            status=row.get("domainNameStatus", ""),
            policy=unescaped(row.get("policy", "")),
            mappings=_mappings(aws, row),
            associations=tuple(
                t["accessAssociationSource"] for t in ties if t["domainNameArn"] == row["domainNameArn"]
            ),
        )
        for row in rows
    )


def _mappings(aws: Aws, row: Mapping[str, Any]) -> tuple[BasePath, ...]:
    found = aws.rows(
        "apigateway",
        "get_base_path_mappings",
        "items",
        domainName=row["domainName"],
        domainNameId=row["domainNameId"],
    )
    return tuple(BasePath(m.get("basePath", ""), m["restApiId"], m.get("stage", "")) for m in found)


def _time(value: datetime | str) -> datetime:
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time.astimezone(UTC)
