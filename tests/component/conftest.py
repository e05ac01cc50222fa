"""Fixtures of the adapters' tests."""

from aws_by_moto import aws
from gateway_backend import there

__all__ = ["aws", "there"]
