"""A backend for the tests of the gateway."""

from gateway_backend import there

__all__ = ["there"]
