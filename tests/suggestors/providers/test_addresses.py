"""Which addresses may be connected to."""

import pytest

from runs.suggestors.providers.addresses import is_allowed, network_faults, resolved

PRIVATE = [
    *("127.0.0.1", "127.255.0.3", "10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "0.0.0.0"),
    *("169.254.169.254", "169.254.1.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_private_is_asked(address):
    assert not is_allowed(address, [])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses_are_asked(address):
    assert is_allowed(address, [])


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("127.0.0.1", ["127.0.0.0/8"], True),
        ("::ffff:127.0.0.1", ["127.0.0.0/8"], True),
        ("10.1.2.3", ["10.1.0.0/16"], True),
        ("10.2.2.3", ["10.1.0.0/16"], False),
        ("169.254.169.254", ["10.0.0.0/8"], False),
        ("fd00::1", ["10.0.0.0/8", "fd00::/8"], True),
    ],
)
def test_networks_may_be_allowed(address, networks, allowed):
    assert is_allowed(address, networks) is allowed


def test_what_is_no_network_is_told():
    assert network_faults(["10.0.0.0/8", "x", 1, "10.0.0.1/8"]) == [
        "'x' is no network such as 10.1.0.0/16",
        "'10.0.0.1/8' is no network such as 10.1.0.0/16",
    ]
    assert network_faults(None) == []


def test_a_name_is_resolved_to_all_its_addresses():
    assert set(resolved("localhost", 80)) <= {"127.0.0.1", "::1"}
