"""Rules: pure functions from evidence to checks. Importing the package registers them all."""

from cce.rules import (  # noqa: F401 - imported so that they register
    access,
    accounts,
    exports,
    files,
    ftp,
    groups,
    hidden,
    homes,
    jobs,
    lockout,
    log_files,
    log_review,
    mail,
    mail_expn_vrfy,
    mail_queue,
    mail_relay,
    network,
    password_hash,
    password_history,
    passwords,
    patches,
    root_path,
    services,
    session,
    start_scripts,
    suid,
    system_logging,
    trusted_hosts,
    umask,
    walk,
)
from cce.rules.registry import get_rule, rule_ids

__all__ = ["get_rule", "rule_ids"]
