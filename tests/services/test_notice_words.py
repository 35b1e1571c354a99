"""Every notice has words, in both languages, whatever it carries."""

import pytest

from config.languages import load_catalogues
from config.notices import load_call_rules
from services.calls import TEMPLATES
from services.notice_words import said
from services.reactions import REACTIONS

CATALOGUES = load_catalogues()
CALLED = set(load_call_rules()) - {"default"} | set(TEMPLATES)
ALL = sorted({template for template, _ in REACTIONS.values()} | CALLED | {"approved", "refused"})


@pytest.mark.parametrize("lang", CATALOGUES)
@pytest.mark.parametrize("template", ALL)
def test_a_notice_of_this_kind_says_what_it_is(template: str, lang: str) -> None:
    title, body = said(CATALOGUES[lang], template, {"number": "C-1", "title": "积水", "not_reached": ["li", "wang"]})
    assert title and "{" not in title + body
    assert "li, wang" in body or template != "not_reached"


def test_what_a_notice_does_not_carry_is_left_empty() -> None:
    assert said(CATALOGUES["zh"], "rework", {"number": "C-1"}) == ("返工：C-1", "。核查未通过：")
