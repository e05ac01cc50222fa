"""Web servers in use: U-35 to U-41 and U-71, and the same rules as WEB items of 2026."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Package
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

APACHE = {"apache2.service": "enabled active"}
HTTPD = {"httpd.service": "enabled active"}
NGINX = {"nginx.service": "enabled inactive"}
MAIN = "/etc/apache2/apache2.conf"
REDHAT = "/etc/httpd/conf/httpd.conf"
SUSE = "/etc/apache2/httpd.conf"
LOCAL = "/usr/local/apache2/conf/httpd.conf"
CONF = "/etc/nginx/nginx.conf"
VERSION = {"apache2": "2.4.68-1~deb12u1"}
PASSWD = "root:0:/root:/bin/sh www-data:33:/var/www:/usr/sbin/nologin nginx:900:/srv:/bin/bash toor:0:/root:/usr/sbin/nologin"
GROUP = "root:0: www-data:33: nginx:900:"
WALK = {"htaccess": ("ok", 0, [])}
#: A site that meets every item, and what a case changes comes behind it.
SITE = """User www-data
Group www-data
ServerTokens Prod
ServerSignature Off
Listen 80
<Directory />
Options None
AllowOverride None
Require all denied
</Directory>
<VirtualHost *:80>
DocumentRoot /srv/site
<Directory /srv/site>
Options None
AllowOverride None
Require all granted
</Directory>
</VirtualHost>
"""
INDEXES = SITE.replace("<Directory />\nOptions None", "<Directory />\nOptions Indexes")
USR = "<Directory /usr>\nRequire all granted\n</Directory>"


def a(conf: str, *, base: str = SITE, texts: dict[str, str] | None = None, **more: object) -> Evidence:
    """A Debian server with Apache."""
    given: dict[str, object] = {"packages": VERSION, "passwd": PASSWD, "group": GROUP, "walks": WALK}
    return evidence(units=APACHE, texts={MAIN: base + conf, **(texts or {})}, **(given | more))  # type: ignore[arg-type]


def n(conf: str, *, texts: dict[str, str] | None = None, **more: object) -> Evidence:
    """A server with nginx."""
    given: dict[str, object] = {"passwd": PASSWD, "group": GROUP}
    return evidence(units=NGINX, texts={CONF: conf, **(texts or {})}, **(given | more))  # type: ignore[arg-type]


def server(inner: str, http: str = "") -> str:
    """A configuration of nginx with one server."""
    return f"user www-data;\nhttp {{ {http}\nserver {{ server_name a.example; {inner}\n}} }}"


def inside(directives: str) -> str:
    """A section for the site's directory."""
    return f"<VirtualHost *:80>\nDocumentRoot /srv/other\n<Directory /srv/other>\nRequire all granted\n{directives}\n</Directory>\n</VirtualHost>"


Case = tuple[str, "Evidence", str, str]
LISTING: list[Case] = [
    ("Options None", a(""), "good", "Options None"),
    ("Indexes", a(inside("Options Indexes")), "vulnerable", f"{MAIN}:23 Options Indexes"),
    ("+Indexes", a(inside("Options +Indexes")), "vulnerable", "+Indexes"),
    ("-Indexes after All", a(inside("Options All\nOptions -Indexes")), "good", "-Indexes"),
    ("a comment", a("# Options Indexes"), "good", ""),
    ("inherited", a("<Directory /srv>\nOptions Indexes\n</Directory>\n" + inside("AllowOverride None")), "vulnerable", ""),
    ("inherited and taken away", a("<Directory /srv>\nOptions Indexes\nRequire all denied\n</Directory>\n" + inside("Options -Indexes")), "good", ""),
    ("nobody is let in", a("<Directory /srv/site/x>\nOptions Indexes\nRequire all denied\n</Directory>"), "good", ""),
    ("nobody is let in, 2.2", a("<Directory /srv/site/x>\nOptions Indexes\nOrder allow,deny\nDeny from all\n</Directory>"), "good", ""),
    ("somebody is let in, 2.2", a("<Directory /srv/site/x>\nOptions Indexes\nOrder deny,allow\nDeny from all\nAllow from some\n</Directory>"), "vulnerable", ""),
    ("a module that is not loaded", a("<IfModule mod_x.c>\n" + inside("Options Indexes") + "\n</IfModule>"), "good", ""),
    ("a module that is loaded", a("LoadModule x_module m/mod_x.so\n<IfModule mod_x.c>\n" + inside("Options Indexes") + "\n</IfModule>"), "vulnerable", ""),
    ("not loaded, and asked so", a("<IfModule !mod_x.c>\n" + inside("Options Indexes") + "\n</IfModule>"), "vulnerable", ""),
    ("a define", a("Define A\n<IfDefine A>\n" + inside("Options Indexes") + "\n</IfDefine>"), "vulnerable", ""),
    ("no define", a("<IfDefine A>\n" + inside("Options Indexes") + "\n</IfDefine>"), "good", ""),
    ("a define of the environment", a("<IfDefine A>\n" + inside("Options Indexes") + "\n</IfDefine>", texts={"/etc/apache2/envvars": "export APACHE_ARGUMENTS='-D A'"}), "vulnerable", ""),
    ("an older version", a("<IfVersion < 2.4>\n" + inside("Options Indexes") + "\n</IfVersion>"), "good", ""),
    ("this version", a("<IfVersion >= 2.4.10>\n" + inside("Options Indexes") + "\n</IfVersion>"), "vulnerable", ""),
    ("a version that nobody knows", a("<IfVersion >= 2.4>\n</IfVersion>", packages={}), "error", "version"),
    ("included by wildcard", a("IncludeOptional sites-enabled/*.conf", texts={"/etc/apache2/sites-enabled/x.conf": inside("Options Indexes"), "/etc/apache2/sites-enabled/x.off": "Options Indexes"}), "vulnerable", "x.conf:5"),
    ("included and denied", a("Include more.conf", unread={("text", "/etc/apache2/more.conf"): "denied"}), "error", "more.conf"),
    ("a variable in a path", a("Define S /etc/apache2/extra\nInclude ${S}/x.conf", texts={"/etc/apache2/extra/x.conf": inside("Options Indexes")}), "vulnerable", "x.conf"),
    ("a macro", a("Use Site a"), "error", "mod_macro"),
    ("nginx, in another case", n(server("autoindex ON;")), "vulnerable", ""),
    ("a continued line", a(inside("Options \\\nIndexes")), "vulnerable", ""),
    ("by Location", a("<Location /x>\nOptions Indexes\n</Location>"), "vulnerable", ""),
    ("open, and served by nothing", a(USR, base=INDEXES), "good", ""),
    ("an Alias", a(f"Alias /x /usr/x/\n{USR}", base=INDEXES), "vulnerable", "Options Indexes"),
    ("an Alias in a Location", a(f"<Location /x>\nAlias /usr/x\n</Location>\n{USR}", base=INDEXES), "vulnerable", "Options Indexes"),
    ("by expression", a('<DirectoryMatch "^/srv/.*">\nOptions +Indexes\nRequire all granted\n</DirectoryMatch>'), "vulnerable", ""),
    ("homes, switched off", a("<Directory /home/*/public_html>\nOptions Indexes\nRequire all granted\n</Directory>\nLoadModule userdir_module x\nUserDir disabled"), "good", ""),
    ("homes, switched on", a("<Directory /home/*/public_html>\nOptions Indexes\nRequire all granted\n</Directory>\nLoadModule userdir_module x\nUserDir public_html"), "vulnerable", ""),
    (".htaccess that counts", a("<Directory /srv/site/u>\nAllowOverride Options\n</Directory>\n<Directory /srv/site>\nAllowOverride Options\n</Directory>", texts={"/srv/site/u/.htaccess": "Options +Indexes"}), "vulnerable", "/srv/site/u/.htaccess:1"),
    (".htaccess that does not", a("", texts={"/srv/site/u/.htaccess": "Options +Indexes"}), "good", ""),
    (".htaccess that may say other things", a(inside("AllowOverride FileInfo"), texts={"/srv/other/.htaccess": "Options +Indexes"}), "good", ""),
    (".htaccess that may say other options", a(inside("AllowOverride Options=FollowSymLinks"), texts={"/srv/other/.htaccess": "Options +Indexes"}), "good", ""),
    (".htaccess by a list", a(inside("AllowOverride None\nAllowOverrideList Options"), texts={"/srv/other/.htaccess": "Options +Indexes"}), "vulnerable", ".htaccess:1"),
    (".htaccess and no walk", a(inside("AllowOverride All"), walks={"htaccess": ("timeout", 0, [])}), "error", "htaccess"),
    (".htaccess that was cut", a(inside("AllowOverride All"), walks={"htaccess": ("cut", 3, [(0o644, 0, "/x/.htaccess")])}), "error", "htaccess"),
    (".htaccess that was not read", a(inside("AllowOverride All"), walks={"htaccess": ("ok", 1, [(0o644, 0, "/srv/other/.htaccess")])}, unread={("text", "/srv/other/.htaccess"): "denied"}), "error", "htaccess"),
    ("by another name", a("AccessFileName .acl\n" + inside("AllowOverride All")), "error", "AccessFileName"),
    ("Red Hat", evidence(units=HTTPD, texts={REDHAT: SITE + inside("Options Indexes")}, packages={"httpd": "2.4.62-1.el9"}), "vulnerable", REDHAT),
    ("SUSE", evidence(units=APACHE, texts={SUSE: SITE + "<IfDefine SYSCONFIG>\n<IfModule mod_x.c>\n" + inside("Options Indexes") + "\n</IfModule>\n</IfDefine>", "/etc/apache2/sysconfig.d/loadmodule.conf": "LoadModule x_module x"}), "vulnerable", SUSE),
    ("built from source", evidence(units=HTTPD, texts={LOCAL: SITE + inside("Options Indexes")}), "vulnerable", LOCAL),
    ("built from source, modules built in", evidence(units=HTTPD, texts={LOCAL: SITE + "<IfModule mod_x.c>\n" + inside("Options Indexes") + "\n</IfModule>"}), "vulnerable", LOCAL),
    ("built from source, by default", evidence(units=HTTPD, texts={LOCAL: "User www-data\nListen 80\n"}), "error", "version"),
    ("no configuration", evidence(units=APACHE), "error", MAIN),
    ("denied", evidence(units=APACHE, unread={("text", MAIN): "denied"}), "error", MAIN),
    ("nginx", n(server("root /srv/a;")), "good", "default off"),
    ("nginx, on", n(server("autoindex on;")), "vulnerable", f"{CONF}:3 autoindex on;"),
    ("nginx, inherited", n(server("location /x { }", "autoindex on;")), "vulnerable", ""),
    ("nginx, taken away", n(server("autoindex off;", "autoindex on;")), "good", ""),
    ("nginx, in a location", n(server("location / { location /a { autoindex on; } }")), "vulnerable", ""),
    ("nginx, commented", n(server("# autoindex on;\n")), "good", ""),
    ("nginx, included", n("http { include sites/*; }", texts={"/etc/nginx/sites/a": "server { autoindex on; }"}), "vulnerable", "/etc/nginx/sites/a:1"),
    ("nginx, not read", n("http { include sites/a; }", unread={("text", "/etc/nginx/sites/a"): "denied"}), "error", ""),
    ("nginx, not collected", n("http { include sites/a; }"), "error", ""),
    ("nothing in use", evidence(texts={MAIN: inside("Options Indexes")}, units={"apache2.service": "disabled inactive"}), "good", "not in use"),
    ("both, one bad", evidence(units=APACHE | NGINX, texts={MAIN: SITE, CONF: server("autoindex on;")}, packages=VERSION), "vulnerable", "autoindex"),
    ("an unknown server", evidence(commands={"ss -lntp": 'LISTEN 0 9 *:443 *:* users:(("java",pid=7,fd=8))'}), "error", "java"),
    ("a known one by its process", evidence(commands={"ss -lntp": 'LISTEN 0 9 *:80 *:* users:(("nginx",pid=7,fd=8))'}, texts={CONF: server("")}), "good", ""),
    ("sshd on 443", evidence(commands={"ss -lntp": 'LISTEN 0 9 *:443 *:* users:(("sshd",pid=7,fd=8))'}), "good", "not in use"),
    ("a port and no name", evidence(commands={"ss -lntu": "tcp LISTEN 0 9 *:80 *:*"}), "error", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), LISTING, ids=[r[0] for r in LISTING])
def test_listings_are_judged_by_the_options_that_hold(
    why: str, host: Evidence, expected: str, mention: str
) -> None:
    for item, benchmark in (("U-35", "kisa-2021"), ("WEB-04", "kisa-2026")):
        got = verdict(item, host, benchmark)

        assert expected == got.verdict, f"{why}: {got.reason.en}"
        assert mention in said(got)


ACCOUNT: list[Case] = [
    ("its own", a(""), "good", "www-data uid=33"),
    ("root", a("User root"), "vulnerable", ":19 User root"),
    ("another name of root", a("User toor"), "vulnerable", ""),
    ("#0", a("User #0"), "vulnerable", ""),
    ("the group root", a("Group root"), "vulnerable", "Group root"),
    ("a shell", a("User nginx"), "vulnerable", "shell=/bin/bash"),
    ("by envvars", a("User ${APACHE_RUN_USER}", texts={"/etc/apache2/envvars": "export APACHE_RUN_USER=root"}), "vulnerable", ""),
    ("a variable that nobody sets", a("User ${WHO}"), "error", ""),
    ("no such account", a("User nobody"), "error", "/etc/passwd"),
    ("unset", a("", base="Listen 80\n"), "error", MAIN),
    ("nginx", n("user www-data;\nhttp { }"), "good", ""),
    ("nginx, root", n("user root;\nhttp { }"), "vulnerable", "user root;"),
    ("nginx, the group root", n("user www-data root;\nhttp { }"), "vulnerable", ""),
    ("nginx, unset", n("http { }"), "good", "unset"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), ACCOUNT, ids=[r[0] for r in ACCOUNT])
def test_workers_are_not_root(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-36", host)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_a_shell_can_be_accepted() -> None:
    (check, *_) = checks("unix.web-worker-account", a("User nginx"), login_shell="good")

    assert "good" == check.verdict


LOGIN = "AuthType Basic\nAuthUserFile /etc/apache2/users\nRequire valid-user"
ABOVE: list[Case] = [
    ("AllowOverride None", a(""), "review", "AllowOverride None"),
    ("a login", a("", base=SITE.replace("Options None\nAllowOverride None\nRequire all granted", LOGIN)), "good", "AuthType Basic"),
    ("a login by .htaccess", a("", base=SITE.replace("AllowOverride None\nRequire all granted", "AllowOverride AuthConfig"), texts={"/srv/site/.htaccess": LOGIN}), "good", ".htaccess"),
    ("a login that does not count", a("", texts={"/srv/site/.htaccess": LOGIN}), "review", ""),
    ("every request is handed on", a("", base="Listen 80\n<VirtualHost *:80>\nRedirect /\n</VirtualHost>"), "good", "no directory"),
    ("nginx", n(server("location /a/ { alias /srv/a/; }")), "good", ""),
    ("nginx, an alias that leaves", n(server("location /a { alias /srv/a/; }")), "vulnerable", "alias /srv/a/;"),
    ("nginx, exact", n(server("location = /a { alias /srv/a/; }")), "good", ""),
    ("nginx, an expression", n(server("location ~ ^/a { alias /srv/a/; }")), "good", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), ABOVE, ids=[r[0] for r in ABOVE])
def test_what_is_above_the_document_root(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("WEB-06", host, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_the_edition_of_2021_reads_allow_override_none_to_the_letter() -> None:
    assert "vulnerable" == verdict("U-37", a("")).verdict


LEFT: list[Case] = [
    ("nothing", a(""), "good", "/srv/site no default file"),
    ("the manual", a("", files={"/usr/share/httpd/manual": (0o755, 0, "d")}), "vulnerable", "/usr/share/httpd/manual"),
    ("Debian's manual, served", a("Alias /manual /usr/share/doc/apache2-doc/manual/", files={"/usr/share/doc/apache2-doc/manual": (0o755, 0, "d")}), "good", ""),
    ("Debian's manual, let in", a("Alias /manual /usr/share/doc/apache2-doc/manual/\n<Directory /usr/share/doc/apache2-doc/manual>\nRequire all granted\n</Directory>", files={"/usr/share/doc/apache2-doc/manual": (0o755, 0, "d")}), "vulnerable", ""),
    ("Debian's manual, not served", a("", files={"/usr/share/doc/apache2-doc/manual": (0o755, 0, "d")}), "good", ""),
    ("a sample", a("", files={"/usr/lib/cgi-bin/printenv": (0o755, 0)}), "vulnerable", "printenv"),
    ("in the document root", a("", files={"/srv/site/manual": (0o755, 0, "d")}), "vulnerable", "/srv/site/manual"),
    ("Debian's page", a("", texts={"/srv/site/index.html": "Debian Default Page"}), "vulnerable", "index.html:1"),
    ("Red Hat's page", a("Alias /.noindex.html /usr/share/httpd/noindex/index.html"), "vulnerable", "noindex"),
    ("not read", a("", unread={("file", "/usr/share/httpd/manual"): "denied"}), "error", "manual"),
    ("nginx", n(server("root /srv/a;")), "good", ""),
    ("nginx's page", n(server("root /srv/a;"), files={"/srv/a/index.nginx-debian.html": (0o644, 0)}), "vulnerable", ""),
    ("nginx's page by default", n(server(""), texts={"/usr/share/nginx/html/index.html": "Welcome to nginx!"}), "vulnerable", ""),
    ("nginx, a root by name", n(server("root /srv/$host;")), "error", "$host"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), LEFT, ids=[r[0] for r in LEFT])
def test_what_came_with_the_server_is_gone(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-38", host)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_a_default_page_can_be_accepted() -> None:
    host = n(server("root /srv/a;"), files={"/srv/a/index.nginx-debian.html": (0o644, 0)})

    assert ["good"] == [c.verdict for c in checks("unix.web-default-files", host, default_page="good")]


LINKS: list[Case] = [
    ("none", a(""), "good", ""),
    ("FollowSymLinks", a(inside("Options FollowSymLinks")), "vulnerable", "FollowSymLinks"),
    ("by default", a("", base="User www-data\nListen 80\nDocumentRoot /srv/x\n"), "vulnerable", "default FollowSymLinks"),
    ("the same owner", a(inside("Options SymLinksIfOwnerMatch")), "good", "SymLinksIfOwnerMatch"),
    ("the same owner of both", a(inside("Options FollowSymLinks SymLinksIfOwnerMatch")), "good", ""),
    ("Location says nothing of links", a("<Location /x>\nOptions +FollowSymLinks\n</Location>"), "good", ""),
    ("a version that nobody knows", a("", base="User www-data\nListen 80\nDocumentRoot /srv/x\n", packages={}), "error", "version"),
    ("nginx", n(server("root /srv/a;")), "vulnerable", "default off"),
    ("nginx, on", n(server("disable_symlinks on;")), "good", ""),
    ("nginx, on from", n(server("disable_symlinks on from=$document_root;")), "good", ""),
    ("nginx, the same owner", n(server("disable_symlinks if_not_owner;")), "good", ""),
    ("nginx, off in a location", n(server("location /a { disable_symlinks off; }", "disable_symlinks on;")), "vulnerable", "disable_symlinks off;"),
    ("nginx, handed on", n(server("location / { proxy_pass http://a.example; }")), "good", "no location"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), LINKS, ids=[r[0] for r in LINKS])
def test_links_are_not_followed(why: str, host: Evidence, expected: str, mention: str) -> None:
    for item, benchmark in (("U-39", "kisa-2021"), ("WEB-12", "kisa-2026")):
        got = verdict(item, host, benchmark)

        assert expected == got.verdict, f"{why}: {got.reason.en}"
        assert mention in said(got)


@pytest.mark.parametrize(
    "host", [a(inside("Options SymLinksIfOwnerMatch")), n(server("disable_symlinks if_not_owner;"))]
)
def test_links_of_the_same_owner_can_be_refused(host: Evidence) -> None:
    (check,) = checks("unix.web-symbolic-links", host, owner_match="vulnerable")

    assert "vulnerable" == check.verdict


def red_hat(version: str) -> Evidence:
    """A Red Hat server with Apache of that version."""
    server = evidence(units=HTTPD, texts={REDHAT: SITE}, packages={"httpd": version})
    object.__setattr__(server, "packages", {"httpd": Package("httpd", version, "rpm")})
    return server


LIMIT: list[Case] = [
    ("by default", a(""), "good", "default 1073741824"),
    ("by an older default", a("", packages={"apache2": "2.4.52-1ubuntu4"}), "vulnerable", "default 0"),
    ("a version that nobody knows", a("", packages={}), "error", "version"),
    ("set", a("LimitRequestBody 5000000", packages={}), "good", "5000000"),
    ("0", a("LimitRequestBody 0"), "vulnerable", "LimitRequestBody 0"),
    ("0 in one directory", a("LimitRequestBody 5000000\n" + inside("LimitRequestBody 0")), "vulnerable", ""),
    ("0 in a location", a("LimitRequestBody 5000000\n<Location /x>\nLimitRequestBody 0\n</Location>"), "vulnerable", ""),
    ("no number", a("LimitRequestBody many"), "error", "many"),
    ("nginx by default", n(server("")), "good", "default 1m"),
    ("nginx, 0", n(server("client_max_body_size 0;")), "vulnerable", ""),
    ("nginx, 0 in a location", n(server("location /u { client_max_body_size 0; }", "client_max_body_size 5m;")), "vulnerable", ""),
    ("nginx, no size", n(server("client_max_body_size $x;")), "error", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), LIMIT, ids=[r[0] for r in LIMIT])
def test_uploads_are_limited(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-40", host)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.4.37-51.module+el8.7.0", "good"),
        ("2.4.37-47.module+el8.6.0", "vulnerable"),
        ("2.4.53-7.el9", "good"),
        ("2.4.62-1.el9", "good"),
        ("2.4.6-99.el7", "vulnerable"),
    ],
)
def test_red_hat_has_the_default_limit_in_older_versions(version: str, expected: str) -> None:
    got = verdict("U-40", red_hat(version))

    assert expected == got.verdict, got.reason.en


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (a("LimitRequestBody 5000000"), "good"),
        (a("LimitRequestBody 5000001"), "vulnerable"),
        (a(""), "vulnerable"),
        (n(server("client_max_body_size 4m;")), "good"),
        (n(server("client_max_body_size 1G;")), "vulnerable"),
    ],
)
def test_a_number_can_be_asked_for(host: Evidence, expected: str) -> None:
    assert [expected] == [c.verdict for c in checks("unix.web-body-limit", host, max_bytes=5_000_000)]


ROOTS: list[Case] = [
    ("its own", a(""), "good", "DocumentRoot /srv/site"),
    ("the whole system", a("<VirtualHost *:80>\nDocumentRoot /\n</VirtualHost>"), "vulnerable", "DocumentRoot /"),
    ("a directory of the system", n(server("root /etc/;")), "vulnerable", "/etc"),
    ("the default", a("<VirtualHost *:80>\nDocumentRoot /var/www/html/\n</VirtualHost>"), "vulnerable", "/var/www/html"),
    ("below the default", a("<VirtualHost *:80>\nDocumentRoot /var/www/html/site\n</VirtualHost>"), "good", ""),
    ("unset", a("", base="User www-data\nListen 80\n"), "vulnerable", "default /var/www/html"),
    ("the server outside of hosts answers", a("DocumentRoot /var/www/html\nListen 8080"), "vulnerable", ""),
    ("it does not", a("DocumentRoot /var/www/html"), "good", "/srv/site"),
    ("a host that redirects", a("<VirtualHost *:80>\nRedirect permanent / https://a.example/\n</VirtualHost>"), "good", ""),
    ("nginx", n(server("root /srv/a;")), "good", ""),
    ("nginx's default", n(server("")), "vulnerable", "default"),
    ("nginx, set so", n(server("root /usr/share/nginx/html;")), "vulnerable", ""),
    ("nginx, handed on", n(server("location / { proxy_pass http://a.example; }")), "good", ""),
    ("nginx, answered", n(server("return 301 https://a.example;")), "good", ""),
    ("nginx, in one location", n(server("location / { proxy_pass http://a.example; } location /s { root /var/www/html; }")), "vulnerable", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), ROOTS, ids=[r[0] for r in ROOTS])
def test_the_document_root_is_its_own(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-41", host)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


TOKENS: list[Case] = [
    ("both", a(""), "good", "ServerTokens Prod"),
    ("the last counts", a("ServerTokens OS"), "vulnerable", "ServerTokens OS"),
    ("unset", a("", base="Listen 80\n"), "vulnerable", "default Full"),
    ("the signature", a("ServerSignature On"), "vulnerable", "ServerSignature On"),
    ("the signature of a host", a("<VirtualHost *:81>\nServerSignature EMail\n</VirtualHost>"), "vulnerable", "EMail"),
    ("the signature is off by default", a("", base="Listen 80\nServerTokens ProductOnly\n"), "good", ""),
    ("nginx", n(server("server_tokens off;")), "good", ""),
    ("nginx, unset", n(server("")), "vulnerable", "default on"),
    ("nginx, on in one server", n(server("server_tokens on;", "server_tokens off;")), "vulnerable", ""),
    ("nginx, in another case", n(server("server_tokens On;")), "vulnerable", ""),
    ("nginx, build", n(server("server_tokens build;")), "vulnerable", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), TOKENS, ids=[r[0] for r in TOKENS])
def test_the_version_is_not_told(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-71", host)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize("item", ["U-35", "U-36", "U-37", "U-38", "U-39", "U-40", "U-41", "U-71"])
def test_without_a_web_server_the_benchmark_decides(item: str) -> None:
    rule = verdict(item, evidence()).rule

    assert "good" == verdict(item, evidence()).verdict
    assert ["not_applicable"] == [c.verdict for c in checks(rule, evidence(), unused="not_applicable")]
    assert "error" == verdict(item, evidence(unread={("text", MAIN): "denied"}, units=APACHE)).verdict
