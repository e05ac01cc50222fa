"""Remote login of root, and su."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import pam, services, sshd
from cce.evidence.views.people import account_fact, ordinary_accounts
from cce.rules.common import ServiceParams, by_policy, guarded, not_in_use
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

_DEFAULT: Final = "prohibit-password"


class RootLogin(ServiceParams):
    """Values of PermitRootLogin that block root; the guide's text accepts only ``no``."""

    accepted: tuple[str, ...] = ("no",)


@rule("unix.root-remote-login", RootLogin)
def root_remote_login(evidence: Evidence, params: RootLogin) -> Iterator[Check]:
    """Root cannot log in directly over a remote terminal service that is in use."""
    yield from guarded((_ssh, _telnet), lambda service: service(evidence, params))


def _ssh(evidence: Evidence, params: RootLogin) -> Iterator[Check]:
    if evidence.file("/usr/sbin/sshd") is None:
        other = next(services.listening(evidence, "tcp", (22,)), None)
        if other is not None:  # dropbear, or an sshd that was built here: with a configuration of its own
            raise Unread(
                f"{other.source}: {other.value}", "not /usr/sbin/sshd, its configuration is not collected"
            )
        ko, en = "SSH 서비스가 설치되어 있지 않음", "No sshd is installed."
        yield by_policy(params.unused, ko, en, Fact("/usr/sbin/sshd", "absent"))
        return
    if not sshd.in_use(evidence):
        ko, en = "SSH 서비스가 실행되지 않으며 부팅 시에도 시작되지 않음", "sshd is installed but not in use."
        yield by_policy(params.unused, ko, en, *(Fact(f"unit {u}", "not in use") for u in sshd.UNITS))
        return
    effective = sshd.effective(evidence, "permitrootlogin")
    if effective is not None:
        yield _permit(sshd.words(effective.text)[1], Fact("sshd -T", effective.text), params)
    given = sshd.directives(evidence, "permitrootlogin")
    if effective is not None and not any(d.match for d in given):
        return
    yield from _configured(given, params)


def _configured(given: tuple[sshd.Directive, ...], params: RootLogin) -> Iterator[Check]:
    """Each value that can decide for root: Match blocks override, and of two the first counts."""
    for directive in (d for d in given if d.match and sshd.may_be_root(d.match)):
        yield _permit(directive.value, directive.fact, params)
        if sshd.always_root(directive.match):
            return
    plain = next((d for d in given if not d.match), None)
    if plain is not None:
        yield _permit(plain.value, plain.fact, params)
    else:
        yield _permit(_DEFAULT, Fact(sshd.CONFIG, f"permitrootlogin unset (default {_DEFAULT})"), params)


def _permit(value: str, fact: Fact, params: RootLogin) -> Check:
    # sshd -T prints the old name of prohibit-password
    if value.lower().replace("without-", "prohibit-") in params.accepted:
        return good(
            f"SSH root 원격 접속 차단됨(PermitRootLogin {value})", f"PermitRootLogin is {value}.", fact
        )
    wanted = ", ".join(params.accepted)
    ko = f"SSH root 원격 접속 가능(PermitRootLogin {value}, 기준 {wanted}): {fact.source}"
    return vulnerable(ko, f"{fact.source}: PermitRootLogin is {value}, wanted: {wanted}.", fact)


def _telnet(evidence: Evidence, params: RootLogin) -> Iterator[Check]:
    use = services.uses(evidence, "telnet")
    if not use:
        yield not_in_use(params.unused, "Telnet 서비스", "Telnet is not in use.", "telnet")
        return
    terminals = evidence.lines("/etc/securetty")
    pts = [line for line in terminals or () if line.text.strip().startswith("pts")]
    service = "login" if evidence.lines("/etc/pam.d/remote") is None else "remote"
    stack = pam.stack(evidence, service, "auth") or ()
    module = next((m for m in stack if m.module == "pam_securetty" and m.denies), None)
    if terminals is not None and not pts and module is not None:
        ko, en = (
            "Telnet root 접속 차단됨(pam_securetty 적용, pts 항목 없음)",
            "pam_securetty blocks root over telnet.",
        )
        yield good(ko, en, module.fact, *use)
        return
    ko = "Telnet 서비스 사용 중이며 root 접속이 차단되어 있지 않음"
    facts = [line.fact for line in pts]
    if terminals is None:
        facts.append(Fact("/etc/securetty", "absent"))
    facts.append(module.fact if module else Fact(f"/etc/pam.d/{service}", "no pam_securetty"))
    yield vulnerable(ko, "Telnet is in use and does not keep root out.", *use, *facts)


_SU: Final = ("/usr/bin/su", "/bin/su")


@rule("unix.su-restriction")
def su_restriction(evidence: Evidence, _: Params) -> Iterator[Check]:
    """Only a group may use su: by pam_wheel, or because the program is that group's alone.

    Without an ordinary account that can log in there is nobody to restrict.
    """
    people = ordinary_accounts(evidence)
    if not people:
        yield good("root 외 로그인 가능한 일반 계정이 없음", "No ordinary account can log in.")
        return
    program = next((stat for path in _SU if (stat := evidence.file(path)) is not None), None)
    if program is None:
        yield good("su 명령이 설치되어 있지 않음", "su is not installed.", Fact(_SU[0], "absent"))
        return
    if not program.mode & 0o001:
        ko = f"{program.path} 권한 {program.mode:04o}: {program.group} 그룹만 실행 가능"
        yield good(ko, f"Only the group {program.group} may run su.", Fact(program.path, program.shown))
        return
    names = Fact("/etc/passwd", f"{len(people)} ordinary accounts can log in")
    yield from guarded(
        ("su", "su-l"), lambda service: _wheel(evidence, service, (names, account_fact(people[0])))
    )


def _wheel(evidence: Evidence, service: str, context: tuple[Fact, ...]) -> Iterator[Check]:
    where, stack = f"/etc/pam.d/{service}", pam.stack(evidence, service, "auth")
    if stack is None:
        if service == "su":
            ko, en = (
                f"{where} 파일이 없어 su 사용 제한이 없음",
                f"{where} does not exist: nothing restricts su.",
            )
            yield vulnerable(ko, en, Fact(where, "absent"), *context)
        return
    unix = next((i for i, m in enumerate(stack) if m.module == "pam_unix"), len(stack))
    lines = [m for m in stack if m.module == "pam_wheel"]
    limits = next((m for m in stack[:unix] if m.denies and _limits(m)), None)
    if limits is None:
        ko = f"{where}: su 사용을 특정 그룹으로 제한하는 pam_wheel 설정(required)이 적용되어 있지 않음"
        en = f"{where} has no active, required pam_wheel before the password: everybody may use su."
        yield vulnerable(
            ko, en, *(m.fact for m in lines), Fact(where, f"{len(lines)} active pam_wheel lines"), *context
        )
        return
    group = _wheel_group(evidence, limits.option("group") or _ingroup(limits))
    ko = f"{limits.line.where}: su 사용이 {group.value.split()[0]} 그룹으로 제한됨"
    yield good(
        ko, f"{limits.line.where} limits su to the group {group.value.split()[0]}.", limits.fact, group
    )


def _limits(module: pam.PamLine) -> bool:
    """Whether the module lets only a group pass: pam_wheel, or pam_succeed_if about who calls su."""
    if module.module == "pam_wheel":
        return "deny" not in module.arguments
    return "use_uid" in module.arguments and _ingroup(module) is not None


def _ingroup(module: pam.PamLine) -> str | None:
    """The group that pam_succeed_if asks for: ``user ingroup wheel``."""
    words = module.arguments
    found = (i for i, word in enumerate(words[:-1]) if word == "ingroup" and words[i - 1 : i] == ("user",))
    return next((words[i + 1] for i in found), None) if module.module == "pam_succeed_if" else None


def _wheel_group(evidence: Evidence, name: str | None) -> Fact:
    """The group that pam_wheel asks for: the one named, or wheel, or the group with gid 0."""
    wanted = name or "wheel"
    groups = {g.name: g for g in evidence.groups}
    by_gid = next((g for g in evidence.groups if g.gid == 0), None)
    group = groups.get(wanted) or (by_gid if name is None else None)
    if group is None:
        return Fact("/etc/group", f"{wanted} does not exist: nobody may use su")
    return Fact(f"/etc/group:{group.line}", f"{group.name} members={','.join(group.members) or '-'}")
