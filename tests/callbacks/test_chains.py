"""What follows an incident on the desk, on PostgreSQL: the tasks that its response asks for, and whom one's deeds told of it."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine

from callbacks.chains import after
from callbacks.duty import Look
from config.languages import load_catalogues
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.outbox_repository import OutboxRepository
from domain.access import Actor
from layouts.words import Words
from services.chains import Chains
from services.outbox import Outbox
from tests.callbacks.test_duty_forms import Register
from tests.domain.incident_cast import LEADER
from tests.layouts.test_panels import texts
from tests.services.test_tasks import Response, response, steps

__all__ = ["response"]
CATALOGUES = load_catalogues()


def shown(response: Response, engine: Engine, actor: Actor) -> str:
    """What stands under the open incident."""
    city = SimpleNamespace(
        chains=Chains(NoticeRepository(engine), {"incident": lambda *_: True}), tasks=response.desk, incident_desk=response.city.desk,
        outbox=Outbox(OutboxRepository(engine), NoticeRepository(engine), 60), register=Register(),
    )  # fmt: skip
    faces: Any = SimpleNamespace(city=city, words=lambda _: Words("zh", CATALOGUES["zh"]), catalogues=CATALOGUES)
    return texts(after(Look(faces, actor, None), response.incident_id))


def test_the_tasks_of_a_response_come_and_go_with_its_level_under_the_incident(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="4")
    assert shown(response, engine, LEADER).count("待接受") == len(steps(engine, "4"))
    response.do("adjust_response", response_level="2", reason="雨势加大")
    assert shown(response, engine, LEADER).count("待接受") == len(steps(engine, "2"))
    response.do("adjust_response", response_level="4", reason="雨势减弱")
    now_shown = shown(response, engine, LEADER)
    assert now_shown.count("待接受") == len(steps(engine, "4")) and "响应级别改变后不再需要" in now_shown
    response.do("end_response", reason="险情解除", unpublished_because="范围很小")
    assert "终止响应后不再需要" in shown(response, engine, LEADER)


def test_whom_a_leaders_instruction_told_stands_under_the_incident_for_the_leader_alone(response: Response, engine: Engine) -> None:
    response.do("instruct", text="一小时内报告人员转移情况", lead="water")
    assert "我发出的通知" in shown(response, engine, LEADER) and "已读 0 / 1" in shown(response, engine, LEADER)
    water = Actor("water-man", frozenset({"handler"}))
    mine = NoticeRepository(engine).of("water-man", False, 50)
    NoticeRepository(engine).read("water-man", [one.notice_id for one in mine], response.now + 5)
    assert "已读 1 / 1" in shown(response, engine, LEADER) and "我发出的通知" not in shown(response, engine, water)
