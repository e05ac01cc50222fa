"""FTP: what it tells strangers before they log in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import ftp, proftpd
from cce.rules.common import ServiceParams
from cce.rules.ftp import each_server, each_vsftpd
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Check

#: Names of FTP servers, and what says that a number is a version.
_PRODUCT: Final = re.compile(
    r"vs-?ftpd|pro-?ftpd|pure-?ftpd|wu-?ftpd|netkit|filezilla|\bver(?:sion)?[\s.:]*\d|%\{version\}",
    re.IGNORECASE,
)


@rule("unix.ftp-greeting", ServiceParams)
def ftp_greeting(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """What an FTP server in use says first names neither product nor version."""
    yield from each_server(evidence, params, _GREETING_OF)


def _greeting_vsftpd(evidence: Evidence) -> Iterator[Check]:
    yield from each_vsftpd(evidence, lambda conf: _greeting_conf(evidence, conf))


def _greeting_conf(evidence: Evidence, conf: ftp.Vsftpd) -> Iterator[Check]:
    text = vsftpd_greeting(evidence, conf)
    if not text:
        yield _hidden(
            "vsftpd", Fact(conf.path, "ftpd_banner unset (default: vsFTPd and its version)"), told=True
        )
    else:
        yield _said("vsftpd", text)


def vsftpd_greeting(evidence: Evidence, conf: ftp.Vsftpd) -> tuple[tuple[Fact, str], ...]:
    """What vsftpd says first, line by line with where it stands; empty where it says its default.

    A file with text comes before ``ftpd_banner``; one that cannot be opened keeps vsftpd from starting.
    """
    named, own = conf.get("banner_file"), conf.get("ftpd_banner")
    if named is not None and named.value:
        lines = evidence.lines(named.value)
        if lines is None:
            raise Unread(named.value, f"absent, although {named.line.where} names it")
        if lines:
            return _lines(lines)
    return ((own.fact, own.value),) if own is not None and own.value else ()


def _lines(lines: tuple[Line, ...]) -> tuple[tuple[Fact, str], ...]:
    return tuple((line.fact, line.text) for line in lines)


def _said(name: str, text: tuple[tuple[Fact, str], ...]) -> Check:
    telling = next((fact for fact, words in text if _PRODUCT.search(words)), None)
    return _hidden(name, telling or text[0][0], told=telling is not None)


def _greeting_proftpd(evidence: Evidence) -> Iterator[Check]:
    for server in proftpd.servers(evidence):
        ident = server.get("serverident")
        if ident is None or (ident.value not in {"off", "false", "no", "0"} and len(ident.words) == 1):
            fact = ident.fact if ident else server.block.fact
            yield _hidden(server.name, fact, Fact("ServerIdent", "default: ProFTPD Server"), told=True)
        elif ident.value in {"off", "false", "no", "0"}:
            yield _hidden(server.name, ident.fact, told=False)
        else:
            yield _said(server.name, ((ident.fact, " ".join(ident.words[1:])),))


def _greeting_pure(evidence: Evidence) -> Iterator[Check]:
    text = pure_greeting(evidence)
    if text:
        yield _said("pure-ftpd", text)
    else:
        yield _hidden("pure-ftpd", Fact("pure-ftpd", "FortunesFile unset (default: Pure-FTPd)"), told=True)


def pure_greeting(evidence: Evidence) -> tuple[tuple[Fact, str], ...]:
    """The text that replaces pure-ftpd's own greeting; empty where none does."""
    named = ftp.pure(evidence, "FortunesFile")
    lines = evidence.lines(named.value) if named is not None and named.value else ()
    if named is not None and lines is None:
        raise Unread(named.value, f"absent, although {named.line.where} names it")
    return _lines(lines or ())


def _greeting_other(_: Evidence) -> Iterator[Check]:
    raise Unread("ftp", "which server answers, and with what, stands in no file")
    yield  # a generator, as the others are


def _hidden(name: str, *facts: Fact, told: bool) -> Check:
    if told:
        ko = f"{name}: FTP 접속 배너에 제품명·버전 정보가 노출됨"
        return vulnerable(ko, f"The greeting of {name} names the product or its version.", *facts)
    ko = f"{name}: FTP 접속 배너에 제품명·버전 정보가 노출되지 않음"
    return good(ko, f"The greeting of {name} names neither product nor version.", *facts)


_GREETING_OF: Final = {
    "vsftpd": _greeting_vsftpd,
    "proftpd": _greeting_proftpd,
    "pure-ftpd": _greeting_pure,
    "other": _greeting_other,
}
