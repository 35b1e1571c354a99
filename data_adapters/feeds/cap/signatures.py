"""Whether an alert was signed by one of its sender's certificates: XML Signature, enveloped, the whole alert (CAP 1.2, 3.3.4).

Nothing is fetched and no authority is believed: only the certificates that config/warnings.yaml names. SHA-1 is not taken.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime

from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from data_adapters.feeds.markup import local, namespace

XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"


def signature_fault(alert: etree._Element, certificates: Sequence[str], at: int) -> str:
    """Why none of these certificates (PEM) is known to have signed the alert; empty when one has. `at`: epoch ms, when they must be valid.

    Never raises."""
    faults = [_fault(signed, one, at) for signed in _each_alone(alert) for one in certificates]
    return "" if "" in faults else next(iter(faults), "the alert has no signature")


def _fault(signed: etree._Element, certificate: str, at: int) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    asked = SignatureConfiguration(location="./", expect_references=1, ignore_ambiguous_key_info=True, verification_time=moment)
    try:
        found = XMLVerifier().verify(signed, x509_cert=certificate, validate_schema=False, expect_config=asked)
    except (SignXMLException, etree.LxmlError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    whole = isinstance(found, list) or found.signed_xml is None or _bare(found.signed_xml) != _bare(signed)
    return "the signature is not of the whole alert" if whole else ""


def _each_alone(alert: etree._Element) -> Iterator[etree._Element]:
    """The alert with one of its signatures at a time: several may sign it, each for itself."""
    places = [n for n, child in enumerate(alert) if _is_signature(child)]
    for kept in places:
        copy = deepcopy(alert)
        for child in [copy[n] for n in places if n != kept]:
            _take_out(copy, child)
        yield copy


def _bare(alert: etree._Element) -> bytes:
    """The alert without signatures, in one form."""
    copy = deepcopy(alert)
    for child in [one for one in copy if _is_signature(one)]:
        _take_out(copy, child)
    return bytes(etree.tostring(copy, method="c14n", exclusive=True, with_comments=False))


def _take_out(parent: etree._Element, child: etree._Element) -> None:
    """Without the text behind it, which is its parent's."""
    before, tail = child.getprevious(), child.tail or ""
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(child)


def _is_signature(element: etree._Element) -> bool:
    return local(element) == "Signature" and namespace(element) == XMLDSIG
