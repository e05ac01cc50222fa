"""Rules: pure functions from evidence to checks. Importing the package registers them all."""

from cce.rules.registry import get_rule, rule_ids

__all__ = ["get_rule", "rule_ids"]
