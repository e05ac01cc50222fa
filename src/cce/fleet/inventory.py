"""The inventory over its API: the hub's own, or a CMDB with the same interface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlencode

import urllib3
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cce import __version__
from cce.api.assets import Asset, AssetChange, InstanceId
from cce.assessment import ServerId
from cce.errors import InventoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Four attempts with back-off; statuses by which a gateway or a server says "later".
_RETRIES: Final = urllib3.Retry(
    total=3,
    backoff_factor=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    redirect=0,  # the key goes to the URL that was configured and to no other
    raise_on_status=False,
    raise_on_redirect=False,
)

#: Seconds; as for calls to AWS (:mod:`cce.fleet.clients`).
_TIMEOUT: Final = urllib3.Timeout(connect=3, read=8)

#: Bytes of one page that are read: a hundred servers have 0.4 MB at most.
_PAGE: Final = 4 * 1024 * 1024

#: Pages of one account; a list that never ends is no list.
_PAGES: Final = 1000


class _Listed(AssetChange):
    """A server as the inventory lists it; a CMDB may have more fields, which are not read."""

    model_config = ConfigDict(extra="ignore")

    instance_id: InstanceId = Field(alias="instance-id")


class _Page(BaseModel):
    items: list[_Listed]
    next: str | None = None


@dataclass
class HttpInventory:
    """Lists servers by ``GET {url}/srv``; see :class:`cce.pipeline.ports.Inventories`.

    ``url`` ends with the stage, such as ``https://{api-id}-{vpce-id}.execute-api.{region}.amazonaws.com/v1``.
    """

    url: str
    key: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(timeout=_TIMEOUT))
    retries: urllib3.Retry = _RETRIES

    def servers(self, account: str, region: str) -> list[Asset]:
        """Every server of the account and region."""
        return list(self._servers(account, region))

    def _servers(self, account: str, region: str) -> Iterator[Asset]:
        given, seen = {"account": account, "region": region, "limit": "100"}, set()
        for _ in range(_PAGES):
            page = self._page(given)
            for asset in page.items:
                server = ServerId(account, region, asset.instance_id)
                if asset.moved(server):
                    self._fail(f"lists {asset.instance_id} of elsewhere among {account}/{region}")
                yield Asset.of(server, asset)
            if page.next is None:
                return
            if page.next in seen:
                self._fail("answers the same page again and again")
            seen.add(page.next)
            given["token"] = page.next
        self._fail(f"has more than {_PAGES} pages for one account")

    def _page(self, given: dict[str, str]) -> _Page:
        headers = {"x-api-key": self.key, "user-agent": f"cce-fleet/{__version__}"}
        url = f"{self.url.rstrip('/')}/srv?{urlencode(given)}"
        try:
            answer = self.pool.request(
                "GET", url, headers=headers, retries=self.retries, preload_content=False
            )
            with answer:
                body = answer.read(_PAGE + 1, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # The error's text may hold the query, never the key.
            message = f"the inventory {self.url} does not answer: {type(error).__name__}: {error}"
            raise InventoryError(message) from error
        if answer.status != 200:  # noqa: PLR2004 - the status of success
            self._fail(f"answers {answer.status}{_HINTS.get(answer.status, '')}")
        if len(body) > _PAGE:
            self._fail(f"answers a page of more than {_PAGE} bytes")
        try:
            return _Page.model_validate_json(body)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, problem["loc"])) or "body"
            self._fail(f"answers what is no list of servers: {place}: {problem['msg']}")

    def _fail(self, what: str) -> NoReturn:
        raise InventoryError(f"the inventory {self.url} {what}")


_HINTS: Final = {
    403: " (its key is missing or wrong, or its policy does not admit this endpoint)",
    404: " (the URL lacks its stage, or names another API)",
}
