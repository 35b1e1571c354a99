"""What people read of appeals: on the faces by counts, on the desk with who appeals masked, what was told, what is suggested and why."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import plotly
import pytest

from config.incident_files import load_classes
from config.languages import load_catalogues
from domain.appeals import Appeal, contradiction
from domain.clocks import Allowance
from domain.duplicates import alike_words, confirmed, likeness
from domain.duties import Duty
from domain.rises import Hot
from domain.suggesting import Judged, Likely, Suggestion
from layouts.incidents import appeal
from layouts.incidents.naming import Naming
from layouts.panels import appeals as panel
from layouts.words import Words
from services.appeal_desk import Advice, AppealSeen
from services.appeal_learning import Kept, Known
from services.notice_ports import Notice
from tests.domain.incident_cast import LIMITS
from tests.fakes import make_city
from tests.layouts.test_panels import view

AT = 1_795_305_600_000
RISE = Hot("441900003", "complaint", 12, 2.0, 0.00003, True)
ORDER = Appeal("hotline", "12345-1", "i1", "电话", "求助类", "水务局", "withdrawn", "市民撤诉", AT, reminders=2)
SUGGESTED = Suggestion("department", (Likely("water", 0.83, ("停水", "class=help")), Likely("transport", 0.1, ())), "department-1", True)
TOLD = Notice("n", "k", "t", "platform:hotline", "platform", "order_status", {"word": "已受理"}, "", AT, state="unsure")


def naming(lang: str = "zh") -> Naming:
    return Naming(Words(lang, load_catalogues()[lang], "Asia/Shanghai", "town"), classes=load_classes())


def text_of(parts: Any) -> str:
    return json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


def seen(**more: Any) -> AppealSeen:
    advice = Advice(
        {"department": SUGGESTED}, None, 300, 300, [Known("department", "department-1", AT, 400, Judged(80, 0.75, 0.9, 0.5, 0.8))]
    )
    person = {"name": "陈**", "phone": "***5678"}
    return AppealSeen(ORDER, person, "withdrawn_there", [TOLD], {}, advice)._replace(**more)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_order_shows_its_number_there_who_appeals_masked_and_what_was_told(lang: str) -> None:
    shown = text_of(appeal.build(naming(lang), seen()))
    for part in ("12345-1", "市民撤诉", "陈** ***5678", "已受理", "is-unsure", 'data-appellant": "i1"'):
        assert part in shown
    assert "alert" in text_of(appeal.contradiction(naming(lang), seen())) and not appeal.contradiction(naming(lang), seen(contradicts=""))
    assert appeal.build(naming(lang), None) == []


def test_a_suggestion_says_how_sure_it_is_and_why_and_what_people_made_of_it() -> None:
    kept = {"department": Kept(SUGGESTED, AT, "transport", "changed", "u-3")}
    shown = text_of(appeal.build(naming(), seen(made=kept, told=[])))
    for part in ("83 %", "停水", "求助", "已改为：transport（u-3）", "75 %", "90 %", "50 %"):
        assert part in shown
    assert "class=help" not in shown and "不确定" not in shown
    unsure = Advice({"department": SUGGESTED._replace(sure=False)}, None, 300, 300, [])
    assert "不确定" in text_of(appeal.build(naming(), seen(advice=unsure, told=[])))


def test_a_suggestion_is_filled_in_where_its_deed_is_open_until_somebody_has_decided() -> None:
    order = SimpleNamespace(class_code="help")
    moves = [SimpleNamespace(deed="dispatch"), SimpleNamespace(deed="correct")]
    forms = appeal.forms_of(order, moves)  # type: ignore[arg-type]
    assert forms == {"theme": "correct", "department": "dispatch"} and appeal.forms_of(order, []) == {}  # type: ignore[arg-type]
    open_, decided = seen(told=[]), seen(told=[], made={"department": Kept(SUGGESTED, AT, "water", "accepted", "u-3")})
    assert '\\"form\\": \\"dispatch\\", \\"field\\": \\"lead\\", \\"value\\": \\"water\\"' in text_of(appeal.build(naming(), open_, forms))
    assert "data-suggest" not in text_of(appeal.build(naming(), decided, forms)) + text_of(appeal.build(naming(), open_))


def test_the_share_that_was_taken_stands_below_the_suggestions() -> None:
    advice = seen().advice._replace(outcomes={"department": {"accepted": 6, "changed": 2, "unsure": 9}, "theme": {"unsure": 1}})
    shown = text_of(appeal.build(naming(), seen(advice=advice)))
    assert "建议承办单位：近 30 天采纳 6/8（75 %）" in shown and "还没有可统计的采纳" in shown


def test_an_order_that_may_be_another_names_it_with_how_alike_they_are() -> None:
    row = SimpleNamespace(number="W-1", title="路灯不亮", incident_id="i9")
    shown = text_of(appeal.similar(naming(), [SimpleNamespace(row=row, likeness=SimpleNamespace(share=0.71))]))
    assert "W-1 路灯不亮 · 相似 71 %" in shown and '"data-open-incident": "i9"' in shown and appeal.similar(naming(), []) == []


def test_before_there_is_enough_history_it_says_so_and_gives_the_matrix_alone() -> None:
    rule = Duty("r", ("help",), (), "", "water", (), Allowance(5, "working_days"), "test")
    shown = text_of(appeal.build(naming(), seen(advice=Advice({}, rule, 12, 300, []))))
    assert "12/300" in shown and "派单目录：water" in shown


def test_a_rise_is_told_by_town_theme_and_counts_with_its_reason() -> None:
    shown_to = replace(view(make_city(), "mid"), appeals=[RISE], classes={"complaint": ("投诉", "Complaint")})
    shown = text_of(panel.render(shown_to))
    for part in ("投诉", "12 件", "突增", "< 0.0001", '"data-region": "441900003"'):
        assert part in shown
    assert "近一日无集中诉求" in text_of(panel.render(replace(shown_to, appeals=[])))


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [("closed", "handling", "closed_there"), ("closed", "answered", ""), ("closed", "completed", ""),
     ("withdrawn", "answered", "withdrawn_there"),
     ("urged", "completed", "open_there"),
     ("reopened", "archived", "open_there"), ("urged", "handling", ""), ("open", "completed", "")],
)  # fmt: skip
def test_both_sides_contradict_each_other_only_where_one_is_over_and_the_other_is_not(status: str, state: str, why: str) -> None:
    assert contradiction(status, "order", state) == why


def test_two_people_who_tell_of_the_same_thing_nearby_are_likelier_one_incident_than_two_who_tell_of_others() -> None:
    same = alike_words("示例路与新城路口路灯整夜不亮", "新城路口的路灯不亮了，请修")
    other = alike_words("示例路与新城路口路灯整夜不亮", "楼下烧烤店油烟扰民")
    assert same > 0.3 > other == 0
    place = likeness(LIMITS.same, 100, 3_600_000, True, True)
    assert place.share < confirmed(LIMITS.same, place, same).share <= 1 and confirmed(LIMITS.same, place, 0) == place
