"""What stands on an incident about who was chosen, sent and passed it on; component trees without a browser."""

from dataclasses import replace

import pytest

from layouts.incidents import deeds, detail, evidence, timeline
from services.incident_ports import Attachment
from tests.domain.incident_cast import T0
from tests.layouts.test_incidents import incident, naming
from tests.layouts.test_panels import texts


@pytest.mark.parametrize(("spine", "heading"), [("case", "回退链"), ("order", "退单链")])
def test_who_passed_it_on_stands_under_the_word_of_its_own_spine(spine, heading):
    returns = tuple({"lead": lead, "by": "officer", "at": T0, "reason": "不属本单位"} for lead in ("water", "transport"))
    shown = texts(evidence.chains(naming(), replace(incident()[0], spine=spine, returns=returns)))
    assert heading in shown and "水务局" in shown and "已被推回 2 次" in shown


def test_what_a_person_chose_is_not_told_to_be_the_matrixs():
    said = {"lead": "transport", "rule_id": "by_hand", "override_reason": "隧道内归交通", "from": "filed", "to": "dispatched"}
    one, events = incident(("dispatch", "assignment", said))
    shown = texts(detail.build(naming(), one, {}, [], detail.Around({}, {}, T0)))
    assert "人工指定，未按派单目录" in shown and "by_hand" not in texts(timeline.build(naming(), one, events))


def test_units_that_were_sent_without_a_lead_are_said_instead_of_nobody():
    sent = [
        ("unit", "unit", {"unit_id": unit, "status": status, "department": "water"})
        for unit, status in (("a", "en_route"), ("b", "cancelled"))
    ]
    shown = [texts(detail.build(naming(), incident(*told)[0], {}, [], detail.Around({}, {}, T0))) for told in ([], sent)]
    assert "尚未派遣" in shown[0] and "尚未派遣" not in shown[1] and "已派出力量 1 支" in shown[1]


def test_the_form_for_a_file_tells_the_browser_how_large_it_may_be():
    assert getattr(deeds.form(naming(), incident()[0], "attach", None, largest=5_242_880), "data-most") == "5242880"


def test_a_paper_that_must_not_be_given_stands_with_the_reason_instead_of_a_link():
    paper = Attachment("a1", "i1", "0", "application/pdf", 1, "申请书.pdf", "other", None, None, None, "operator", T0)
    shown = [texts(evidence.pictures(naming(), incident()[0], [paper], kept)) for kept in ((), ("a1",))]
    assert "申请书.pdf" in shown[0] and "申请书.pdf" not in shown[1] and "无法遮盖" in shown[1]
