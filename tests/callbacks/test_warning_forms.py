"""The duty officer issues, replaces and lifts a warning of the city's own on the duty page."""

from types import SimpleNamespace
from typing import Any

import pytest

from callbacks import sheet
from callbacks.duty import Look, rendered
from callbacks.duty_forms import SHEETS
from config.languages import load_catalogues
from domain.access import Actor
from domain.registry import Region
from layouts.words import Words
from services.own_warnings import OwnWarnings
from tests.layouts.test_panels import components, texts
from tests.services.test_warnings import CITY, EAST, HOUR, NOW, OFFICER, PLACES, SOUTH, STEWARD, Desk, Noted, warned

CATALOGUES = load_catalogues()
REGIONS = {one.code: Region(one.code, one.name, one.parent, "city" if one.parent is None else "town") for one in PLACES}
TYPED = {"hazard": "暴雨", "level": "orange", "regions": [SOUTH], "headline": "南城暴雨橙色预警", "ends": NOW + 6 * HOUR}


class Page:
    """What somebody sees and does on /duty."""

    lang = "zh"

    def __init__(self) -> None:
        self.desk = Desk()
        own = OwnWarnings(self.desk.store, lambda: REGIONS, lambda: (CITY, "东莞市"), Noted())
        register = SimpleNamespace(departments=dict, regions=lambda at=None: REGIONS)
        self.city = SimpleNamespace(warnings=self.desk.warnings, own_warnings=own, register=register)
        self.now = NOW

    def look(self, actor: Actor) -> Look:
        faces: Any = SimpleNamespace(city=self.city, words=lambda _: Words(self.lang, CATALOGUES[self.lang]), catalogues=CATALOGUES)
        made = Look(faces, actor, None)
        made.now = self.now
        return made

    def seen(self, actor: Actor = OFFICER) -> Any:
        return rendered(self.look(actor), "warnings")

    def open(self, form: str, thing: str = "", actor: Actor = OFFICER) -> Any:
        body, _, told, _ = sheet.opened(SHEETS, self.look(actor), {"form": form, "thing": thing})
        return body, getattr(told, "children", "")

    def send(self, form: str, thing: str = "", actor: Actor = OFFICER, **said: Any) -> str:
        body, answer, _, _ = sheet.done(SHEETS, self.look(actor), {"form": form, "thing": thing, "said": said})
        wrong = str(getattr(answer, "children", answer))
        assert (body is None) == (wrong == "")
        return wrong


@pytest.fixture
def page() -> Page:
    return Page()


def buttons(tree: Any) -> dict[str, str]:
    """Form -> the warning that its button is about."""
    found = [one.to_plotly_json()["props"] for one in components(tree)]
    return {one["data-sheet-form"]: one["data-thing"] for one in found if "data-sheet-form" in one}


def test_a_warning_is_issued_replaced_with_what_it_said_before_and_lifted(page: Page) -> None:
    assert "没有生效中的预警" in texts(page.seen())
    assert "发布预警" in texts(page.open("warning")[0]) and page.send("warning", **TYPED) == ""
    assert "暴雨" in texts(page.seen()) and "南城街道" in texts(page.seen())
    ours = buttons(page.seen())
    assert set(ours) == {"warning", "warning_lift"} and ours["warning"] == ours["warning_lift"]
    body, _ = page.open("warning", ours["warning"])
    assert "南城暴雨橙色预警" in str(body)
    page.now += HOUR
    assert page.send("warning", ours["warning"], **{**TYPED, "level": "red", "regions": [SOUTH, EAST]}) == ""
    assert "红" in texts(page.seen()) and "东城街道" in texts(page.seen())
    again = buttons(page.seen())["warning_lift"]
    assert again != ours["warning_lift"] and "解除" in texts(page.open("warning_lift", again)[0])
    page.lang = "en"
    assert "Rainstorm" in texts(page.open("warning_lift", again)[0]), "a hazard is named in the reader's language"
    page.now += HOUR
    page.lang = "zh"
    assert page.send("warning_lift", again) == "" and "没有生效中的预警" in texts(page.seen())


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"hazard": ""}, "请填写预警种类"), ({"headline": " "}, "请填写标题"), ({"level": "pink"}, "请选择级别"),
     ({"regions": []}, "请至少选择一个范围"),
     ({"regions": ["1"]}, "所选范围不在本市"), ({"ends": NOW - 1}, "结束时间须在此刻之后"), ({"ends": "x"}, "结束时间须在此刻之后")],
)  # fmt: skip
def test_what_cannot_be_said_stays_in_the_form_with_the_reason(page: Page, typed: dict[str, Any], said: str) -> None:
    assert said in page.send("warning", **{**TYPED, **typed})
    assert "没有生效中的预警" in texts(page.seen())


def test_others_warnings_and_other_people_have_no_buttons(page: Page) -> None:
    page.desk.state(warned())
    assert "暴雨" in texts(page.seen()) and buttons(page.seen()) == {}
    assert page.send("warning", **TYPED) == "" and buttons(page.seen(STEWARD)) == {}
    assert page.send("warning", actor=STEWARD, **TYPED) == CATALOGUES["zh"]["duty.forbidden"]
    foreign = next(one.warning_id for one in page.desk.store.held() if one.feed == "cap")
    assert page.open("warning_lift", foreign)[0] is None and page.send("warning_lift", foreign) == "不是本市发布、或已解除的预警"
