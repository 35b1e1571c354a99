"""`make cert NAME=host`: a certificate authority of the city, made once, and a certificate of it for one host.

Browsers give service workers, the wake lock and geolocation to https only. ca.pem goes into the browsers of the city's devices.
"""

import ipaddress
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_LIFE = timedelta(days=3650)
HOST_LIFE = timedelta(days=397)
"""Browsers take no longer one from a server."""


def make_certificate(host: str, folder: Path, now: datetime) -> tuple[Path, Path]:
    """Certificate and key files for `host` (a name or an address) in `folder`, with ca.pem and ca.key beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key = _authority(folder, now)
    key = ec.generate_private_key(ec.SECP256R1())
    names = list({host: None, "localhost": None, "127.0.0.1": None})
    certificate = (
        _builder(host, ca.subject, key, now, HOST_LIFE)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    file = folder / f"{host.replace(':', '_')}.pem"
    file.write_bytes(_pem(certificate) + _pem(ca))
    return file, _write_key(file.with_suffix(".key"), key)


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    file, key_file = folder / "ca.pem", folder / "ca.key"
    if file.exists() and key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(file.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("CityDeck CA")
    certificate = (
        _builder("CityDeck CA", name, key, now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_signs_certificates(), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    file.write_bytes(_pem(certificate))
    return certificate, key


def _builder(subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> Path:
    file.unlink(missing_ok=True)
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(text)
    return file


def main(arguments: list[str]) -> int:
    """`python -m data_adapters.certificates HOST [FOLDER]`; returns the exit code."""
    if not 1 <= len(arguments) <= 2 or not arguments[0].strip():
        print("usage: python -m data_adapters.certificates HOST [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[1] if len(arguments) > 1 else "var/tls")
    certificate, key = make_certificate(arguments[0], folder, datetime.now(UTC))
    print(f"python app.py --host 0.0.0.0 --tls-cert {certificate} --tls-key {key}")
    print(f"give the browsers {folder / 'ca.pem'} as a trusted authority, and keep {folder / 'ca.key'} away from everybody")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
