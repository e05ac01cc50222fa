"""Files that let remote hosts in without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.rules.common import Mode, guarded
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

_HOSTS_EQUIV: Final = "/etc/hosts.equiv"
_UNITS: Final = ("rlogin.socket", "rsh.socket", "rexec.socket")
_PORTS: Final = (512, 513, 514)


class TrustedHosts(Params):
    """The loosest mode of such a file, and the files in homes."""

    mode: Mode = 0o600
    names: tuple[str, ...] = (".rhosts",)


@rule("unix.trusted-hosts", TrustedHosts)
def trusted_hosts(evidence: Evidence, params: TrustedHosts) -> Iterator[Check]:
    """The r-services are not in use, or their files are private and trust named hosts only.

    The guide asks for one of the two. When the services' state could not be read, flawless files are
    good all the same, and flawed ones undecided.
    """
    unread, use = None, []
    try:
        use = [
            *services.program_uses(evidence, services.SERVICES["r-services"].programs),
            *services.inetd_uses(evidence, "r-services"),
            *services.unit_uses(evidence, _UNITS),
            *services.listening(evidence, "tcp", _PORTS),
        ]
    except Unread as error:
        unread = error
    if not use and unread is None:
        ko, en = "r 계열 서비스(login, shell, exec)를 사용하지 않음", "The r-services are not in use."
        yield good(ko, en, Fact("r-services", "not in use"))
        return
    checks = list(guarded(_files(evidence, params).items(), lambda item: _file(evidence, *item, params, use)))
    if unread is not None and any(check.verdict is Verdict.VULNERABLE for check in checks):
        raise unread
    yield from checks
    if not checks:
        ko, en = "hosts.equiv 및 .rhosts 파일이 존재하지 않음", "There is neither hosts.equiv nor .rhosts."
        yield good(ko, en, Fact(_HOSTS_EQUIV, "absent"), *use)


def _files(evidence: Evidence, params: TrustedHosts) -> dict[str, frozenset[int]]:
    """Each file and whose it may be, as uids."""
    files = {_HOSTS_EQUIV: frozenset({0})}
    for account in evidence.accounts:
        for name in params.names if account.home else ():
            path = f"{account.home.rstrip('/')}/{name}"
            files[path] = files.get(path, frozenset({0})) | {account.uid}
    return files


def _file(
    evidence: Evidence, path: str, owners: frozenset[int], params: TrustedHosts, use: list[Fact]
) -> Iterator[Check]:
    stat = evidence.file(path)
    if stat is None:
        return
    plus = [line for line in evidence.lines(path) or () if "+" in line.text]
    wrong_ko, wrong_en = [], []
    if stat.uid not in owners:
        wrong_ko.append(f"소유자 {stat.user}")
        wrong_en.append("wrong owner")
    if stat.mode & ~params.mode:
        wrong_ko.append(f"권한 {stat.mode:04o}(기준 {params.mode:04o} 이하)")
        wrong_en.append(f"mode looser than {params.mode:04o}")
    if plus:
        wrong_ko.append("모든 호스트 허용 설정(+)")
        wrong_en.append("a line with +")
    facts = Fact(path, stat.shown), *(Fact(line.where, "+") for line in plus), *use
    if wrong_ko:
        ko, en = f"r 계열 서비스 사용 중, {path}: {', '.join(wrong_ko)}", f"{path} has {', '.join(wrong_en)}."
        yield vulnerable(ko, f"The r-services are in use, and {en}", *facts)
    else:
        ko, en = f"{path} 소유자, 권한 및 내용이 기준을 충족함", f"{path} is {stat.shown} and holds no +."
        yield good(ko, en, *facts)
