"""Codes of GB/T 28181: what twenty digits say, and which digits say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.gb28181 import INDUSTRIES, NETWORKS, TYPES, BadCode, Code, decode, division_of, known

DIGITS = st.text("0123456789", min_size=20, max_size=20)


def test_a_camera_of_a_town_says_where_it_hangs_who_runs_it_and_what_it_is() -> None:
    code = decode("44190000081320000017")
    assert code == Code("44190000", "08", "132", "0", "000017")
    assert code.division == "4419" and code.is_camera and not code.is_group
    assert code.names() == ("城市管理接入", "网络摄像机", "公安视频传输网")
    assert code.names(english=True) == ("city management", "network camera", "public security video network")


def test_a_virtual_organisation_is_a_node_of_the_tree_and_no_camera() -> None:
    code = decode("44190000002160000001")
    assert code.is_group and not code.is_camera and code.names()[1] == "虚拟组织"


def test_what_the_standard_reserves_is_shown_in_its_digits() -> None:
    assert decode("44190000991990000001").names()[:2] == ("99", "199")


@pytest.mark.parametrize(
    "text", ["", "4419000008132000001", "441900000813200000178", "4419000008132000001x", "٤٤١٩٠٠٠٠٠٨١٣٢٠٠٠٠٠١٧", "00190000081320000017"]
)
def test_anything_else_is_refused_and_the_reason_is_short(text: str) -> None:
    with pytest.raises(BadCode) as refused:
        decode(text)
    assert len(str(refused.value)) < 80 and known(text) is None


def test_a_huge_code_is_not_repeated_in_the_reason() -> None:
    with pytest.raises(BadCode) as refused:
        decode("9" * 1_000_000)
    assert len(str(refused.value)) < 80


@given(DIGITS)
def test_every_code_is_the_sum_of_its_parts(text: str) -> None:
    found = known(text)
    assert (found is None) == text.startswith("00")
    if found:
        assert str(found) == text and [len(part) for part in found] == [8, 2, 3, 1, 6]
        assert text.startswith(found.division) and len(found.division) in (2, 4, 6)
        assert all(found.names()) and all(found.names(english=True))


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    found = known(text)
    assert found is None or str(found) == text
    division = division_of(text)
    assert division == "" or (text.startswith(division) and not division.endswith("00"))


@pytest.mark.parametrize(
    ("civil", "division"),
    [("44", "44"), ("4419", "4419"), ("441900", "4419"), ("44190012", "4419"), ("440105", "440105"), ("44010512", "440105"), ("00", ""),
     ("4", ""), ("东莞", ""), ("", "")],
)  # fmt: skip
def test_a_civil_code_leads_to_its_division(civil: str, division: str) -> None:
    assert division_of(civil) == division


def test_the_tables_have_keys_of_their_own_length_and_both_languages() -> None:
    for table, length in ((INDUSTRIES, 2), (TYPES, 3), (NETWORKS, 1)):
        assert all(len(key) == length and key.isdigit() and zh and en for key, (zh, en) in table.items())
