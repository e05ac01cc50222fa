"""Signatures of requests (HMAC), as NHN Cloud's API Gateway checks them. Pure: no clock, no I/O.

:mod:`~cce.gateway.signing.to_sign` builds the string that both sides sign, :mod:`~cce.gateway.signing.verify`
judges a request, :mod:`~cce.gateway.signing.client` signs one, :mod:`~cce.gateway.signing.explain` says why
the two differ. The scheme in words, with vectors: docs/signing.md.
"""
