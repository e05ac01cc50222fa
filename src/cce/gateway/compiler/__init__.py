"""The compiler: a snapshot becomes the OpenAPI document that API Gateway is given, method by method.

What API Gateway can do alone stays with it (``native``, ``mock``); the rest goes to the relay function. Every
choice has its reason in words. docs/adr/0031 says why the lines are where they are. Pure: no AWS, no clock.
"""

from cce.gateway.compiler.compile import compile_stage
from cce.gateway.compiler.model import Choice, Compiled, Kind, Target

__all__ = ["Choice", "Compiled", "Kind", "Target", "compile_stage"]
