"""Resolvers and TLS servers by sockets, against servers of this test on the loopback."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from cce.doctor.custom_names import fits
from cce.doctor.model import Answer
from cce.fleet import dns_wire
from cce.fleet.net import SocketNet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HERE = "127.0.0.1"
NAME = "a1b2c3d4e5-vpce-0a.execute-api.ap-northeast-2.amazonaws.com"


def answered(question: bytes, addresses: list[str], code: int = 0, kind: int = dns_wire.A) -> bytes:
    """An answer to a question: a CNAME, then the addresses, by a pointer to the question's name."""
    (asked,) = struct.unpack("!H", question[-4:-2])
    found = addresses if asked == kind else []
    header = question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 + len(found), 0, 0)
    alias = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    family = socket.AF_INET if kind == dns_wire.A else socket.AF_INET6
    packed = [socket.inet_pton(family, a) for a in found]
    records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(p)) + p for p in packed]
    return header + question[12:] + alias + b"".join(records)


@contextmanager
def resolver(answer: Callable[[bytes], bytes]) -> Iterator[SocketNet]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HERE, 0))

        def serve() -> None:
            for _ in range(2):  # IPv4 and IPv6
                question, asker = server.recvfrom(4096)
                server.sendto(answer(question), asker)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield SocketNet(dns=server.getsockname()[1])
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda q: answered(q, ["10.111.0.17", "10.111.0.81"]), Answer("ok", ("10.111.0.17", "10.111.0.81"))),
        (lambda q: answered(q, ["fd00::17"], kind=dns_wire.AAAA), Answer("ok", ("fd00::17",))),
        (lambda q: answered(q, []), Answer("nodata")),
        (lambda q: answered(q, [], code=3), Answer("nxdomain")),
        (lambda q: answered(q, [], code=5), Answer("failed")),
        (lambda q: answered(q, ["10.111.0.17"])[:-3], Answer("nodata")),
        (lambda q: bytes([q[0] ^ 1]) + answered(q, ["10.111.0.17"])[1:], Answer("failed")),
        (lambda _: b"", Answer("failed")),
    ],
)
def test_a_resolver_is_asked(answer: Callable[[bytes], bytes], expected: Answer) -> None:
    with resolver(answer) as net:
        assert expected == net.resolve(NAME, HERE)


def test_a_resolver_that_is_not_there_did_not_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]

    assert Answer("failed") == SocketNet(dns=port).resolve(NAME, HERE)


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64 + ".example"])
def test_a_name_that_is_none_is_not_asked(name: str) -> None:
    with pytest.raises(dns_wire.MalformedError):
        dns_wire.question(name, dns_wire.A, 1)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_malformed(data: bytes) -> None:
    header = struct.pack("!HH", 7, 0x8180)
    try:
        found = dns_wire.answer(header + data, dns_wire.A, 7)
    except dns_wire.MalformedError:
        return
    assert found.status in {"ok", "nodata", "nxdomain", "failed"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (socket.EAI_NONAME, "nxdomain"),
        (getattr(socket, "EAI_NODATA", socket.EAI_NONAME), "nodata"),
        (socket.EAI_AGAIN, "failed"),
    ],
)
def test_what_the_system_says_has_our_words(
    monkeypatch: pytest.MonkeyPatch, number: int, expected: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "because")

    monkeypatch.setattr("socket.getaddrinfo", refuse)

    assert expected == SocketNet().resolve(NAME).status


def test_the_systems_addresses_are_told_once() -> None:
    assert Answer("ok", (HERE,)) == SocketNet().resolve(HERE)


def test_own_addresses_are_addresses() -> None:
    for address in SocketNet().own_addresses():
        socket.getaddrinfo(address, None, flags=socket.AI_NUMERICHOST)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a self-signed certificate for the names of API Gateway."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    names = [x509.DNSName("*.execute-api.ap-northeast-2.amazonaws.com"), x509.DNSName("cce.corp.example")]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    where = tmp_path_factory.mktemp("tls")
    (where / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (where / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return where / "certificate.pem", where / "key.pem"


@contextmanager
def tls_server(certificate: Path, key: Path) -> Iterator[SocketNet]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server((HERE, 0)) as server:

        def serve() -> None:
            plain, _ = server.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                return  # the client did not trust the chain

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield SocketNet(https=server.getsockname()[1])
        thread.join(timeout=10)


def test_a_certificate_is_seen_whatever_name_it_is_for(
    certified: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[0]))

    with tls_server(*certified) as net:
        seen = net.certificate("localhost")

    assert seen.reached, seen.reason
    assert ("*.execute-api.ap-northeast-2.amazonaws.com", "cce.corp.example") == seen.names


def test_a_chain_that_is_not_trusted_is_not_seen(certified: tuple[Path, Path]) -> None:
    with tls_server(*certified) as net:
        seen = net.certificate("localhost")

    assert not seen.reached
    assert "CERTIFICATE_VERIFY_FAILED" in seen.reason


def test_a_server_that_is_not_there_is_not_reached() -> None:
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]

    seen = SocketNet(https=port).certificate("localhost")

    assert not seen.reached
    assert seen.reason.startswith("ConnectionRefusedError")


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("api.corp.example", "API.corp.example.", True),
        ("api.corp.example", "*.corp.example", True),
        ("v1.api.corp.example", "*.corp.example", False),
        ("corp.example", "*.corp.example", False),
        ("nlb.elb.ap-northeast-2.amazonaws.com", "*.execute-api.ap-northeast-2.amazonaws.com", False),
    ],
)
def test_a_wildcard_covers_one_label(name: str, pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert expected is fits(name, pattern)
