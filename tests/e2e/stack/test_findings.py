"""A finding through the real stack: opened, mended, broken again, seen through the API and the reports."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from lab import nodes
from stack import SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from stack import Ended, Stack

pytestmark = pytest.mark.stack

ITEMS = ["U-01", "U-07", "U-08"]
SHADOW = "root:*:19000:0:99999:7:::\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root directory of which /etc/passwd is as it should be and /etc/shadow is open to all."""
    etc = tmp_path / "etc"
    etc.mkdir()
    (tmp_path / "usr").mkdir()
    (etc / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n", "utf-8")
    (etc / "passwd").chmod(0o644)
    (etc / "shadow").write_text(SHADOW, "utf-8")
    (etc / "shadow").chmod(0o644)
    return tmp_path


def _findings(stack: Stack, srvid: str, query: str = "", *, encoded: bool = True) -> list[dict[str, Any]]:
    path = quote(srvid, safe="" if encoded else "/")
    status, _, answered = stack.ask("GET", f"/srv/{path}/findings{query}")
    assert 200 == status, answered
    return list(answered["items"])


def _reported(stack: Stack, ended: Ended) -> dict[str, Any]:
    (row,) = json.loads(stack.read(ended.output["report"]["json"]))["findings"]
    return dict(row)


def test_what_is_mended_and_broken_again_has_recurred(stack: Stack, root: Path) -> None:
    srvid = stack.server(nodes.Root(root), "findings", SHOP)
    shadow = root / "etc/shadow"
    seen = []
    for mode in (0o644, 0o400, 0o644):
        shadow.chmod(mode)
        seen.append(stack.assess_tag("findings", items=ITEMS))
        state = {row["item"]: row["state"] for row in _findings(stack, srvid)}["U-08"]
        seen[-1].output["state"] = state
        time.sleep(1)  # evidence is dated to the second

    first, mended, broken = seen
    assert ["open", "fixed", "recurred"] == [each.output["state"] for each in seen]
    (row,) = _findings(stack, srvid, "?state=recurred&severity=%EC%83%81&item=U-08", encoded=False)
    assert first.assessment_id == row["first_seen"]["assessment_id"]
    (again,) = row["recurrences"]
    assert (broken.assessment_id, None) == (again["opened"]["assessment_id"], again["fixed"])
    assert [] == _findings(stack, srvid, "?item=U-07"), "it was good all the time"

    counts = [[_reported(stack, each)[kind] for kind in ("recurred", "new", "fixed")] for each in seen]
    assert [[0, 1, 0], [0, 0, 1], [1, 0, 0]] == counts
    (came_back,) = _reported(stack, broken)["recurrences"]
    assert (srvid, "U-08") == (came_back["srvid"], came_back["item"])
    assert came_back["first_seen"] < came_back["fixed_at"] < came_back["recurred_at"]
    assert b"Findings that came back" in stack.read(broken.output["report"]["html"])
    # made again after all that, a report tells what it told
    stack.invoke("ReportFunction", {"assessment_id": mended.assessment_id})
    assert counts[1] == [_reported(stack, mended)[kind] for kind in ("recurred", "new", "fixed")]
