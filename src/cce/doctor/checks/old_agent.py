"""DOC-18: agents from before ec2messages was given up, in a VPC without that endpoint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot

#: The first agent that does without ec2messages once ssmmessages is connected (its release notes).
WITHOUT_EC2MESSAGES: Final = (3, 3, 40, 0)


@check("endpoints", "hosts")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every agent is new enough, or its VPC still has the endpoint."""
    for host in snapshot.hosts:
        if (
            host.agent
            and _version(host.agent) < WITHOUT_EC2MESSAGES
            and not snapshot.serves(host.vpc, "ec2messages")
        ):
            yield Saw(
                host.id,
                Text(
                    f"에이전트 {host.agent}, {host.vpc}에 ec2messages 엔드포인트가 없음",
                    f"agent {host.agent}; {host.vpc} has no ec2messages endpoint",
                ),
            )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
