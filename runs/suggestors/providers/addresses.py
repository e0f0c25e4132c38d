"""Which addresses may be connected to: public ones, and what was expressly allowed."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


def resolved(host: str, port: int) -> list[str]:
    """Every address of the host, in the order of preference; raises OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def address_of(text: str) -> Address:
    """The address; one of IPv4 in the dress of IPv6 as what it is."""
    address = ip_address(text.partition("%")[0])
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def is_public(address: Address) -> bool:
    """Whether anybody may be there: nothing private, loopback, link-local (where metadata services live), shared, reserved or multicast."""
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in (address, *_inner(address)))


def _inner(address: Address) -> list[Address]:
    """The IPv4 addresses that an address of IPv6 leads to."""
    if isinstance(address, IPv4Address):
        return []
    return [one for one in (address.sixtofour, address.teredo[1] if address.teredo else None) if one is not None]


def is_allowed(text: str, networks: Iterable[str]) -> bool:
    """Whether the address may be connected to: it lies in one of the networks, or is public."""
    return is_within(text, networks) or is_public(address_of(text))


def is_within(text: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks."""
    address = address_of(text)
    return any(address in ip_network(network) for network in networks)


def network_faults(networks: object) -> list[str]:
    """Which of a list are no networks, in words."""
    texts = [one for one in networks if isinstance(one, str)] if isinstance(networks, list) else []
    return [f"'{one}' is no network such as 10.1.0.0/16" for one in texts if not _is_network(one)]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
