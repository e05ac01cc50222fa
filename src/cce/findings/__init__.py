"""Findings (취약점 이력): the life of one item on one server, over all assessments. Pure: no AWS, no clock.

:mod:`cce.findings.track` keeps what each assessment saw of an item, :mod:`cce.findings.life` says what that
makes of it (open, fixed, recurred), :mod:`cce.findings.change` what one assessment changed.
"""
