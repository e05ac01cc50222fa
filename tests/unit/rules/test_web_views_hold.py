"""Apache and nginx as they read their configurations; and whatever stands there, a view raises only Unread."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.views import apache, nginx, web
from cce.judge import judge
from cce.verdict import Verdict
from evidence_samples import evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.evidence.model import Evidence

UNITS = {"apache2.service": "enabled active", "nginx.service": "enabled active"}
MAIN = "/etc/apache2/apache2.conf"
WORDS = st.sampled_from(
    [
        "<Directory", "/srv>", "</Directory>", "<Directory ~", '"^/srv">', "<VirtualHost *:80>", "</VirtualHost>", "<IfModule",
        "!mod_x.c>", "</IfModule>", "<IfDefine A>", "</IfDefine>", "<IfVersion >= 2.4>", "<IfVersion ~ 2>", "</IfVersion>", "<If",
        "</If>", ">", "<", "</", "<Location /x>", "</Location>", "Options", "+Indexes", "-Indexes", "Indexes", "All", "None", "+", "-",
        "FollowSymLinks", "AllowOverride", "Options=Indexes,", "AllowOverrideList", "DocumentRoot", "/srv", "/srv/*/x", "/..//", "User", "Group",
        "#0", "root", "${A}", "${", "Define A", "Include", "*", "[^x]*", "apache2.conf", "conf.d/*.conf", "/etc/nginx/nginx.conf", "ServerRoot",
        "/etc/apache2", "LoadModule", "x_module", "userdir_module", "UserDir", "disabled", "Listen", "80", "[::]:80", "Require all", "denied", "granted",
        "Deny from all", "Order", "LimitRequestBody", "0", "9" * 30, "ServerTokens", "Prod", "ServerSignature", "Alias", "/icons/", "Redirect", "/",
        "\\", "http {", "server {", "location", "/ {", "~", "if {", "}", "{", ";", "autoindex on;", "root", "alias /a/;", "include", "disable_symlinks off;",
        "client_max_body_size", "8k;", "server_tokens", "user", "'", '"', "#", "$host", "한글", "\x00", "\udcff",
    ]
)  # fmt: skip
CONTENT = st.lists(
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=6).map(" ".join), max_size=14
).map("\n".join)
PATHS = (
    MAIN, "/etc/apache2/conf.d/a.conf", "/etc/apache2/envvars", "/etc/nginx/nginx.conf", "/etc/nginx/a.conf",
    "/srv/.htaccess", "/srv/x/.htaccess", "/etc/httpd/conf/httpd.conf",
)  # fmt: skip


def host(contents: dict[str, str], **more: object) -> Evidence:
    given_: dict[str, object] = {"packages": {"apache2": "2.4.62"}, "walks": {"htaccess": ("ok", 0, [])}}
    return evidence(units=UNITS, texts=contents, **(given_ | more))  # type: ignore[arg-type]


def everything_of_apache(server: Evidence) -> None:
    read = apache.read(server)
    for place in (*read.places, *read.roots()):
        assert place.options is not None
        assert place.override


VIEWS: dict[str, Callable[[Evidence], object]] = {
    "apache": everything_of_apache,
    "nginx": lambda e: [(b.title, b.serves_files) for b in nginx.contexts(nginx.read(e)[0])],
    "web": web.servers,
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@given(contents=st.dictionaries(st.sampled_from(PATHS), CONTENT), output=CONTENT)
@settings(max_examples=150, deadline=None)
def test_a_view_raises_nothing_but_unread(
    view: Callable[[Evidence], object], contents: dict[str, str], output: str
) -> None:
    with contextlib.suppress(Unread):
        view(host(contents, commands={"ss -lntp": output}))


@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT, min_size=2),
    unread=st.dictionaries(
        st.tuples(st.just("text"), st.sampled_from(PATHS)), st.sampled_from(["denied", "cut", "error"])
    ),
)
@settings(max_examples=60, deadline=None)
def test_every_web_item_gets_a_verdict(contents: dict[str, str], unread: dict[tuple[str, str], str]) -> None:
    items = [i.id for i in load("kisa-2026").items if i.area == "web"]
    got = judge(host(contents, unread=unread), load("kisa-2026").select(tuple(items)))

    assert items == [v.item for v in got]
    assert all(v.reason.ko and v.reason.en and v.verdict in Verdict for v in got)


#: What Apache 2.4.68 answered for each directory: is it listed, is a link of another owner followed?
SITE = """Listen 18080
<Directory />
Options FollowSymLinks
AllowOverride None
Require all denied
</Directory>
<VirtualHost *:18080>
DocumentRoot /srv/t
<Directory /srv/t>
Options Indexes FollowSymLinks
Require all granted
</Directory>
<Directory "/srv/t/b">
Options -Indexes
</Directory>
<Directory /srv/t/b/c>
Options +Indexes -FollowSymLinks
</Directory>
<Directory /srv/*/d/>
Options None
</Directory>
<Directory /srv/t/e>
AllowOverride Options
</Directory>
<Directory /srv/t/g>
AllowOverride Options=FollowSymLinks
</Directory>
<Directory /srv/t/h>
Require all denied
</Directory>
<Directory /srv/t/b/i>
AllowOverride All
</Directory>
<Directory /srv/t/l>
Options +SymLinksIfOwnerMatch
</Directory>
<Directory /srv/t/m>
Options SymLinksIfOwnerMatch Indexes
</Directory>
<Directory /srv/t/o>
Options +Indexes
Options None
</Directory>
<Directory /srv/t/o/p>
Options +ExecCGI
</Directory>
</VirtualHost>
"""
ACCESS = {
    "/srv/t/e/.htaccess": "Options -Indexes",
    "/srv/t/g/.htaccess": "Options +FollowSymLinks",
    "/srv/t/b/f/.htaccess": "Options +Indexes -FollowSymLinks",
    "/srv/t/b/i/.htaccess": "Options +Indexes -FollowSymLinks",
}
ANSWERED = [
    ("a", True, True), ("b", False, True), ("b/c", True, False), ("d", False, False), ("e", False, True), ("f", True, True),
    ("b/f", False, True), ("b/i", True, False), ("g", True, True), ("h", False, False), ("l", True, False), ("m", True, False),
    ("o", False, False), ("o/p", True, False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "listed", "linked"), ANSWERED)
def test_options_are_merged_as_apache_did(path: str, listed: bool, linked: bool) -> None:  # noqa: FBT001
    read = apache.read(host({MAIN: SITE, **ACCESS}))
    place = read.place(read.hosts[-1], f"/srv/t/{path}")
    followed = "followsymlinks" in place.options and "symlinksifownermatch" not in place.options

    assert listed == ("indexes" in place.options and not place.denied)
    assert linked == (followed and not place.denied)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({MAIN: "Include apache2.conf"}, "included too deep"),
        ({MAIN: "<If x>\n" * 60}, "nested too deep"),
        ({MAIN: "<Directory /a>\nRequire all granted\nOptions None\n</Directory>\n" + "".join(f"<Directory /srv/{n}>\nOptions None\n</Directory>\n" for n in range(3100))}, "too many directories"),
        ({MAIN: "Listen 80\n" * 50_001}, "too many lines"),
    ],
)  # fmt: skip
def test_a_configuration_without_end_is_unread(files: dict[str, str], why: str) -> None:
    with pytest.raises(Unread, match=why):
        everything_of_apache(host(files))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("include nginx.conf;", "too deep"),
        ("http { server {" + "location /a {" * 90, "nested too deep"),
        ("user a;" * 50_001, "too many statements"),
    ],
)
def test_an_nginx_without_end_is_unread(content: str, why: str) -> None:
    with pytest.raises(Unread, match=why):
        nginx.read(host({"/etc/nginx/nginx.conf": content}))


def test_nginx_reads_quotes_and_blocks_of_others() -> None:
    text = """http { # autoindex on;
    log_format x '$a ; } "';
    types { autoindex on; }
    server { location ~ "^/a{2}$" { autoindex off
    ; } root "/srv/a b"; } }
    stream { server { autoindex on; } }"""
    whole, _ = nginx.read(host({"/etc/nginx/nginx.conf": text}))
    blocks = list(nginx.contexts(whole))

    assert ["server", "location ~ ^/a{2}$"] == [b.title for b in blocks]
    assert [("off",)] == [v.args for b in blocks if (v := b.value("autoindex"))]
    assert ("/srv/a b",) == (blocks[1].value("root") or pytest.fail("no root")).args
