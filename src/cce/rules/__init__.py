"""Rules: pure functions from evidence to checks. Importing the package registers them all."""

from cce.rules import (  # noqa: F401 - imported so that they register
    access,
    accounts,
    dns,
    exports,
    files,
    ftp,
    groups,
    homes,
    jobs,
    lockout,
    mail,
    mail_expn_vrfy,
    mail_queue,
    mail_relay,
    network,
    password_hash,
    password_history,
    passwords,
    root_path,
    services,
    session,
    snmp,
    suid,
    timesync,
    trusted_hosts,
    umask,
    walk,
)
from cce.rules.registry import get_rule, rule_ids

__all__ = ["get_rule", "rule_ids"]
