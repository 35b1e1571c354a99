"""Who would be there first, on the wall, while nobody has been sent."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from domain.travel import ROAD, Arrival
from layouts.panels import PANELS
from services.dispatch import Near
from tests.layouts.test_panels import city, classed, texts, view  # noqa: F401
from tests.layouts.test_states import page_of


def near(name: str, seconds: float, fits: bool | None) -> Near:
    now: Any = SimpleNamespace(unit=SimpleNamespace(name=name, department=""), status=SimpleNamespace(state="available", free=True))
    return Near(now, Arrival(seconds, ROAD), fits)


@pytest.mark.parametrize(
    ("able", "unable", "head", "said"), [(True, False, "能处置的在前", "能力不符"), (None, None, "最近的可派力量", "待命")]
)
def test_a_unit_that_cannot_do_it_is_said_to_be_so_and_one_nobody_can_judge_is_not(city, able, unable, head, said):  # noqa: F811
    nearest = [near("抢修班", 480, able), near("排涝队", 360, unable)]
    gathered = {"alarm": {"alarm_id": "a"}, "story": None, "units": [], "nearest": nearest}
    shown = PANELS["crew"].render(replace(view(city, page_of("crew")), gathered=gathered))
    first, second = [texts(row) for part in shown for row in classed(part, "is-near")]
    assert head in str([texts(part) for part in shown]) and "待命" in first and said in second
