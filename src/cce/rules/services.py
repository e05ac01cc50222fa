"""Network services that must be off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, Field

from cce.evidence.views import services, sshd
from cce.rules.common import ServiceParams, guarded, not_in_use
from cce.rules.registry import good, review, rule, vulnerable
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check


def known(name: str) -> str:
    """A service of :data:`~cce.evidence.views.services.SERVICES`."""
    if name not in services.SERVICES:
        message = f"{name!r} is no service; known: {', '.join(services.SERVICES)}"
        raise ValueError(message)
    return name


ServiceName = Annotated[str, AfterValidator(known)]

#: How reports call them.
NAMES: Final = {
    "simple": Text("echo·discard·daytime·chargen", "One of echo, discard, daytime, chargen"),
    "r-services": Text("r 계열(rlogin, rsh, rexec)", "One of rlogin, rsh, rexec"),
    "rpc": Text("RPC", "An RPC service"),
    "automount": Text("automount(autofs)", "automount"),
}


def _none(name: str) -> str:
    return name.replace("One of", "None of").replace("An RPC", "No RPC") if " " in name else f"No {name}"


class ServicesOff(ServiceParams):
    """The services, and what one in use counts as: ``review`` where only a person knows if it is needed."""

    services: tuple[ServiceName, ...] = Field(min_length=1)
    in_use: Literal["vulnerable", "review"] = "vulnerable"


@rule("unix.services-off", ServicesOff)
def services_off(evidence: Evidence, params: ServicesOff) -> Iterator[Check]:
    """None of the services runs, is started at boot or by inetd, or listens on its port."""

    def check(name: str) -> Iterator[Check]:
        shown, use = NAMES.get(name, Text(name, name)), services.uses(evidence, name)
        if not use:
            yield not_in_use(params.unused, f"{shown.ko} 서비스", f"{_none(shown.en)} is in use.", name)
        elif params.in_use == "review":
            ko = f"{shown.ko} 서비스 사용 중: 업무상 필요 여부 확인 필요"
            yield review(ko, f"{shown.en} is in use; a person must say whether it is needed.", *use)
        else:
            yield vulnerable(f"{shown.ko} 서비스가 활성화되어 있음", f"{shown.en} is in use.", *use)

    yield from guarded(params.services, check)


class RemoteAccess(ServiceParams):
    """Services that send passwords in the clear."""

    insecure: tuple[ServiceName, ...] = ("telnet", "ftp")


@rule("unix.remote-access", RemoteAccess)
def remote_access(evidence: Evidence, params: RemoteAccess) -> Iterator[Check]:
    """Who comes from outside comes by SSH and by nothing that sends passwords in the clear."""

    def check(name: str) -> Iterator[Check]:
        if use := services.uses(evidence, name):
            ko = f"암호화되지 않은 {name} 서비스를 사용 중"
            yield vulnerable(ko, f"{name}, which sends passwords in the clear, is in use.", *use)
        else:
            yield not_in_use(params.unused, f"{name} 서비스", f"{name} is not in use.", name)

    yield from guarded(params.insecure, check)
    ssh = [*services.listening(evidence, "tcp", (22,)), *services.unit_uses(evidence, sshd.UNITS)]
    if ssh:
        yield good("원격 접속 시 SSH를 사용함", "SSH is in use for remote access.", *ssh)
    else:
        yield not_in_use(params.unused, "SSH 서비스", "SSH is not in use.", "ssh")
