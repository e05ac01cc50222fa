"""Tailoring (조직 기준 적용): where an organisation departs from the guide, and why. Pure: no AWS, no file.

A YAML file sets policy switches and parameters and switches items off, each with a reason
(docs/tailoring.md). :func:`~cce.tailoring.load.parse` reads and checks it,
:func:`~cce.tailoring.apply.apply` makes of a benchmark the one that a server is judged by. Verdicts are
never changed after the fact.
"""

from cce.tailoring.apply import apply
from cce.tailoring.load import parse
from cce.tailoring.model import Tailoring

__all__ = ["Tailoring", "apply", "parse"]
