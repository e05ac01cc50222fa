"""Fixtures of the adapters' tests."""

from aws_by_moto import aws

__all__ = ["aws"]
