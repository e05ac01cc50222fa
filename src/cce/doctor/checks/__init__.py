"""The checks, one module each; importing this package registers them all."""

from __future__ import annotations

from cce.doctor.checks import (  # noqa: F401 - importing registers
    access_mode,
    agent_endpoints,
    alias_filtered,
    alias_missing,
    alias_wrong,
    association,
    certificate,
    custom_domain,
    endpoint_policy,
    endpoint_state,
    group_admits,
    nlb_client_ip,
    nlb_targets,
    not_redeployed,
    old_agent,
    policy_missing,
    policy_narrow,
    policy_wide,
    preflight,
    private_dns_trap,
    public_call,
)
from cce.doctor.checks.registry import CHECKS, Check, Saw

__all__ = ["CHECKS", "Check", "Saw"]
