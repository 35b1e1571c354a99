"""A plan's hands: who drafted and approved it, or that it came with the system."""

import pytest

from config.languages import load_catalogues
from domain.access import Actor
from domain.plans import Plan
from layouts import plans
from layouts.words import Words
from tests.layouts.test_panels import classed, texts

AT = 1_777_600_000_000


@pytest.mark.parametrize(
    ("lang", "hand", "told"),
    [
        ("zh", "config", "随系统交付 05-01 09:46 → 演示 批准 05-01 09:46"),
        ("en", "config", "delivered with the system 05-01 09:46 → approved by the demo 05-01 09:46"),
        ("zh", "li", "li 起草 05-01 09:46 → 演示 批准 05-01 09:46"),
        ("en", "li", "drafted by li 05-01 09:46 → approved by the demo 05-01 09:46"),
    ],
)
def test_a_plan_says_whose_hands_it_went_through(lang, hand, told):
    plan = Plan("p", "flood", 1, "防汛", "Flood", "special", ("flood",), (), "", "approved", hand, AT, "demo", AT)
    naming = plans.Naming(Words(lang, load_catalogues()[lang]), {}, {})
    shown = plans.detail(naming, plan, None, Actor("li"), may_act=False)
    notes = [texts(note) for part in shown for note in classed(part, "plans-note")]
    assert told in str(notes), notes
