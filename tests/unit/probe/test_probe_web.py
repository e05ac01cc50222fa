"""What the probe reads of web servers: includes, only the directives that rules read, hostile files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from hostile_root import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile_root import Printed

SHELLS = ("dash", "bash", "busybox sh")
SECRET = "PlantedSecretOfTheWeb"
ETC = "/etc/apache2"
MAIN = f"{ETC}/apache2.conf"
NGINX = "/etc/nginx/nginx.conf"

APACHE = f"""# Options Indexes
ServerRoot "/etc/apache2"
Define SITES /etc/apache2/sites
Define DB_PASSWORD {SECRET}
Define QUERY a={SECRET}
LoadModule autoindex_module /{SECRET}/mod_autoindex.so
Include apache2.conf
IncludeOptional sites/*.conf
IncludeOptional ${{SITES}}/more.d
IncludeOptional ${{NOBODY}}/x.conf
IncludeOptional a*/b.conf
Include fifo.conf
Include big.conf
Include nul.conf
Include outside.conf
SetEnv API_KEY {SECRET}
SSLCertificateKeyFile /etc/{SECRET}
AuthLDAPBindPassword {SECRET}
ProxyPass / http://u:{SECRET}@a.example/
ProxyPass /x http://u:{SECRET}@a.example/
RewriteRule ^ https://{SECRET}
Require user {SECRET}
Require all granted
Allow from 10.111.0.1 {SECRET}
Use Site {SECRET}
<If "%{{HTTP:X}} == '{SECRET}'">
</If>
Options Indexes \\
  FollowSymLinks
"""
CONF = f"""user www-data; # autoindex on;
events {{ worker_connections 1; }}
http {{ include types.conf; include sites/*;
  proxy_set_header Authorization "Basic {SECRET} ; autoindex on;"; autoindex off;
  map $x $y {{ default {SECRET}; include {SECRET}; }}
  server {{ if ($http_x = "{SECRET}") {{ return 403 {SECRET}; }}
    content_by_lua_block {{ -- don't {{ }} autoindex on; {SECRET}
    }}
    location ~ "^/a{{2}}$" {{ proxy_pass http://u:{SECRET}@a.example; auth_basic "{SECRET}"; deny {SECRET}; }}
    root
      /srv/n; client_max_body_size 1m;
  }} }}
stream {{ server {{ root /{SECRET}; }} }}
"""


def build(root: Path) -> Path:
    etc = root / ETC[1:]
    (root / "usr").mkdir()
    write(etc / "apache2.conf", APACHE)
    write(
        etc / "envvars",
        f"export APACHE_RUN_USER=www-data\nexport APACHE_ARGUMENTS='-D A -c {SECRET}'\nexport KEY={SECRET}\n",
    )
    write(etc / "sites/a.conf", "DocumentRoot /srv/web\n")
    write(etc / "sites/b.off", "DocumentRoot /srv/never\n")
    (etc / "sites/c.conf").symlink_to("/etc/apache2/available")
    write(etc / "available", "Alias /x /srv/alias/\n")
    write(etc / "sites/more.d/one", "ServerTokens Prod\n")
    os.mkfifo(etc / "fifo.conf")
    write(etc / "big.conf", "Options None\n" * 30000)
    write(etc / "nul.conf", b"Options None\n\0Options Indexes\nOptions All\n")
    write(root.parent / "outside-web", f"ServerRoot {SECRET}\n")
    (etc / "outside.conf").symlink_to(root.parent / "outside-web")
    nginx = root / "etc/nginx"
    write(nginx / "nginx.conf", CONF)
    write(nginx / "types.conf", "types { text/html html; }\n")
    write(nginx / "sites/open", "server { root '/srv/x;\n")
    (root / "srv/real").mkdir(parents=True)
    (root / "srv/web").symlink_to("real")
    write(root / "srv/real/.htaccess", f"Options +Indexes\nSetEnv A {SECRET}\n")
    write(root / "srv/real/a\nb/.htaccess", "Options +Indexes\n")
    write(
        root / "srv/real/index.html",
        f"<p>{SECRET}</p>\n<title>Apache2 Debian Default Page: It works</title>\n",
    )
    write(root / "home/u/.htaccess", f"Options {SECRET}\n")
    write(root / "etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    write(root / "etc/group", "root:x:0:\n")
    return root


@pytest.fixture(scope="module", params=SHELLS)
def web(
    request: pytest.FixtureRequest, probe: Callable[..., Printed], tmp_path_factory: pytest.TempPathFactory
) -> Printed:
    root = tmp_path_factory.mktemp("web") / "root [x]*"
    root.mkdir()
    return probe(build(root), shell=request.param)


def lines(web: Printed, path: str) -> list[str]:
    return [line.text for line in web.evidence.lines(path) or ()]


def test_no_secret_of_a_web_server_leaves_it(web: Printed) -> None:
    assert SECRET.encode() not in web.records


def test_of_apache_only_the_directives_that_rules_read_are_printed(web: Printed) -> None:
    assert [
        'ServerRoot "/etc/apache2"', "Define SITES /etc/apache2/sites", "Define DB_PASSWORD", "Define QUERY",
        "LoadModule autoindex_module", "Include apache2.conf", "IncludeOptional sites/*.conf",
        "IncludeOptional ${SITES}/more.d", "IncludeOptional ${NOBODY}/x.conf", "IncludeOptional a*/b.conf",
        "Include fifo.conf", "Include big.conf", "Include nul.conf", "Include outside.conf",
        "ProxyPass /", "RewriteRule /", "Require user", "Require all granted", "Allow from some", "Use",
        "<if>", "</if>", "Options Indexes   FollowSymLinks",
    ] == lines(web, MAIN)  # fmt: skip
    assert ["export APACHE_RUN_USER=www-data", "APACHE_ARGUMENTS=-D A"] == lines(web, f"{ETC}/envvars")


def test_includes_are_followed_by_pattern_directory_and_variable(web: Printed) -> None:
    assert ["DocumentRoot /srv/web"] == lines(web, f"{ETC}/sites/a.conf")
    assert ["Alias /x /srv/alias/"] == lines(web, f"{ETC}/sites/c.conf")
    assert (f"{ETC}/sites/more.d/one",) == web.evidence.directory(f"{ETC}/sites/more.d")
    assert ["ServerTokens Prod"] == lines(web, f"{ETC}/sites/more.d/one")
    assert ("text", f"{ETC}/sites/b.off") not in web.evidence.statuses
    assert web.evidence.lines(f"{ETC}/outside.conf") is None


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"{ETC}/fifo.conf", "special"),
        (f"{ETC}/big.conf", "cut"),
        ("${NOBODY}/x.conf", "error"),
        (f"{ETC}/a*/b.conf", "error"),
        ("/etc/nginx/sites/open", "error"),
    ],
)
def test_what_cannot_be_read_to_its_end_is_said(web: Printed, path: str, why: str) -> None:
    path = path if path.startswith("/") else f"{ETC}/{path}"
    with pytest.raises(Unread) as unread:
        web.evidence.lines(path)

    assert why == unread.value.why


def test_a_nul_hides_no_line(web: Printed) -> None:
    """An awk that stops at it says so by the size; one that goes on prints what follows."""
    status = web.evidence.statuses["text", f"{ETC}/nul.conf"]

    assert "error" == status or "Options All" in lines(web, f"{ETC}/nul.conf")


def test_nginx_is_printed_by_statement(web: Printed) -> None:
    assert [
        "user www-data;", "http {", "include types.conf;", "include sites/*;", "autoindex off;", "server {",
        "if {", "return;", "}", 'location ~ "^/a{2}$" {', "proxy_pass;", "auth_basic;", "}", "root  /srv/n;",
        "client_max_body_size 1m;", "}", "}",
    ] == lines(web, NGINX)  # fmt: skip
    assert [] == lines(web, "/etc/nginx/types.conf")


def test_access_files_below_what_is_served_have_the_names_that_apache_has_for_them(web: Printed) -> None:
    assert ["Options +Indexes"] == lines(web, "/srv/web/.htaccess")
    assert ("error", 3) == (
        web.evidence.statuses["text", "/srv/web/a\nb/.htaccess"],
        web.evidence.walk("htaccess").total,
    )
    assert ("text", "/home/u/.htaccess") not in web.evidence.statuses


def test_of_a_page_only_that_it_is_the_default_one_is_printed(web: Printed) -> None:
    assert ["Debian Default Page"] == lines(web, "/srv/web/index.html")
    assert web.evidence.file("/srv/web/manual") is None
    assert web.evidence.file("/usr/share/httpd/manual") is None
    assert web.evidence.lines("/etc/httpd/conf/httpd.conf") is None


def test_without_a_web_server_there_is_little_to_say(probe: Callable[..., Printed], tmp_path: Path) -> None:
    for name in ("etc", "usr"):
        (tmp_path / name).mkdir()
    printed = probe(tmp_path)

    assert printed.evidence.lines(MAIN) is None
    assert ("file", "/usr/share/httpd/manual") not in printed.evidence.statuses
    assert "skipped" == printed.evidence.statuses["command", "ss -lntp"]
