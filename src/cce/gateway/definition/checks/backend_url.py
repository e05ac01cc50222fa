"""Backend URLs: their form, and hosts that no definition may make the gateway ask (SSRF).

Names are judged as they are written. What a name resolves to is known only when it is asked, so whoever asks
must look at the address again.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from cce.gateway.embedded import AWS_LOCAL, LOCAL_NAT64, embedded_ipv4

#: Characters of a backend URL, as NHN has it.
LIMIT: Final = 150

_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL
)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_BARE_IPV6: Final = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")
_FORM: Final = "write https://host[:port][/path]"
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PATH: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_DOTS: Final = re.compile(r"/(?:\.|%2[eE]){1,2}(?:/|\Z)")

#: The well-known ones, and those above them that services in a private network listen on.
_FIRST_PORT: Final = 1024
_LAST_PORT: Final = 65535
_PORTS: Final = f"80, 443 or {_FIRST_PORT} to {_LAST_PORT}"
_METADATA: Final = frozenset(
    {"instance-data", "metadata", "metadata.google.internal", "metadata.goog", "metadata.azure.internal"}
)
_METADATA_SUFFIX: Final = ".ec2.internal"


def problem_of(url: str, *, local: bool = False) -> str:
    """What is wrong with a backend URL, why, and what to write; empty when it is right.

    Parameters
    ----------
    local
        Whether loopback addresses are allowed.
    """
    found = _URL.fullmatch(url)
    if not found:
        return f"{url!r} must begin with http:// or https://"
    if len(url) > LIMIT:
        return (
            f"the URL has {len(url)} characters, {LIMIT} are allowed; move a part of it to the methods' paths"
        )
    if found["rest"]:
        return "it holds a query or a fragment; the client's query is passed on: write scheme, host and path"
    if "@" in found["authority"]:
        return "it holds a user or a password, which everybody can read here; set a header by a plugin"
    authority = _AUTHORITY.fullmatch(found["authority"])
    if not authority or not authority["host"]:
        bare = _BARE_IPV6.fullmatch(found["authority"])
        form = "an IPv6 address stands in brackets: https://[2001:db8::1]:8443" if bare else _FORM
        return f"{found['authority']!r} is no host; {form}"
    return _of_port(authority["port"]) or _of_host(authority["host"], local=local) or _of_path(found["path"])


def _of_port(port: str | None) -> str:
    if port is None or port in {"80", "443"}:
        return ""
    if not port:
        return f"there is no port behind the colon; use {_PORTS}, or take the colon out"
    if int(port) > _LAST_PORT:
        return f"there is no port {port}, the last is {_LAST_PORT}; use {_PORTS}"
    if int(port) >= _FIRST_PORT:
        return ""
    return f"port {port} is not allowed: below {_FIRST_PORT} are other services than HTTP; use {_PORTS}"


def _of_path(path: str) -> str:
    if _DOTS.search(path):
        return "its path holds . or .. as a segment; write the path that is meant"
    return "" if _PATH.fullmatch(path) else f"{path!r} is no path; write blanks and the like percent-encoded"


def _of_host(host: str, *, local: bool) -> str:
    name = host.lower().rstrip(".")
    address = _address(name)
    if isinstance(address, str):
        return address
    if address is not None:
        return _of_address(address, local=local)
    if name in _METADATA or (name.startswith("instance-data.") and name.endswith(_METADATA_SUFFIX)):
        return f"{host} is the metadata service of a machine, which hands out its credentials; name a backend"
    if name == "localhost" or name.endswith(".localhost"):
        return "" if local else _loopback(host)
    return ""


def _address(name: str) -> IPv4Address | IPv6Address | str | None:
    """The address that a host is; ``None`` for a name; a text when it is neither."""
    if name.startswith("["):
        try:
            return IPv6Address(name[1:-1])
        except ValueError:
            return f"{name} is no IPv6 address; write [2001:db8::1]"
    last = name.rpartition(".")[2]
    # What browsers and resolvers read as a number: 2852039166, 0xA9FEA9FE, 0251.0376.0251.0376, 127.1.
    if last.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", last):
        try:
            return IPv4Address(name)
        except ValueError:
            return f"{name} is a number that some read as an address; write four decimal numbers, as 10.0.0.1"
    if not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return f"{name!r} is no host name; write letters, digits, - and ., others in their xn-- form"
    return None


def _of_address(address: IPv4Address | IPv6Address, *, local: bool) -> str:
    if address in LOCAL_NAT64:
        return f"{address} is an address of NAT64 that hides which IPv4 address it leads to; write that one"
    meant = (embedded_ipv4(address) if isinstance(address, IPv6Address) else None) or address
    if meant.is_loopback:
        return "" if local else _loopback(str(address))
    if meant.is_link_local or meant in AWS_LOCAL:
        return (
            f"{address} is a link-local address, where machines keep metadata and credentials; name a backend"
        )
    if meant.is_unspecified or meant.is_multicast or meant.is_reserved:
        return f"{address} is no address of a server; name a backend"
    return ""


def _loopback(host: str) -> str:
    return f"{host} is the machine that asks, not a backend; name one (cce gateway serve allows it)"
