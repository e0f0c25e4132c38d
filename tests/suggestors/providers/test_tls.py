"""HTTPS against a real server: whoever cannot prove its name is not told anything."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runs.engine import EffectRequest, ToolCall
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import Call, ProviderError
from runs.suggestors.providers.http import Http
from runs.suggestors.providers.kinds import read_settings
from tests.mischief import Mischief, mischief

NOW = datetime.now(UTC)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Vouches for names."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed("authority", self.key, x509.BasicConstraints(ca=True, path_length=0))
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def _signed(self, name, key, *extensions, until=NOW + timedelta(days=1)) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("authority")).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=2)).not_valid_after(until)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(self.key, hashes.SHA256())

    def context(self, folder, *names: x509.GeneralName, until=NOW + timedelta(days=1)) -> ssl.SSLContext:
        """Of a server for which the authority vouches under these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed("server", key, x509.SubjectAlternativeName(names), until=until)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "pem").write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "pem")
        return context


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def serving(authority, tmp_path):
    """A server under these names, and how it is asked."""

    @contextmanager
    def serve(*names: x509.GeneralName, **terms) -> Iterator[Mischief]:
        with mischief(authority.context(tmp_path, *names, **terms)) as server:
            yield server

    return serve


def ask(server: Mischief, host: str = "oracle.example", **settings):
    """Ask it under a name that is resolved to where it listens, which is what is connected to."""
    given = server.settings("echo", kind="http", **settings)
    given |= {"url": f"https://{host}:{server.port}/echo", "hosts": [f"{host}:{server.port}"]}
    provider = Http(read_settings("http", given), resolve=lambda host, port: ["127.0.0.1"])
    return provider.answer(Call(EffectRequest(0, "ada", 1, 0, ToolCall("web", "hello")), "k", 1, 5.0))


def test_a_server_that_proves_its_name_is_asked(serving, authority):
    with serving(x509.DNSName("oracle.example")) as server:
        said = ask(server, authorities=authority.pem).output
    assert (said["said"], said["headers"]["Host"]) == ("hello", f"oracle.example:{server.port}")


@pytest.mark.parametrize(
    ("names", "terms", "why"),
    [
        ([x509.DNSName("wrong.example")], {}, "certificate is not valid for 'oracle.example'"),
        ([x509.IPAddress(ip_address("127.0.0.1"))], {}, "certificate is not valid for 'oracle.example'"),
        ([x509.DNSName("oracle.example")], {"until": NOW - timedelta(days=1)}, "certificate has expired"),
    ],
)
def test_a_server_that_does_not_is_told_nothing_and_not_asked_again(serving, authority, names, terms, why):
    with serving(*names, **terms) as server, pytest.raises(ProviderError, match=r"permanent: 'oracle\.example' cannot prove who") as caught:
        ask(server, authorities=authority.pem)
    assert why in str(caught.value)
    assert (caught.value.kind, caught.value.may_be_done, server.asked) == ("permanent", False, [])


@pytest.mark.parametrize("trusted", [None, Authority().pem])
def test_an_authority_that_nobody_named_vouches_for_nothing(serving, trusted):
    with serving(x509.DNSName("oracle.example")) as server, pytest.raises(ProviderError, match="cannot prove who it is"):
        ask(server, authorities=trusted)
    assert server.asked == []


def test_an_address_is_proved_as_an_address(serving, authority):
    with serving(x509.IPAddress(ip_address("127.0.0.1"))) as server:
        assert ask(server, "127.0.0.1", authorities=authority.pem).output["said"] == "hello"


@pytest.mark.parametrize("text", ["/etc/ssl/ca.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----"])
def test_authorities_that_are_no_certificates_are_refused(text):
    with pytest.raises(DocumentInvalid, match="authorities: expected certificates as PEM text"):
        read_settings("http", {"hosts": ["a.example"], "authorities": text})
