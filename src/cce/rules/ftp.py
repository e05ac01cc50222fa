"""FTP: anonymous login, the ftp account, root's login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.views import ftp, pam, proftpd
from cce.evidence.views.people import account_fact, has_shell
from cce.rules.common import ServiceParams, by_policy, guarded, not_in_use
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Check


_FTPUSERS: Final = ("/etc/ftpusers", "/etc/ftpd/ftpusers", "/etc/vsftpd/ftpusers", "/etc/vsftpd.ftpusers")
_USER_LISTS: Final = ("/etc/vsftpd.user_list", "/etc/vsftpd/user_list")
_ANONYMOUS: Final = ("ftp", "anonymous")


@rule("unix.anonymous-ftp", ServiceParams)
def anonymous_ftp(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """No FTP server in use lets anybody in without an account."""
    yield from each_server(evidence, params, _ANONYMOUS_OF)


@rule("unix.ftp-root-login", ServiceParams)
def ftp_root_login(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """No FTP server in use lets root log in."""
    yield from each_server(evidence, params, _ROOT_OF)


def each_server(
    evidence: Evidence, params: ServiceParams, rules: Mapping[str, Callable[[Evidence], Iterator[Check]]]
) -> Iterator[Check]:
    """The rule of each FTP server in use, or what its absence counts as."""
    servers = ftp.servers(evidence)
    if not servers:
        yield not_in_use(params.unused, "FTP 서비스", "FTP is not in use.", "ftp")
    yield from guarded(servers, lambda name: rules[name](evidence))


def each_vsftpd(evidence: Evidence, checks: Callable[[ftp.Vsftpd], Iterator[Check]]) -> Iterator[Check]:
    """The checks of each configuration that vsftpd runs with."""
    yield from guarded(ftp.vsftpd(evidence), lambda path: checks(ftp.Vsftpd(evidence, path)))


def _anonymous_vsftpd(evidence: Evidence) -> Iterator[Check]:
    yield from each_vsftpd(evidence, _anonymous_conf)


def _anonymous_conf(conf: ftp.Vsftpd) -> Iterator[Check]:
    value = conf.get("anonymous_enable")
    fact = value.fact if value else Fact(conf.path, "anonymous_enable unset (default YES)")
    yield _anonymous("vsftpd", fact, allowed=conf.is_on("anonymous_enable", default=True))


def _anonymous_proftpd(evidence: Evidence) -> Iterator[Check]:
    blocks = [block for server in proftpd.servers(evidence) for block in server.blocks("anonymous")]
    for block in blocks:
        closed = proftpd.login(block.named("limit"))[0] == proftpd.NOBODY
        yield _anonymous("proftpd", block.fact, allowed=not closed)
    if not blocks:
        yield _anonymous("proftpd", Fact(proftpd.FILES[0], "no <Anonymous>"), allowed=False)


def _anonymous_pure(evidence: Evidence) -> Iterator[Check]:
    value = ftp.pure(evidence, "NoAnonymous")
    fact = value.fact if value else Fact("pure-ftpd", "NoAnonymous unset (default no)")
    yield _anonymous("pure-ftpd", fact, allowed=value is None or not ftp.is_yes(value.value))


def _anonymous_other(evidence: Evidence) -> Iterator[Check]:
    accounts = [a for a in evidence.accounts if a.name in _ANONYMOUS]
    fact = account_fact(accounts[0]) if accounts else Fact("/etc/passwd", "no account ftp or anonymous")
    yield _anonymous("ftpd", fact, allowed=bool(accounts))


def _anonymous(name: str, fact: Fact, *, allowed: bool) -> Check:
    if allowed:
        return vulnerable(f"{name}: 익명 FTP 접속이 허용됨", f"{name} allows anonymous login.", fact)
    return good(f"{name}: 익명 FTP 접속이 차단됨", f"{name} blocks anonymous login.", fact)


_ANONYMOUS_OF: Final = {
    "vsftpd": _anonymous_vsftpd,
    "proftpd": _anonymous_proftpd,
    "pure-ftpd": _anonymous_pure,
    "other": _anonymous_other,
}


def _root_line(evidence: Evidence, paths: tuple[str, ...]) -> Line | None:
    """The line of the first list that names root."""
    lines = (line for path in paths for line in evidence.lines(path) or ())
    return next((line for line in lines if line.text.strip() == "root"), None)


def _root_vsftpd(evidence: Evidence) -> Iterator[Check]:
    yield from each_vsftpd(evidence, lambda conf: _root_conf(evidence, conf))


def _root_conf(evidence: Evidence, conf: ftp.Vsftpd) -> Iterator[Check]:
    local = conf.get("local_enable")
    if local is None or not ftp.is_yes(local.value):
        fact = local.fact if local else Fact(conf.path, "local_enable unset (default NO)")
        yield _root("vsftpd", fact, blocked=True)
        return
    on = conf.get("userlist_enable")
    if on is not None and ftp.is_yes(on.value):
        named = conf.get("userlist_file")
        line = _root_line(evidence, (named.value,) if named else _USER_LISTS)
        if conf.is_on("userlist_deny", default=True) == (line is not None):
            fact = (
                Fact(line.where, "root")
                if line
                else Fact(named.value if named else _USER_LISTS[0], "no root")
            )
            yield _root("vsftpd", fact, on.fact, blocked=True)
            return
    named = conf.get("pam_service_name")
    yield _pam_list(evidence, named.value if named else _pam_default(evidence))


def _pam_default(evidence: Evidence) -> str:
    """The service that vsftpd asks PAM as where nothing says it: Debian builds it with its own name."""
    family = {evidence.meta.get("os.id", ""), *evidence.meta.get("os.id_like", "").split()}
    return "vsftpd" if "debian" in family else "ftp"


def _pam_list(evidence: Evidence, service: str) -> Check:
    """What pam_listfile says of root for the service that vsftpd asks PAM as."""
    looked = []
    for module in pam.stack(evidence, service, "auth") or ():
        path = module.option("file")
        if module.module == "pam_listfile" and module.denies and path and module.option("item") == "user":
            line = _root_line(evidence, (path,))
            denies = module.option("sense") == "deny"
            if denies == (line is not None):
                listed = Fact(line.where, "root") if line else Fact(path, "no root")
                return _root("vsftpd", listed, module.fact, blocked=True)
            looked += [Fact(path, "no root"), module.fact]
    return _root("vsftpd", Fact(f"/etc/pam.d/{service}", "no list keeps root out"), *looked, blocked=False)


def _root_proftpd(evidence: Evidence) -> Iterator[Check]:
    allowing = [server for server in proftpd.servers(evidence) if server.is_on("rootlogin")]
    for server in allowing:
        asked = server.get("useftpusers")
        ignored = asked is not None and not ftp.is_yes(asked.value)
        line = None if ignored else _root_line(evidence, _FTPUSERS[:1])
        facts = [d.fact for d in (server.get("rootlogin"), asked if ignored else None) if d]
        facts += [Fact(line.where, "root")] if line else []
        yield _root("proftpd", *facts, blocked=line is not None)
    if not allowing:
        yield _root("proftpd", Fact(proftpd.FILES[0], "RootLogin unset or off (default off)"), blocked=True)


def _root_pure(evidence: Evidence) -> Iterator[Check]:
    value = ftp.pure(evidence, "MinUID")
    fact = value.fact if value else Fact("pure-ftpd", "MinUID unset")
    yield _root("pure-ftpd", fact, blocked=value is not None and (value.number or 0) > 0)


def _root_other(evidence: Evidence) -> Iterator[Check]:
    line = _root_line(evidence, _FTPUSERS)
    fact = Fact(line.where, "root") if line else Fact(_FTPUSERS[0], "no root")
    yield _root("ftpd", fact, blocked=line is not None)


def _root(name: str, *facts: Fact, blocked: bool) -> Check:
    if blocked:
        return good(f"{name}: root 계정의 FTP 접속이 차단됨", f"{name} keeps root out.", *facts)
    return vulnerable(f"{name}: root 계정의 FTP 접속이 가능함", f"{name} lets root log in.", *facts)


_ROOT_OF: Final = {
    "vsftpd": _root_vsftpd,
    "proftpd": _root_proftpd,
    "pure-ftpd": _root_pure,
    "other": _root_other,
}


@rule("unix.ftp-account-shell", ServiceParams)
def ftp_account_shell(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """The account ftp gets no session."""
    accounts = [a for a in evidence.accounts if a.name == "ftp"]
    if not accounts:
        ko, en = "ftp 계정이 존재하지 않음", "There is no account ftp."
        yield by_policy(params.unused, ko, en, Fact("/etc/passwd", "no account ftp"))
    for account in accounts:
        if has_shell(account):
            ko = f"ftp 계정에 로그인 가능한 쉘이 부여되어 있음({account.shell or '/bin/sh'})"
            yield vulnerable(
                ko, f"The account ftp has the shell {account.shell or '/bin/sh'}.", account_fact(account)
            )
        else:
            ko = f"ftp 계정의 쉘이 제한되어 있음({account.shell})"
            yield good(ko, f"The account ftp has {account.shell}.", account_fact(account))
