"""Signed alerts: whose signature counts, what was changed since, what must be signed and isn't; with certificates made here."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, SignatureMethod, XMLSigner, methods

from config.files import load_catalogue
from config.strict import FOLDER, ConfigError
from config.warnings import Signer, load_warnings
from data_adapters.feeds.cap.adapter import CapFeed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, RawMessage, Rejected
from tests.data_adapters.feeds.cap.alerts import NAMESPACE, alert, written
from tests.data_adapters.feeds.hostile import NOW

SENDER = "met@city.local"
TODAY = datetime.fromtimestamp(NOW / 1000, UTC)
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


class Issuer(NamedTuple):
    """A sender's key with its own certificate."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def issuer(name: str = "met", days: int = 100) -> Issuer:
    key, called = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(TODAY - timedelta(days=200))
    return Issuer(key, made.not_valid_after(TODAY + timedelta(days=days)).sign(key, hashes.SHA256()))


MET, OTHER, OVER = issuer(), issuer("other"), issuer("old", days=-1)


def signed(by: Issuer, told: bytes | None = None) -> etree._Element:
    root = etree.fromstring(written(alert()) if told is None else told)
    signer = XMLSigner(methods.enveloped, SignatureMethod.ECDSA_SHA256, c14n_algorithm=EXCLUSIVE)
    return signer.sign(root, key=by.key, cert=[by.certificate])


def heard(root: etree._Element, *known: Issuer, required: bool = True) -> Any:
    signer = Signer(tuple(one.pem for one in known), required)
    feed = CapFeed(FeedSetup("cap", (), load_catalogue(), 300_000, {}), {SENDER: signer} if known else {})
    (only,) = feed.parse(RawMessage("cap/met", etree.tostring(root), NOW), {})[0]
    return only


def changed(root: etree._Element, element: str, text: str) -> etree._Element:
    copy = deepcopy(root)
    copy.find(f".//{{{NAMESPACE}}}{element}").text = text
    return copy


def test_an_alert_signed_by_one_of_its_senders_certificates_is_taken_as_signed() -> None:
    for known in ((MET,), (OTHER, MET)):
        found = heard(signed(MET), *known)
        assert isinstance(found, Event) and found.facts["signed"]
    inside = etree.fromstring(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content/></entry></feed>')
    inside[0][0].append(signed(MET))
    assert heard(inside, MET).facts["signed"]


def test_of_two_signatures_one_that_is_known_will_do() -> None:
    root = signed(MET)
    other = signed(OTHER)
    root.append(other[-1])
    assert heard(root, MET).facts["signed"] and heard(root, OTHER).facts["signed"]


def unsigned() -> etree._Element:
    return etree.fromstring(written(alert()))


def moved() -> etree._Element:
    """What was signed is wrapped away, and something else stands in its place."""
    root, real = changed(unsigned(), "headline", "暴雨红色预警信号"), signed(MET)
    signature = real[-1]
    real.remove(signature)
    signature.append(real)
    root.append(signature)
    return root


REFUSED = {
    "unsigned": (unsigned, "no signature"),
    "changed": (lambda: changed(signed(MET), "headline", "暴雨蓝色预警信号"), "InvalidDigest"),
    "somebody else's": (lambda: signed(OTHER), "InvalidSignature"),
    "wrapped": (moved, ""),
    "another element with the name": (lambda: etree.fromstring(written(alert(Signature="x"))), ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_sender_who_must_sign_has_not_signed_is_rejected_by_name(name: str) -> None:
    make, why = REFUSED[name]
    found = heard(make(), MET)
    assert isinstance(found, Rejected) and why in found.detail
    assert found.reason == "bad_signature" or name == "another element with the name"


def test_a_certificate_that_was_not_valid_when_the_alert_came_signs_nothing() -> None:
    found = heard(signed(OVER), OVER)
    assert (found.reason, "expired" in found.detail) == ("bad_signature", True)


def test_where_the_sender_need_not_sign_the_alert_is_taken_and_not_said_to_be_signed() -> None:
    for root in (unsigned(), signed(OTHER)):
        assert heard(root, MET, required=False).facts["signed"] is False
    assert heard(signed(MET)).facts["signed"] is False, "nobody's certificate is known"


def test_senders_and_their_certificates_stand_in_the_configuration_and_a_wrong_one_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "met.pem").write_text(MET.pem)
    said = (FOLDER / "warnings.yaml").read_text(encoding="utf-8")
    entry = f"met: {{sender: {SENDER}, certificates: [met.pem], required: true, source: test}}\n"
    (tmp_path / "warnings.yaml").write_text(f"{said}\n{entry}", encoding="utf-8")
    found = load_warnings(tmp_path)
    assert found.signers == {SENDER: Signer((MET.pem,), True)} and found.rules == load_warnings().rules
    (tmp_path / "met.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match=r"warnings.yaml: met: certificates: 'met.pem': expected a file with a certificate"):
        load_warnings(tmp_path)
