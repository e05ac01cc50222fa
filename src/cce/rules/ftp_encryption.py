"""FTP: whether it is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.views import ftp, proftpd, services
from cce.rules.common import ServiceParams
from cce.rules.ftp import each_server, each_vsftpd
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check


class FtpEncryption(ServiceParams):
    """Whether data connections must be encrypted as well as logins."""

    data: bool = False


@rule("unix.ftp-encryption", FtpEncryption)
def ftp_encryption(evidence: Evidence, params: FtpEncryption) -> Iterator[Check]:
    """An FTP server in use refuses who does not speak TLS."""
    servers = {
        "vsftpd": lambda e: each_vsftpd(e, lambda conf: _encrypted_conf(conf, params)),
        "proftpd": lambda e: _encrypted_proftpd(e, params),
        "pure-ftpd": lambda e: _encrypted_pure(e, params),
        "other": _encrypted_other,
    }
    yield from each_server(evidence, params, servers)


#: Per kind of user: who may log in, whether TLS is allowed, what forces it for logins and for data.
_VSFTPD_USERS: Final = (
    ("local_enable", False, "", "force_local_logins_ssl", "force_local_data_ssl", True),
    ("anonymous_enable", True, "allow_anon_ssl", "force_anon_logins_ssl", "force_anon_data_ssl", False),
)


def _encrypted_conf(conf: ftp.Vsftpd, params: FtpEncryption) -> Iterator[Check]:
    def fact(name: str, default: str) -> Fact:
        value = conf.get(name)
        return value.fact if value else Fact(conf.path, f"{name} unset (default {default})")

    if not conf.is_on("ssl_enable", default=False):
        yield _encrypted("vsftpd", fact("ssl_enable", "NO"), required=False)
        return
    lacking = []
    for users, on, allowed, logins, data, forced in _VSFTPD_USERS:
        if not conf.is_on(users, default=on):
            continue
        if allowed and not conf.is_on(allowed, default=False):
            lacking.append(fact(allowed, "NO"))
        wanted = () if conf.is_on("implicit_ssl", default=False) else (logins,)
        every = (*wanted, data) if params.data else wanted
        lacking += [fact(n, "YES" if forced else "NO") for n in every if not conf.is_on(n, default=forced)]
    yield _encrypted("vsftpd", fact("ssl_enable", "NO"), *lacking, required=not lacking)


def _encrypted_proftpd(evidence: Evidence, params: FtpEncryption) -> Iterator[Check]:
    accepted = {"on", "true", "yes", "1", "both", "auth+data", "ctrl+data"}
    accepted |= set() if params.data else {"auth", "ctrl", "auth+!data", "ctrl+!data"}
    found = proftpd.servers(evidence)
    for server in found:
        engine, needed = server.get("tlsengine"), server.get("tlsrequired")
        on = server.is_on("tlsengine") is not None and needed is not None and needed.value in accepted
        facts = [d.fact for d in (engine, needed) if d]
        facts += [Fact(server.block.fact.source, "TLSEngine unset (default off)")] if engine is None else []
        facts += [Fact(server.block.fact.source, "TLSRequired unset (default off)")] if needed is None else []
        yield _encrypted(server.name, *facts, required=on)
    if not found:
        yield good(
            "proftpd: SFTP만 제공함", "proftpd offers SFTP alone.", Fact(proftpd.FILES[0], "no FTP server")
        )


def _encrypted_pure(evidence: Evidence, params: FtpEncryption) -> Iterator[Check]:
    value = ftp.pure(evidence, "TLS")
    fact = value.fact if value else Fact("pure-ftpd", "TLS unset (default 0)")
    level = (value.number or 0) if value else 0
    yield _encrypted("pure-ftpd", fact, required=level >= (3 if params.data else 2))


def _encrypted_other(evidence: Evidence) -> Iterator[Check]:
    yield _encrypted("ftpd", *services.uses(evidence, "ftp"), required=False)


def _encrypted(name: str, *facts: Fact, required: bool) -> Check:
    if required:
        ko = f"{name}: 암호화(TLS)되지 않은 FTP 접속이 거부됨"
        return good(ko, f"{name} refuses FTP without TLS.", *facts)
    return vulnerable(
        f"{name}: 암호화되지 않은 FTP 접속이 가능함", f"{name} accepts FTP without TLS.", *facts
    )
