"""The network as this machine sees it: resolvers and TLS servers; see :class:`cce.doctor.ports.Net`."""

from __future__ import annotations

import secrets
import socket
import ssl
from typing import Final

from cce.doctor.model import Answer, Certificate
from cce.fleet import dns_wire

#: Seconds that a resolver or a server has.
_PATIENCE: Final = 3.0
_LARGEST: Final = 4096

#: Addresses for documentation: connecting a datagram socket to them sends nothing, but picks our own address.
_NOWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))

#: Errors by which the C library says that there is no such name, and that it has no address.
_NO_NAME: Final = frozenset({socket.EAI_NONAME})
_NO_DATA: Final = frozenset({getattr(socket, "EAI_NODATA", None), getattr(socket, "EAI_ADDRFAMILY", None)})


class SocketNet:
    """Asks with sockets of the standard library. Nothing is sent but DNS questions and TLS handshakes."""

    def __init__(self, *, https: int = 443, dns: int = 53) -> None:
        self._https = https
        self._dns = dns

    def resolve(self, name: str, resolver: str = "") -> Answer:
        """See :meth:`cce.doctor.ports.Net.resolve`."""
        return self._from(resolver, name) if resolver else _from_system(name)

    def certificate(self, name: str) -> Certificate:
        """See :meth:`cce.doctor.ports.Net.certificate`.

        The chain is verified, the name is not: whose name it is, is the question.
        """
        context = ssl.create_default_context()
        context.check_hostname = False
        try:
            with (
                socket.create_connection((name, self._https), timeout=_PATIENCE) as plain,
                context.wrap_socket(plain, server_hostname=name) as secure,
            ):
                shown = secure.getpeercert() or {}
        except (OSError, UnicodeError) as error:
            return Certificate(reached=False, reason=f"{type(error).__name__}: {error}")
        names = [str(entry[1]) for entry in shown.get("subjectAltName", ())]
        return Certificate(reached=True, names=tuple(names))

    def own_addresses(self) -> tuple[str, ...]:
        """See :meth:`cce.doctor.ports.Net.own_addresses`."""
        found = []
        for family, nowhere in _NOWHERE:
            try:
                with socket.socket(family, socket.SOCK_DGRAM) as plain:
                    plain.connect((nowhere, 9))
                    found.append(plain.getsockname()[0])
            except OSError:
                continue  # no route of that family
        return tuple(found)

    def _from(self, resolver: str, name: str) -> Answer:
        answers = [self._asked(resolver, name, kind) for kind in (dns_wire.A, dns_wire.AAAA)]
        addresses = tuple(a for answer in answers for a in answer.addresses)
        return Answer("ok", addresses) if addresses else answers[0]

    def _asked(self, resolver: str, name: str, kind: int) -> Answer:
        ident = secrets.randbelow(1 << 16)
        family = socket.AF_INET6 if ":" in resolver else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as plain:
                plain.settimeout(_PATIENCE)
                plain.connect((resolver, self._dns))  # answers of others are dropped
                plain.send(dns_wire.question(name, kind, ident))
                return dns_wire.answer(plain.recv(_LARGEST), kind, ident)
        except (OSError, dns_wire.MalformedError):
            return Answer("failed")


def _from_system(name: str) -> Answer:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_NAME:
            return Answer("nxdomain")
        return Answer("nodata" if error.errno in _NO_DATA else "failed")
    except UnicodeError:
        return Answer("nxdomain")
    return Answer("ok", tuple(dict.fromkeys(str(row[4][0]) for row in found)))
