"""Finds why a private API cannot be called, or why a call leaves the VPC; it reads and changes nothing.

:mod:`collect` asks AWS, resolvers and TLS servers through ports and makes a snapshot (:mod:`model`);
:mod:`checks` judge the snapshot and ask nobody; :mod:`run` brings both together.
"""
