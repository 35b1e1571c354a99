"""XML from anywhere is opened without harm, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_adapters.feeds.markup import child, children, local, namespace, text_of, xml_root
from domain.messages import Rejected

LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER = b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (LAUGHS, "doctype"),
        (OUTSIDE, "doctype"),
        (PARAMETER, "doctype"),
        (b"<a><b></a>", "bad_xml"),
        (b"", "bad_xml"),
        (b"{}", "bad_xml"),
        (b"<a>" * 40 + b"</a>" * 40, "too_deep"),
        (b"<a>" + b"<b/>" * 50_001 + b"</a>", "too_deep"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "bad_xml"),
    ],
)
def test_what_could_harm_is_refused_by_name(payload, reason):
    found = xml_root(payload)
    assert isinstance(found, Rejected) and found.reason == reason and "root:" not in found.detail


def test_a_document_beyond_its_bounds_is_not_opened():
    assert xml_root(b"<a>" + b" " * 100 + b"</a>", max_bytes=50).reason == "too_large"


def test_names_are_read_without_their_namespace():
    root = xml_root('<?xml version="1.0" encoding="UTF-8"?><c:a xmlns:c="urn:x"><!-- no --><c:b> 暴雨 </c:b><c:b/></c:a>'.encode())
    assert (local(root), namespace(root), text_of(root, "b"), len(list(children(root, "b")))) == ("a", "urn:x", "暴雨", 2)
    assert child(root, "none") is None and text_of(root, "none") == text_of(None, "b") == ""


def test_a_wrong_declaration_is_overruled_by_what_is_known():
    assert text_of(xml_root("<a><b>报警</b></a>".encode("gb18030"), encoding="gb18030"), "b") == "报警"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode("utf-8", "surrogatepass")))
def test_whatever_comes_is_opened_or_refused(payload):
    found = xml_root(payload)
    assert local(found) if not isinstance(found, Rejected) else found.detail
