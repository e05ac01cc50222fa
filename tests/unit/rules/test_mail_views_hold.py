"""Whatever stands in a mail server's files, its views raise nothing but Unread, and its rules always answer."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.evidence.model import Unread
from cce.evidence.views import banners, exim, mail, postfix, sendmail
from cce.evidence.views.networks import Reach
from evidence_samples import evidence, verdict
from mail_samples import CF, EXIM, EXIM_CONF, MAIN, MASTER, POSTFIX, SENDMAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.evidence.model import Evidence

REACH = Reach(16, 32)
WORDS = st.sampled_from(
    [
        "O PrivacyOptions=", "Op", "goaway", "restrictqrun,", "Kaccess", "/etc/mail/access", "FR-o", "CR", "C{R}", "R$*",
        "$#error", "RELAY", "Connect:", "IPv6:", "0.0.0.0/0", "10", "999.1.1.1/99", "[::1]/128", "::ffff:0:0/96", "/0",
        "smtpd_relay_restrictions", "=", "permit", "permit_mynetworks", "reject", "warn_if_reject", "mynetworks", "$", "${",
        "$mynetworks", "{", "}", "compatibility_level", "static:", "hash:/etc/x", "smtp inet n - y - - smtpd", "-o", "-o {",
        "disable_vrfy_command", "smtpd_banner =", "smtp_banner =", "O SmtpGreetingMessage=", "${", "${if{", "$j", "ESMTP", "mynetworks_style", "class", "hostlist", "relay_from_hosts", "domainlist", "+relay_from_hosts",
        "acl_smtp_rcpt", "acl_smtp_vrfy", "acl a", "a", "accept", "deny", "require", "hosts", "domains", "!", ":", "::", "<;", "*",
        ".include", "no_prod_requires_admin", "hide", "dc_relay_nets='", "'", '"', "\n", "\x00", "\udcff", "한글", "9" * 40,
    ]
)  # fmt: skip
CONTENT = st.lists(
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=8).map(" ".join), max_size=10
).map("\n".join)
PATHS = (CF, MAIN, MASTER, EXIM_CONF, exim.DEBIAN, "/etc/mail/access", "/etc/mail/relay-domains", "/etc/x")
CONTENTS = st.dictionaries(st.sampled_from(PATHS), CONTENT, min_size=4)


def _sendmail(server: Evidence) -> None:
    lines = sendmail.configuration(server)
    sendmail.privacy(lines)
    sendmail.greeting(lines)
    for key, _ in sendmail.relayed_for(server, lines):
        sendmail.too_wide(key, REACH)


def _postfix(server: Evidence) -> None:
    postfix.listens(server)
    for one in postfix.servers(server):
        with contextlib.suppress(Unread):
            one.switched_on("disable_vrfy_command")
        with contextlib.suppress(Unread):
            one.refusing(REACH)
        with contextlib.suppress(Unread):
            banners.own_greeting(one.greeting())
        one.wide_networks(REACH)


def _exim(server: Evidence) -> None:
    read = exim.configuration(server)
    for name in ("acl_smtp_rcpt", "acl_smtp_vrfy"):
        with contextlib.suppress(Unread):
            read.opening(name, REACH)
    for setting in (*read.lists.values(), *exim.debian(server).values()):
        read.wide(setting.value, REACH)
        read.unknown(setting.value)
        exim.debian_items(setting.value)


VIEWS: dict[str, Callable[[Evidence], object]] = {
    "sendmail": _sendmail,
    "postfix": _postfix,
    "exim": _exim,
    "mail": lambda e: [mail.uses(e, mta) for mta in mail.MTAS],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@given(contents=CONTENTS)
@settings(max_examples=150, deadline=None)
def test_a_view_raises_nothing_but_unread(
    view: Callable[[Evidence], object], contents: dict[str, str]
) -> None:
    with contextlib.suppress(Unread):
        view(evidence(texts=contents))


@given(
    contents=CONTENTS,
    unread=st.dictionaries(
        st.tuples(st.just("text"), st.sampled_from(PATHS)), st.sampled_from(["denied", "cut", "special"])
    ),
)
@settings(max_examples=80, deadline=None)
def test_every_item_of_mail_gets_a_verdict(
    contents: dict[str, str], unread: dict[tuple[str, str], str]
) -> None:
    server = evidence(texts=contents, unread=unread, units={**SENDMAIL, **POSTFIX, **EXIM})

    for item in ("U-31", "U-32", "U-68", "U-70"):
        got = verdict(item, server)

        assert got.verdict in {"good", "vulnerable", "error"}
        assert got.reason.ko
        assert got.reason.en


@given(text=st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_network_or_is_not(text: str) -> None:
    assert REACH.too_wide(text) in {True, False}
    assert REACH.too_wide_octets(text) in {True, False}
