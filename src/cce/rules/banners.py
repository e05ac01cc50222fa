"""Login messages: of the server itself, of SSH, telnet and FTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.views import banners, proftpd, services, sshd
from cce.rules.common import ServiceParams, guarded, not_in_use
from cce.rules.ftp import each_server, each_vsftpd
from cce.rules.ftp_greeting import pure_greeting, vsftpd_greeting
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.evidence.views.ftp import Vsftpd
    from cce.verdict import Check

_ISSUE, _MOTD, _NET, _DYNAMIC = "/etc/issue", "/etc/motd", "/etc/issue.net", "/run/motd.dynamic"


class LoginBanner(ServiceParams):
    """Whether the message of the day is enough for SSH, which shows it only after the login."""

    motd_for_ssh: bool = False


@rule("unix.login-banner", LoginBanner)
def login_banner(evidence: Evidence, params: LoginBanner) -> Iterator[Check]:
    """The server, and SSH and telnet in use, show a message that the distribution did not bring."""
    yield from guarded((_server, _ssh, _telnet), lambda look: look(evidence, params))


def _server(evidence: Evidence, _: LoginBanner) -> Iterator[Check]:
    """Before the login (issue) or after it (motd)."""
    facts = (Fact(path, _state(evidence, path)) for path in (_ISSUE, _MOTD))
    yield shown("서버", "The server", _motd(evidence) or _issue(evidence), *facts)


def _motd(evidence: Evidence) -> Line | None:
    """Amazon Linux generates ``/etc/motd`` itself, with what there is to update."""
    own = banners.entries(evidence, "/etc/motd.d")
    if evidence.meta.get("os.id") == "amzn":
        return banners.message(evidence, *own) or banners.generated(evidence, _MOTD)
    return banners.message(evidence, _MOTD, *own) or banners.generated(evidence, _DYNAMIC)


def _issue(evidence: Evidence) -> Line | None:
    return banners.message(evidence, _ISSUE, *banners.entries(evidence, "/etc/issue.d", ".issue"))


def _state(evidence: Evidence, path: str) -> str:
    lines = evidence.lines(path)
    return "absent" if lines is None else "empty" if not lines else "the distribution's text"


def _ssh(evidence: Evidence, params: LoginBanner) -> Iterator[Check]:
    units, ports = services.unit_uses(evidence, sshd.UNITS), services.listening(evidence, "tcp", (22,))
    if not any(units) and not any(ports):
        yield not_in_use(params.unused, "SSH 서비스", "SSH is not in use.", "ssh")
        return
    value, fact = _ssh_banner(evidence)
    if params.motd_for_ssh and (line := _motd(evidence)):
        yield shown("SSH", "SSH", line)
    elif value.lower() == "none":
        yield shown("SSH", "SSH", None, fact)
    else:
        yield shown(
            "SSH", "SSH", banners.message(evidence, value), fact, Fact(value, _state(evidence, value))
        )


def _ssh_banner(evidence: Evidence) -> tuple[str, Fact]:
    """The file of sshd's Banner and where that stands: what sshd says, else the first outside of Match."""
    effective = sshd.effective(evidence, "banner")
    if effective is not None:
        words = sshd.words(effective.text)
        return (words[1] if len(words) > 1 else "none"), Fact("sshd -T", effective.text)
    first = next((d for d in sshd.directives(evidence, "banner") if not d.match), None)
    return (first.value, first.fact) if first else ("none", Fact(sshd.CONFIG, "Banner unset (default none)"))


def _telnet(evidence: Evidence, params: LoginBanner) -> Iterator[Check]:
    use = services.uses(evidence, "telnet")
    if use:
        yield shown(
            "Telnet", "Telnet", banners.message(evidence, _NET), Fact(_NET, _state(evidence, _NET)), *use
        )
    else:
        yield not_in_use(params.unused, "Telnet 서비스", "Telnet is not in use.", "telnet")


def shown(ko: str, en: str, line: Line | None, *facts: Fact) -> Check:
    """The check of a service by the line of its message; ``facts`` say what stands there without one."""
    if line is None:
        return vulnerable(
            f"{ko}: 로그인 경고 메시지가 설정되어 있지 않음", f"{en} shows no warning of its own.", *facts
        )
    fact = line.fact
    return good(
        f"{ko}: 로그인 경고 메시지가 설정되어 있음({line.where})",
        f"{en} shows a message: {line.where}.",
        fact,
    )


@rule("unix.ftp-banner", ServiceParams)
def ftp_banner(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """An FTP server in use shows a message that its package did not bring."""
    yield from each_server(evidence, params, _BANNER_OF)


def _banner_vsftpd(evidence: Evidence) -> Iterator[Check]:
    yield from each_vsftpd(evidence, lambda conf: _banner_conf(evidence, conf))


def _banner_conf(evidence: Evidence, conf: Vsftpd) -> Iterator[Check]:
    text = vsftpd_greeting(evidence, conf)
    yield _own("vsftpd", text, Fact(conf.path, "ftpd_banner and banner_file unset or the sample's"))


def _own(name: str, text: tuple[tuple[Fact, str], ...], otherwise: Fact) -> Check:
    said = next((fact for fact, words in text if banners.own(words)), None)
    if said is None:
        return shown(name, name, None, otherwise)
    ko = f"{name}: 로그인 경고 메시지가 설정되어 있음({said.source})"
    return good(ko, f"{name} shows a message: {said.source}.", said)


def _banner_proftpd(evidence: Evidence) -> Iterator[Check]:
    for server in proftpd.servers(evidence):
        yield from guarded((server,), lambda one: _banner_of_server(evidence, one))


def _banner_of_server(evidence: Evidence, server: proftpd.Server) -> Iterator[Check]:
    """A file before or after the login, or the greeting. A relative name is one in each user's home."""
    ident = server.get("serverident")
    text = [(ident.fact, word) for word in ident.words[1:]] if ident and ident.value == "on" else []
    for name in ("displayconnect", "displaylogin"):
        named = server.get(name)
        if named and named.words and named.words[0].startswith("/"):
            lines = evidence.lines(named.words[0]) or ()
            text += [(line.fact, line.text) for line in lines]
    yield _own(
        server.name,
        tuple(text),
        Fact(server.block.fact.source, "no DisplayConnect, DisplayLogin, ServerIdent"),
    )


def _banner_pure(evidence: Evidence) -> Iterator[Check]:
    yield _own("pure-ftpd", pure_greeting(evidence), Fact("pure-ftpd", "FortunesFile unset"))


def _banner_other(evidence: Evidence) -> Iterator[Check]:
    path = "/etc/ftpwelcome"
    yield shown("FTP", "FTP", banners.message(evidence, path), Fact(path, _state(evidence, path)))


_BANNER_OF: Final = {
    "vsftpd": _banner_vsftpd,
    "proftpd": _banner_proftpd,
    "pure-ftpd": _banner_pure,
    "other": _banner_other,
}
