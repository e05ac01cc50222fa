"""Login messages: what of a text is a message of the organisation and not the distribution's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.views.includes import is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.evidence.model import Evidence, Line

#: getty's escapes (``\n``, ``\4{eth0}``), telnetd's (``%h``), web addresses, the probe's own marks.
_ASIDE: Final = re.compile(
    r"<(?:redacted|shortened)>|\\[A-Za-z0-9](?:\{[^}]*\})?|%[a-z](?![a-z])|https?://\S+|\(\w*\)"
)
_WORD: Final = re.compile(r"[^\W_]+")
#: ``12``, ``el9``, ``x86``, ``eth0``, ``web01``.
_NUMBER: Final = re.compile(r"[a-z]{0,3}\d+[a-z]{0,2}")
#: What the distributions' own first lines are made of, beside such numbers and single letters.
_VOCABULARY: Final = frozenset({
    "debian", "gnu", "linux", "ubuntu", "lts", "red", "hat", "enterprise", "server", "release", "stream",
    "centos", "rocky", "almalinux", "alma", "oracle", "fedora", "amazon", "ami", "suse", "sles",
    "opensuse", "leap", "tumbleweed", "welcome", "to", "kernel", "on", "an", "el10",
    "aarch64", "documentation", "management", "support", "blah", "ftp", "service",
})  # fmt: skip
#: Sentences that packages bring: Debian's and Ubuntu's motd, cockpit, insights, update-motd.
_SENTENCES: Final = re.compile(
    r"the programs included with the .{1,30} system are free software;"
    r"|the exact distribution terms for each program are described in the"
    r"|individual files in /usr/share/doc/\*/copyright\."
    r"|.{1,30} comes with absolutely no warranty, to the extent( permitted by)?"
    r"|(permitted by )?applicable law\."
    r"|linux \S+ \S+ #\d+.*"
    r"|activate the web console with: systemctl enable --now cockpit\.socket|web console: .*"
    r"|register this system with red hat insights:.*|create an account or view all your systems at .*"
    r"|insights-client --register"
    r"|(no|\d+) packages?(\(s\))? needed for security.*|run \"sudo (yum|dnf) update\" to apply all updates\.",
    re.IGNORECASE,
)
#: In a generated text, which holds load and updates too, only these words make a message.
_WARNS: Final = re.compile(
    r"authori[sz]ed|prohibit|forbidden|warning|prosecut|경고|허가|인가|승인|무단|금지|처벌|불법",
    re.IGNORECASE,
)
#: An expression of Exim in which another stands: ``${if eq{…}{…}{…}}``, ``${lookup{…}…}``.
_COMPUTED: Final = re.compile(r"\$\{[^{}]*\{.*", re.DOTALL)
#: What mail servers fill in: ``$j``, ``$myhostname``, ``${name}``, ``$(name)``, ``$?`` … ``$.``
_FILLED_IN: Final = re.compile(
    rf"{_COMPUTED.pattern}|\$(?:\?(?:\w|\{{[^{{}}]*\}})|\w+|\{{[^{{}}]*\}}|\([^()]*\)|\W)", re.DOTALL
)
#: What Debian's sendmail ships with.
_OF_SENDMAIL: Final = re.compile(r"\(No UCE/UBE\)|logging access from:")
_HOST: Final = re.compile(r"(?<![\w.-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![\w.-])")
#: Beside such words a greeting of SMTP says nothing but that a mail server is there.
_OF_MAIL: Final = frozenset({
    "smtp", "esmtp", "utf8", "postfix", "sendmail", "exim", "exim4", "mail", "mailer", "mailserver", "mta",
    "daemon", "localhost", "localdomain", "is", "ready", "at", "and", "waiting", "for", "hello", "here",
})  # fmt: skip
#: ``9.18.49-1~deb12u1-Debian``.
_VERSION: Final = re.compile(r"\S*\d\.\d\S*")
_OF_DNS: Final = frozenset({"isc", "bind", "bind9", "named", "dns", "nameserver", "version", "redhat"})


def own(text: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether a line says something that no distribution, and no service of these words, says by itself."""
    if _SENTENCES.fullmatch(" ".join(text.split())):
        return False
    words = _WORD.findall(_ASIDE.sub(" ", text).lower())
    return any(len(w) > 1 and not _NUMBER.fullmatch(w) and w not in _VOCABULARY | known for w in words)


def own_greeting(text: str) -> bool:
    """Whether a greeting of SMTP says something beside the host, the program and the time."""
    return own(_HOST.sub(" ", _OF_SENDMAIL.sub(" ", _FILLED_IN.sub(" ", text))), _OF_MAIL)


def computed(text: str) -> bool:
    """Whether a greeting holds an expression of Exim whose result is not to be told from here."""
    return _COMPUTED.search(text) is not None


def own_version(text: str) -> bool:
    """Whether what a DNS server calls its version says something beside product and version."""
    return own(_VERSION.sub(" ", text), _OF_DNS)


def first_own(lines: Iterable[Line]) -> Line | None:
    """The first line of the organisation's own."""
    return next((line for line in lines if own(line.text)), None)


def message(evidence: Evidence, *paths: str) -> Line | None:
    """The first line of the organisation's own in any of the texts that exist."""
    return next((line for path in paths if (line := first_own(evidence.lines(path) or ())) is not None), None)


def generated(evidence: Evidence, path: str) -> Line | None:
    """The first line of warning in a text that the system generates."""
    return next((line for line in evidence.lines(path) or () if _WARNS.search(line.text)), None)


def entries(evidence: Evidence, directory: str, suffix: str = "") -> tuple[str, ...]:
    """The texts of a drop-in directory."""
    names = evidence.directory(directory) or ()
    return tuple(n for n in names if n.endswith(suffix) and not is_hidden(n))
