"""Postfix: each SMTP server of ``master.cf`` with the values of ``main.cf`` that count for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import mail
from cce.evidence.views.once import once
from cce.evidence.views.settings import Setting
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cce.evidence.model import Evidence, Line
    from cce.evidence.views.networks import Reach

MAIN: Final = "/etc/postfix/main.cf"
MASTER: Final = "/etc/postfix/master.cf"
#: Every one of these lists must let a recipient pass, so that one which refuses strangers is enough.
LISTS: Final = tuple(
    f"smtpd_{kind}_restrictions" for kind in ("relay", "recipient", "client", "helo", "sender")
)
#: What ends a list for a stranger who wants to reach a stranger. After ``defer_if_permit`` none is permitted.
_REFUSES: Final = frozenset(
    {
        "reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit",
        "check_relay_domains",
    }
)  # fmt: skip
#: Tables that are asked for an address itself; of others (patterns, databases) the entries are not collected.
_OF_NETWORKS: Final = frozenset({"", "cidr", "hash", "btree", "lmdb", "cdb", "dbm", "texthash", "sdbm"})
#: For which domains Postfix takes mail from anybody.
_DESTINATIONS: Final = ("relay_domains", "mydestination", "virtual_alias_domains", "virtual_mailbox_domains")
#: What the entries of a table may let in, from anybody who says so; clients are certain addresses.
_BY_CLAIM: Final = frozenset({"check_sender_access", "check_helo_access", "check_ehlo_access"})
_TOP_LEVEL: Final = re.compile(r"\.?(?:com|net|org|info|biz|edu|gov|mil|kr)")
_OPTION: Final = re.compile(r"(?<=\s)-o\s*(?:\{\s*([^{}]*?)\s*\}|(\S+))")
_REFERENCE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)\}|\((\w+)\))")
_DEPTH: Final = 8
#: Parameters that say which host and which program it is, and nothing else.
_ITSELF: Final = frozenset({
    "myhostname", "mydomain", "myorigin", "mail_name", "mail_version", "mail_release_date", "process_id",
    "process_name",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Default:
    """What Postfix does where nothing is set; ``None``: it takes Postfix's version to say."""

    value: str | None
    why: str


@dataclass(frozen=True)
class SmtpServer:
    """One ``smtpd`` of ``master.cf``: what it listens on, and the settings for it alone."""

    line: Line
    listen: str
    own: Mapping[str, Setting]
    main: Mapping[str, Setting]
    defaults: Mapping[str, Default] = field(repr=False)
    tables: Callable[[str], tuple[Line, ...] | None] = field(repr=False)  # the lines of a table of networks

    @property
    def loopback(self) -> bool:
        """Whether ``master.cf`` itself binds it to the machine alone."""
        host = self.listen.rpartition(":")[0].strip("[]")
        return host in {"localhost", "::1"} or host.startswith("127.")

    def fact(self, name: str) -> Fact:
        """Where the value comes from: ``master.cf``, ``main.cf`` or Postfix's default."""
        setting = self.own.get(name) or self.main.get(name)
        if setting is not None:
            return setting.fact
        default = self.defaults.get(name, Default("", "default"))
        return Fact(MAIN, f"{name} unset ({default.why}: {default.value or 'empty'})")

    def value(self, name: str) -> str:
        """The value of a parameter, with the parameters that it names filled in."""
        return self._value(name, _DEPTH)

    def _value(self, name: str, depth: int) -> str:
        setting = self.own.get(name) or self.main.get(name)
        if setting is None:
            value = self.defaults[name].value if name in self.defaults else ""
            if value is None:
                raise Unread(MAIN, f"{name} unset, and its default depends on Postfix's version")
            return value
        if "<shortened>" in setting.value or "<redacted>" in setting.value:
            raise Unread(setting.line.where, f"{name} is not shown as a whole")
        return self._filled(setting, depth)

    def _filled(self, setting: Setting, depth: int) -> str:
        def one(match: re.Match[str]) -> str:
            name = match[1] or match[2] or match[3]
            if setting.line.source == MASTER and name not in self.main and name not in self.defaults:
                raise Unread(f"{MAIN} {name}", "not collected")  # main.cf is asked for what it names itself
            return self._value(name, depth - 1)

        if "$" not in setting.value:
            return setting.value
        filled = _REFERENCE.sub(one, setting.value) if depth else ""
        if not depth or "${" in filled or "$(" in filled:
            raise Unread(setting.line.where, "an expression")
        return filled

    def greeting(self) -> str:
        """What ``smtpd_banner`` says, without the names of the host and of the program."""
        kept = ({k: v for k, v in row.items() if k not in _ITSELF} for row in (self.own, self.main))
        own, main = kept
        defaults = {**self.defaults, **dict.fromkeys(_ITSELF, Default("", ""))}
        return replace(self, own=own, main=main, defaults=defaults).value("smtpd_banner")

    def switched_on(self, name: str) -> bool:
        """A parameter that is ``yes`` or ``no``."""
        return self.value(name).strip().lower() == "yes"

    def refusing(self, reach: Reach) -> str | None:
        """The list that keeps strangers from relaying; ``None`` where none does."""
        unread = None
        for name in LISTS:
            try:
                if self._verdict(self.value(name), reach, _DEPTH) is False:
                    return name
            except Unread as error:
                unread = unread or error
        if unread is not None:
            raise unread
        return None

    def _verdict(self, restrictions: str, reach: Reach, depth: int) -> bool | None:
        """What a list does with a stranger's mail to a stranger: let in, refuse, or neither (``None``)."""
        words = iter(re.split(r"[\s,]+", re.sub(r"\{[^{}]*\}", " ", restrictions)))
        for word in words:
            if word == "warn_if_reject":
                next(words, "")
            elif word in _REFUSES:
                # Some of these let everybody reach the domains of one's own.
                return word.endswith(_OF_DOMAINS) and self.open_destination() != ""
            elif word.startswith("check_") and word.endswith("_access"):
                if _lets_in(word, next(words, "")):
                    return True
            elif word == "permit" or (word == "permit_mynetworks" and self.wide_networks(reach)):
                return True
            elif word in self.main and depth:  # a restriction class
                verdict = self._verdict(self._value(word, depth), reach, depth - 1)
                if verdict is not None:
                    return verdict
        return None

    def open_destination(self) -> str:
        """The entry of a list of domains of one's own that holds every domain, or a top-level one; or empty.

        Raises
        ------
        Unread
            When a list is a table of patterns, which is not collected.
        """
        for name in _DESTINATIONS:
            setting = self.own.get(name) or self.main.get(name)
            for entry in re.split(r"[\s,]+", setting.value) if setting else ():
                if entry.startswith("static:") or (
                    name == "relay_domains" and _TOP_LEVEL.fullmatch(entry.lower())
                ):
                    return f"{name} {entry}"
                if setting and re.match(r"(?:regexp|pcre):", entry):
                    raise Unread(setting.line.where, f"{name} has {entry}, not collected")
        return ""

    def wide_networks(self, reach: Reach) -> list[str]:
        """The entries of ``mynetworks`` that take in strangers."""
        if "mynetworks" not in self.own and "mynetworks" not in self.main:
            style = self.value("mynetworks_style").strip().lower()
            return ["mynetworks_style=class"] if style == "class" else []
        wide = []
        for entry in re.split(r"[\s,]+", self.value("mynetworks").strip()):
            if entry.startswith("static:"):
                wide.append(entry)
            elif table := re.match(r"!?(?:(\w+):)?(/.*)", entry.replace("proxy:", "", 1)):
                if (table[1] or "") not in _OF_NETWORKS:
                    raise Unread(self.fact("mynetworks").source, f"mynetworks has {entry}, not collected")
                rows = self.tables(table[2])
                if rows is None:
                    raise Unread(table[2], "absent, although mynetworks names it")
                wide += [row.text for row in rows if not entry.startswith("!") and _wide(row.text, reach)]
            elif _wide(entry, reach):
                wide.append(entry)
        return wide


#: Restrictions that take mail for the domains of one's own.
_OF_DOMAINS: Final = ("_unauth_destination", "check_relay_domains")


def _lets_in(restriction: str, table: str) -> bool:
    """Whether a table lets everybody in (``static:OK``).

    Raises
    ------
    Unread
        When it may, by a pattern or by what a stranger says of himself, and is not collected.
    """
    kind, _, rest = table.partition(":")
    if kind == "static":
        return re.match(r"(?:ok|permit|[0-9]+|relay)\b", rest.strip("{} "), re.IGNORECASE) is not None
    if kind in {"regexp", "pcre"} or restriction in _BY_CLAIM:
        raise Unread(table, f"the table of {restriction} is not collected")
    return False


def _wide(entry: str, reach: Reach) -> bool:
    return not entry.startswith("!") and reach.too_wide(entry)


@once
def servers(evidence: Evidence) -> tuple[SmtpServer, ...]:
    """The SMTP servers that Postfix runs; none on a machine that only sends.

    Raises
    ------
    Unread
        Also where further instances of Postfix have directories of their own.
    """
    main, master = evidence.lines(MAIN), evidence.lines(MASTER)
    if main is None or master is None:
        raise Unread(MAIN if main is None else MASTER, "absent, although postfix is in use")
    settings = _settings((line.text, line) for line in main)
    instances = settings.get("multi_instance_directories")
    if instances is not None and instances.value:
        raise Unread(instances.line.where, f"instances not collected: {instances.value}")
    defaults = _defaults(evidence, settings)
    return tuple(
        SmtpServer(line, line.text.split()[0], _overrides(line), settings, defaults, evidence.lines)
        for line in master
        if len(line.text.split()) > 7 and line.text.split()[7] == "smtpd"  # noqa: PLR2004 - the eighth is the command
    )


def listens(evidence: Evidence) -> Fact:
    """Where Postfix listens, as ``inet_interfaces`` says it."""
    found = [line for line in evidence.lines(MAIN) or () if re.match(r"inet_interfaces\s*=", line.text)]
    return (
        Fact(found[-1].where, found[-1].text) if found else Fact(MAIN, "inet_interfaces unset (default all)")
    )


def _settings(pairs: Iterable[tuple[str, Line]]) -> dict[str, Setting]:
    """``name = value``; of a repeated one the last counts."""
    split = ((text.partition("="), line) for text, line in pairs)
    return {name.strip(): Setting(name.strip(), value.strip(), line) for (name, _, value), line in split}


def _overrides(line: Line) -> dict[str, Setting]:
    return _settings((match[1] or match[2] or "", line) for match in _OPTION.finditer(line.text))


def _defaults(evidence: Evidence, settings: Mapping[str, Setting]) -> dict[str, Default]:
    """The defaults by Postfix's version and its ``compatibility_level`` (postconf(5))."""
    full = "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"
    version, level = _version(evidence), settings.get("compatibility_level")
    number = re.match(r"\d{1,4}", level.value) if level else None
    relay: str | None = full
    recipient, style, compatible = "", "subnet", int(number[0]) if number else 0
    shown = f"default of Postfix {'.'.join(map(str, version))}" if version else "default"
    if version is None and level is None:
        relay = None
    elif version and version < (2, 10):
        relay, recipient = "", "permit_mynetworks, reject_unauth_destination"
    elif not version or version >= (3, 0):
        relay = full if compatible >= 1 else ""
        style = "host" if compatible >= 2 else "subnet"  # noqa: PLR2004 - the level since which
        shown += f", compatibility_level {compatible}"
    return {
        "smtpd_relay_restrictions": Default(relay, shown),
        "smtpd_recipient_restrictions": Default(recipient, shown),
        "mynetworks_style": Default(style, shown),
        "disable_vrfy_command": Default("no", "default"),
        "inet_interfaces": Default("all", "default"),
        "smtpd_banner": Default("$myhostname ESMTP $mail_name", "default"),
    }


def _version(evidence: Evidence) -> tuple[int, int] | None:
    """Postfix's version; ``None`` where no package record says it."""
    try:
        found = mail.packages(evidence, "postfix")
    except Unread:
        return None
    match = re.match(r"(?:\d+:)?(\d{1,4})\.(\d{1,4})", found[0].version) if found else None
    return (int(match[1]), int(match[2])) if match else None
