"""What xinetd offers: defaults, ids and files included."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

import pytest

from cce.evidence.model import Unread
from cce.evidence.views import xinetd
from evidence_samples import evidence

INCLUDES = "includedir /etc/xinetd.d"
ECHO = "service echo\n{\n id = echo-stream\n disable = no\n}"
TFTP = "service tftp\n{\n disable = yes\n}"


def conf(*defaults: str, rest: str = INCLUDES) -> str:
    return "\n".join(["defaults", "{", *defaults, "}", rest])


CASES = [
    ("a file of the directory", {"/etc/xinetd.d/echo": ECHO}, ["echo"]),
    ("with xinetd.conf", {"/etc/xinetd.conf": conf(), "/etc/xinetd.d/echo": ECHO}, ["echo"]),
    ("disabled by its id", {"/etc/xinetd.conf": conf("disabled = echo-stream echo-dgram"), "/etc/xinetd.d/echo": ECHO}, []),
    ("its name is not its id", {"/etc/xinetd.conf": conf("disabled = echo"), "/etc/xinetd.d/echo": ECHO}, ["echo"]),
    ("without an id the name is it", {"/etc/xinetd.conf": conf("disabled = time"), "/etc/xinetd.d/time": "service time\n{\n}"}, []),
    ("a list added to", {"/etc/xinetd.conf": conf("disabled = x", "disabled += echo-stream"), "/etc/xinetd.d/echo": ECHO}, []),
    ("a list taken from", {"/etc/xinetd.conf": conf("disabled = echo-stream", "disabled -= echo-stream"), "/etc/xinetd.d/echo": ECHO}, ["echo"]),
    ("only what is enabled", {"/etc/xinetd.conf": conf("enabled = time"), "/etc/xinetd.d/echo": ECHO}, []),
    ("enabled", {"/etc/xinetd.conf": conf("enabled = echo-stream"), "/etc/xinetd.d/echo": ECHO}, ["echo"]),
    ("in xinetd.conf itself", {"/etc/xinetd.conf": conf(rest=ECHO)}, ["echo"]),
    ("a directory that is not included", {"/etc/xinetd.conf": conf(rest=""), "/etc/xinetd.d/echo": ECHO}, []),
    ("disable = yes", {"/etc/xinetd.d/tftp": TFTP}, []),
    ("a block without an end", {"/etc/xinetd.d/echo": "service echo\n{"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("why", "texts", "expected"), CASES, ids=[c[0] for c in CASES])
def test_the_services_on_offer(why: str, texts: dict[str, str], expected: list[str]) -> None:
    assert expected == [offer.name for offer in xinetd.offers(evidence(texts=texts))], why


def test_a_file_that_was_not_read_comes_last() -> None:
    server = evidence(
        texts={"/etc/xinetd.d/a": "x", "/etc/xinetd.d/echo": ECHO},
        unread={("text", "/etc/xinetd.d/a"): "denied"},
    )
    offers = xinetd.offers(server)

    assert "echo" == next(offers).name
    with pytest.raises(Unread, match=r"xinetd\.d/a: denied"):
        next(offers)


def test_another_directory_was_not_collected() -> None:
    server = evidence(texts={"/etc/xinetd.conf": conf(rest="includedir /srv/xinetd.d")})

    with pytest.raises(Unread, match=r"/srv/xinetd\.d: not collected"):
        list(xinetd.offers(server))
