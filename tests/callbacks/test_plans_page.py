"""The page of plans on PostgreSQL: versions listed, a draft written and approved by another, its steps shown by response level."""

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from callbacks import plans as page
from callbacks import sheet
from callbacks.duty import Look
from config.incident_files import load_classes, load_departments
from config.languages import load_catalogues
from config.plans import plan_codes
from data_adapters.plan_wiring import begin_plans
from data_adapters.sql.plan_repository import PlanRepository
from domain.access import Actor
from domain.plans import step_changes
from layouts.words import Words
from services.plans import Plans
from tests.callbacks.test_duty_forms import Register
from tests.layouts.test_panels import classed, components, texts

NOW = time.time_ns() // 1_000_000
CATALOGUES, CLASSES = load_catalogues(), load_classes()
CHIEF, LEADER, OTHER = (
    Actor("chief", frozenset({"duty_officer"})),
    Actor("boss", frozenset({"leader"})),
    Actor("li", frozenset({"operator"})),
)
STEP = {
    "code": "patrol",
    "zh": "巡查低洼路段",
    "en": "Patrol",
    "department": "water",
    "post": "seat",
    "levels": ["1", "2"],
    "within_min": 20,
}


class Page:
    """What people do on /plans, on a real store."""

    def __init__(self, engine: Engine) -> None:
        self.store = PlanRepository(engine)
        self.plans = Plans(self.store, plan_codes(), load_departments)
        self.faces: Any = SimpleNamespace(
            city=SimpleNamespace(plans=self.plans, register=Register()),
            words=lambda _: Words("zh", CATALOGUES["zh"]),
            catalogues=CATALOGUES,
            classes=CLASSES,
        )
        self.sheets = page.sheets(self.faces)

    def look(self, actor: Actor) -> Look:
        made = Look(self.faces, actor, None)
        made.now = NOW
        return made

    def shown(self, actor: Actor, chosen: str = "") -> tuple[Any, Any]:
        return page.shown(self.look(actor), CLASSES, chosen)

    def send(self, actor: Actor, form: str, thing: str = "", **said: Any) -> str:
        answer = sheet.done(self.sheets, self.look(actor), {"form": form, "thing": thing, "said": said})[1]
        return str(getattr(answer, "children", answer))

    def flood(self, state: str) -> Any:
        return next(plan for plan in self.store.plans() if plan.code == "flood" and plan.state == state)


@pytest.fixture
def at(engine: Engine) -> Iterator[Page]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE tasks, plans"))
    begin_plans(engine, True, NOW)
    yield Page(engine)


def buttons(parts: Any) -> set[str]:
    return {getattr(one, "data-sheet-form") for one in components(parts) if hasattr(one, "data-sheet-form")}


def test_the_steps_of_a_plan_stand_under_the_response_levels_that_ask_for_them(at: Page) -> None:
    flood = at.flood("approved")
    listed, detail = at.shown(OTHER, flood.plan_id)
    assert "防汛应急预案" in texts(listed) and "第 1 版" in texts(listed)
    assert f"一级响应{sum('1' in step.levels for step in flood.steps)} 步" in "".join(texts(detail).split()).replace("步", " 步")
    assert len(classed(detail, "plans-dot")) == sum(len(step.levels) for step in flood.steps)
    assert "随系统交付" in texts(detail) and "config" not in texts(detail), "plans that came with the system have no author's name"
    assert not buttons(detail), "who may neither draft nor approve finds no button"


def test_a_new_version_is_drafted_in_the_sheet_and_approved_by_another(at: Page) -> None:
    flood = at.flood("approved")
    assert buttons(at.shown(CHIEF, flood.plan_id)[1]) == {"plan"}
    form, *_ = sheet.opened(at.sheets, at.look(CHIEF), {"form": "plan", "thing": flood.plan_id})
    (editor,) = classed([form], "plan-editor")
    held = json.loads(getattr(editor, "data-plan"))
    assert [step["code"] for step in held["steps"]] == [step.code for step in flood.steps]
    changed = [{**held["steps"][0], "within_min": 10}, *held["steps"][2:], STEP | {"code": "new_step"}]
    said = {"zh": flood.zh, "en": flood.en, "kind": flood.kind, "classes": list(flood.classes), "steps": changed}
    assert at.send(CHIEF, "plan", flood.plan_id, **said) == ""
    draft = at.flood("draft")
    assert (draft.version, draft.drafted_by, draft.steps[0].within_min) == (2, "chief", 10)
    assert step_changes(flood, draft) == {flood.steps[0].code: "changed", "new_step": "new", flood.steps[1].code: "removed"}
    detail = at.shown(LEADER, draft.plan_id)[1]
    assert all(word in texts(detail) for word in ("新增", "修改", "删除", "第 1 版的不同")) and buttons(detail) == {"plan", "plan_approve"}
    assert at.send(LEADER, "plan_approve", draft.plan_id) == ""
    assert (at.flood("approved").version, at.flood("retired").version) == (2, 1)
    assert at.send(LEADER, "plan_approve", draft.plan_id) == "已由他人处理"


def test_nobody_approves_their_own_draft_and_it_says_so(at: Page) -> None:
    said = {"code": "forest_fire", "zh": "森林火灾预案", "en": "", "kind": "special", "classes": ["flood"], "steps": [STEP]}
    assert at.send(OTHER, "plan", **said) == "你的账号无权这样做"
    assert at.send(LEADER, "plan", **said) == ""
    made = next(plan for plan in at.store.plans() if plan.code == "forest_fire")
    detail = at.shown(LEADER, made.plan_id)[1]
    assert "自己起草的预案由他人批准" in texts(detail) and buttons(detail) == {"plan"}
    assert at.send(LEADER, "plan_approve", made.plan_id) == "你的账号无权这样做"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"steps": []}, "措施"),
        ({"steps": [STEP | {"levels": []}]}, "响应级别"),
        ({"steps": [STEP | {"within_min": 0}]}, "时限"),
        ({"steps": [STEP | {"department": "nowhere"}]}, "责任部门"),
        ({"classes": ["nonsense"]}, "适用事件"),
        ({"steps": "x"}, "措施"),
        ({"steps": [7]}, "时限"),
    ],
)
def test_what_cannot_be_a_plan_is_named(at: Page, wrong: dict[str, Any], named: str) -> None:
    said = {"code": "x", "zh": "预案", "en": "", "kind": "special", "classes": ["flood"], "steps": [STEP], **wrong}
    assert at.send(CHIEF, "plan", **said) == f"这一项不可用：{named}"
