"""What walls, shared screens and exports show of what citizens said: nothing by which a person is found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import masked, masked_person

DIGIT = st.sampled_from("0123456789")
words = st.text(alphabet="路灯不亮请尽快修理，。我们小区 abc\n", max_size=12)
mobiles = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), st.text(DIGIT, min_size=9, max_size=9))
identities = st.builds(lambda start, last: start + last, st.text(DIGIT, min_size=17, max_size=17), st.sampled_from("0123456789Xx"))
cards = st.text(DIGIT, min_size=16, max_size=19)
plates = st.builds(lambda head, tail: f"粤{head}{tail}", st.sampled_from("ABCDS"), st.text("ABCD0123456789", min_size=5, max_size=6))
personal = st.one_of(mobiles, identities, cards, plates)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我姓陈，电话13812345678，住东城路18号3栋502室", "我姓*，电话1**********，住东城路**号**栋**室"),
        ("张先生的粤S12345D挡道，0769-22334455", "张**先生的粤******挡道，0***-********"),
        ("联系人：王小明，卡号6222 0212 3456 7890 123", "联系人：王**，卡号************"),
        ("电话 138-1234-5678 或 １３８１２３４５６７８", "电话 1********** 或 1**********"),
        ("身份证44190019900101123X", "身份证******************"),
        ("260 HAZELWOOD AVE, SAN FRANCISCO", "** HAZELWOOD AVE, SAN FRANCISCO"),
        ("8月13日停水3天，已打12345", "8月13日停水3天，已打12345"),
    ],
)
def test_a_text_loses_what_finds_a_person_and_keeps_what_happened(said: str, shown: str) -> None:
    assert masked(said) == shown


@given(words, personal, words)
def test_no_number_of_a_person_survives_wherever_it_stands(before: str, secret: str, after: str) -> None:
    shown = masked(f"{before}{secret}{after}")
    assert secret not in shown
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{15,}", shown)


@given(st.text(max_size=80) | st.lists(personal | words, max_size=5).map("".join))
def test_masking_twice_is_masking_once(said: str) -> None:
    assert masked(masked(said)) == masked(said)


def test_an_appellant_keeps_a_surname_and_the_end_of_the_telephone() -> None:
    person = {"name": "陈小红", "phone": "13812345678", "id_number": "44190019900101123X", "address": "莞太路5号2栋301室", "email": ""}
    assert masked_person(person) == {"name": "陈**", "phone": "***5678", "id_number": "***", "address": "莞太路**号**栋**室"}
