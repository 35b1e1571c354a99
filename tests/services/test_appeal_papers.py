"""Papers of appeals and their printed review: in clear for those who call back or work on it, for the others not, and they are told why."""

import io
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import Engine

from data_adapters.blobs import DiskBlobs
from data_adapters.documents import Documents
from data_adapters.file_kinds import inspect
from domain.access import Actor, Forbidden
from domain.appeal_papers import withheld
from domain.incident_life import Incident
from services.attachments import Attachments, File
from tests.domain.incident_cast import DISPATCHER, HANDLER, LEADER, LIMITS, OPERATOR, OTHER_HANDLER, SHIFT_LEADER
from tests.services.test_report_desk import Scene

WHY = {"override_reason": "目录无此类", "deadline": {"amount": 5, "unit": "working_days"}}
APPEAL = {"title": "停水，联系张先生 13812345678", "class_code": "help", "spine": "order"}
STEWARD = Actor("steward", frozenset({"data_steward"}))
CLEAR, WITHHELD = (OPERATOR, SHIFT_LEADER, HANDLER), (DISPATCHER, LEADER, STEWARD)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def given(scene: Scene) -> Incident:
    made = scene.do(OPERATOR, scene.report(**APPEAL), "accept")
    return scene.do(DISPATCHER, made, "dispatch", lead="water", **WHY)


def test_a_paper_of_an_appeal_goes_to_those_who_call_back_or_handle_it_and_to_nobody_else(scene: Scene, tmp_path: Path) -> None:
    files = Attachments(scene.desk, DiskBlobs(tmp_path), inspect, LIMITS.attachment_bytes)
    one = given(scene)
    paper = Documents().pdf("申请书", [("姓名", "张三")], "1")
    made = files.add(OPERATOR, one.incident_id, File(paper, "申请书.pdf"), scene.now)
    for actor in CLEAR:
        assert files.read(actor, one.incident_id, made.attachment_id)[1] == paper
    for actor in WITHHELD:
        with pytest.raises(Forbidden, match="cannot be masked"):
            files.read(actor, one.incident_id, made.attachment_id)


def test_a_paper_of_a_case_a_picture_and_ones_own_paper_are_withheld_from_nobody(scene: Scene) -> None:
    case, appeal = scene.report(), given(scene)
    assert not withheld(LEADER, case, "application/pdf", "operator")
    assert not withheld(LEADER, appeal, "image/jpeg", "operator")
    assert not withheld(LEADER, appeal, "application/pdf", LEADER.username)
    assert withheld(LEADER, appeal, "application/pdf", "operator") and withheld(OTHER_HANDLER, appeal, "application/pdf", "operator")


@pytest.mark.parametrize("actor", [*CLEAR, *WITHHELD], ids=lambda one: one.username)
def test_the_printed_review_of_an_appeal_is_masked_for_those_without_the_right(scene: Scene, actor: Actor) -> None:
    one = given(scene)
    word, _, _ = scene.reviews.document(actor, one.incident_id, "docx", scene.now)
    written = " ".join(line.text for line in Document(io.BytesIO(word)).paragraphs)
    assert ("13812345678" in written) == (actor in CLEAR) and "停水" in written
