"""Where distributions keep Apache's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a distribution keeps Apache's configuration, and what it is built with."""

    main: str
    server_root: str
    document_root: str  # where no DocumentRoot is set
    package: str = ""  # none for one built from source
    environment: str = ""  # the file whose variables the service has
    before: tuple[str, ...] = ()  # read before and after the main file (`httpd -C Include -c Include`)
    after: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()


DEBIAN: Final = Layout(
    "/etc/apache2/apache2.conf", "/etc/apache2", "/var/www/html", "apache2", "/etc/apache2/envvars"
)
SUSE: Final = Layout(
    "/etc/apache2/httpd.conf",
    "/etc/apache2",
    "/srv/www/htdocs",
    "apache2",
    "/etc/sysconfig/apache2",
    before=("/etc/apache2/sysconfig.d/loadmodule.conf", "/etc/apache2/sysconfig.d/global.conf"),
    after=("/etc/apache2/sysconfig.d/include.conf",),
    defines=("SYSCONFIG",),
)
REDHAT: Final = Layout(
    "/etc/httpd/conf/httpd.conf", "/etc/httpd", "/etc/httpd/htdocs", "httpd", "/etc/sysconfig/httpd"
)
LOCAL: Final = tuple(
    Layout(
        f"/usr/local/{name}/conf/httpd.conf",
        f"/usr/local/{name}",
        f"/usr/local/{name}/htdocs",
        environment=f"/usr/local/{name}/envvars",
    )
    for name in ("apache2", "apache")
)
LAYOUTS: Final = (DEBIAN, SUSE, REDHAT, *LOCAL)
