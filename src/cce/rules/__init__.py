"""Rules: pure functions from evidence to checks. Importing the package registers them all."""

from cce.rules import (  # noqa: F401 - imported so that they register
    access,
    accounts,
    exports,
    files,
    ftp,
    groups,
    homes,
    jobs,
    lockout,
    network,
    password_hash,
    password_history,
    passwords,
    root_path,
    services,
    session,
    suid,
    trusted_hosts,
    umask,
    walk,
    web,
    web_files,
    web_limits,
)
from cce.rules.registry import get_rule, rule_ids

__all__ = ["get_rule", "rule_ids"]
