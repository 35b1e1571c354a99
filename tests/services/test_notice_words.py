"""Every notice has words, in both languages, whatever it carries."""

import pytest

from config.languages import load_catalogues
from config.notices import load_call_rules
from services.calls import TEMPLATES
from services.notice_words import people_in, said, with_names
from services.reactions import REACTIONS

CATALOGUES = load_catalogues()
CALLED = set(load_call_rules()) - {"default"} | set(TEMPLATES)
ALL = sorted({template for template, _ in REACTIONS.values()} | CALLED | {"approved", "refused"})


@pytest.mark.parametrize("lang", CATALOGUES)
@pytest.mark.parametrize("template", ALL)
def test_a_notice_of_this_kind_says_what_it_is(template: str, lang: str) -> None:
    title, body = said(CATALOGUES[lang], template, {"number": "C-1", "title": "积水", "not_reached": ["li", "wang"]})
    assert title and "{" not in title + body
    assert {"zh": "li、wang", "en": "li, wang"}[lang] in body or template != "not_reached"


def test_what_a_notice_does_not_carry_is_left_empty() -> None:
    assert said(CATALOGUES["zh"], "rework", {"number": "C-1"}) == ("返工：C-1", "。核查未通过：")


def test_a_notice_names_what_waits_for_approval_as_the_desk_does() -> None:
    title, body = said(CATALOGUES["zh"], "proposal", {"number": "E-1", "title": "内涝", "by": "li", "deed": "start_response"})
    assert title == "待审批：E-1 启动响应" and "报批启动响应" in body


def test_a_notice_tells_people_by_their_names_and_a_rule_is_nobody() -> None:
    params = {"number": "C-1", "by": "li", "not_reached": ["wang", "zhao"], "title": "li"}
    assert people_in(params) == {"li", "wang", "zhao"} and people_in({"by": "rule:late"}) == set() == people_in({})
    told = with_names(params, lambda who: {"li": "李四", "wang": "王五"}.get(who, who))
    assert (told["by"], told["not_reached"], told["title"]) == ("李四", ["王五", "zhao"], "li")
    assert with_names({"by": ""}, str.upper) == {"by": ""}
