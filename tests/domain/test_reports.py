"""Information reports: what they say, by when they are owed, and who may write, review and sign them."""

from typing import Any

import pytest

from domain.access import Actor
from domain.clocks import Allowance
from domain.incident_clocks import ClockBook, ReportClock
from domain.incidents import Refused
from domain.reports import Report, draft, due, figure_text, next_kind, phoned_at
from domain.reports import do as decided
from domain.review import review
from tests.domain.incident_cast import FACTS, HOUR, LEADER, LIMITS, MINUTE, OPERATOR, SHIFT_LEADER, T0, Story

BOOK = ClockBook([], [
    ReportClock("II", "written", "occurred", Allowance(0.5, "natural_hours"), ""),
    ReportClock("III", "written", "received", Allowance(1, "natural_hours"), ""),
])  # fmt: skip
NAMES = {"class": "城市内涝", "region": "东城街道", "source": "12345热线"}


def emergency() -> Story:
    story = Story("emergency", FACTS._replace(group="natural_disaster"), occurred_at=T0 - HOUR, caller={"phone": "1380000"},
                  place={"address": "鸿福路涵洞", "lon": 113.8, "lat": 23.0})  # fmt: skip
    story.do(OPERATOR, "verify", {"note": "属实"}).do(SHIFT_LEADER, "begin_initial_action", {"note": "排涝队到场抽排"})
    return story.do(OPERATOR, "figure", {"what": "trapped", "value": 3, "source": "120"})


def report(**more: object) -> Report:
    fields = {"place": "东城", "nature": "内涝"}
    return Report("r", "i", "first", 0, "drafted", fields, 1, "operator", T0)._replace(**more)  # type: ignore[arg-type]


def do(one: Report, deed: str, actor: Actor, now: int, *said: Any, **more: Any) -> Report:
    return decided(one, deed, actor, now, LIMITS.needed[one.kind], *said, **more)


def refusal(*arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        do(*arguments, **more)  # type: ignore[arg-type]
    return caught.value.code


def test_a_first_report_says_what_the_incident_tells() -> None:
    story = emergency()
    fields = draft(story.incident, story.events, [], NAMES)
    assert (fields["place"], fields["nature"], fields["source"]) == ("东城街道 鸿福路涵洞", "城市内涝", "12345热线")
    assert fields["measures"] == "排涝队到场抽排" and fields["occurred_at"] == T0 - HOUR and fields["contact"] == "1380000"


def test_figures_that_disagree_are_never_written_as_if_agreed() -> None:
    story = emergency().do(OPERATOR, "figure", {"what": "trapped", "value": 5, "source": "镇街"})
    assert figure_text(story.incident, "trapped") == "口径未统一：120报3，镇街报5"
    story.do(LEADER, "confirm_figure", {"what": "trapped", "value": 5})
    assert figure_text(story.incident, "trapped") == "5（统一口径第1版）"


def test_a_follow_up_does_not_repeat_the_start() -> None:
    story = emergency()
    first = report(state="issued", drafted_at=story.now)
    story.do(SHIFT_LEADER, "assess", {"note": "-", "grade": "III"}).do(LEADER, "start_response", {"response_level": "3"})
    fields = draft(story.incident, story.events, [first], NAMES)
    assert "place" not in fields and fields["measures"] == "3"


def test_reports_follow_each_other_and_the_final_one_is_the_last() -> None:
    story = emergency()
    assert next_kind([], story.incident) == ("first", 0)
    with pytest.raises(Refused):
        next_kind([report()], story.incident)
    done = [report(state="issued"), report(state="issued", kind="follow_up", ordinal=1)]
    assert next_kind(done, story.incident) == ("follow_up", 2)
    story.do(SHIFT_LEADER, "assess", {"note": "-", "grade": "III"}).do(LEADER, "stand_down", {"reason": "已消退"})
    assert next_kind(done, story.incident) == ("final", 0)
    with pytest.raises(Refused):
        next_kind([*done, report(state="issued", kind="final")], story.incident)


def test_three_people_draft_review_and_sign() -> None:
    reviewed = do(report(), "review", SHIFT_LEADER, T0 + 1)
    issued = do(reviewed, "sign", LEADER, T0 + 2)
    assert (issued.state, issued.reviewed_by, issued.issued_by, issued.fields["signatory"]) == (
        "issued",
        "shift-leader",
        "leader",
        "leader",
    )
    assert refusal(report(), "sign", LEADER, T0) == "wrong_state" and refusal(report(), "review", OPERATOR, T0) == "wrong_role"
    both = Actor("shift-leader", frozenset({"duty_officer", "leader"}))
    assert (
        refusal(reviewed, "sign", both, T0) == "own_work"
        and refusal(report(drafted_by="shift-leader"), "review", SHIFT_LEADER, T0) == "own_work"
    )


def test_a_report_goes_back_with_a_reason_and_what_is_missing_is_named() -> None:
    reviewed = do(report(), "review", SHIFT_LEADER, T0)
    assert refusal(reviewed, "return", LEADER, T0) == "missing"
    back = do(reviewed, "return", LEADER, T0, reason="补充伤亡情况")
    assert back.state == "drafted" and back.returned == "补充伤亡情况" and do(back, "edit", OPERATOR, T0, {"trend": "平稳"}).returned == ""
    assert refusal(report(fields={}), "review", SHIFT_LEADER, T0) == "missing"


def test_nothing_but_what_people_write_is_taken_from_them() -> None:
    assert refusal(report(), "edit", OPERATOR, T0, {"signatory": "x"}) == "unknown_field"
    assert refusal(report(), "edit", OPERATOR, T0, {"trend": "x" * 5000}) == "bad_field"


def test_the_deadline_counts_from_when_it_happened_or_was_received() -> None:
    story = emergency()
    assert due(story.incident, BOOK) is None
    story.do(SHIFT_LEADER, "set_grade", {"grade": "II", "reason": "-"})
    assert due(story.incident, BOOK) == T0 - HOUR + HOUR // 2
    story.do(SHIFT_LEADER, "set_grade", {"grade": "III", "reason": "-"})
    assert due(story.incident, BOOK) == T0 + HOUR


def test_a_report_by_phone_is_done_when_it_was_given_and_none_is_given_tomorrow() -> None:
    story = Story("emergency").do(OPERATOR, "verify", {"note": "属实"})
    assert phoned_at(story.incident) is None
    with pytest.raises(Refused, match="not_called_then"):
        story.do(OPERATOR, "phone_report", {"which": "first", "who": "市应急局", "called_at": story.now + 2 * MINUTE})
    story.do(OPERATOR, "phone_report", {"which": "first", "who": "市应急局", "called_at": T0})
    story.do(SHIFT_LEADER, "phone_report", {"which": "final", "who": "省总值班室"})
    assert (phoned_at(story.incident), phoned_at(story.incident, "final"), phoned_at(story.incident, "follow_up")) == (T0, story.now, None)


def test_a_report_by_phone_that_came_late_or_never_is_late_in_the_review() -> None:
    story = Story("emergency").do(OPERATOR, "verify", {"note": "属实"})
    owed = T0 + 3 * MINUTE
    assert review(story.incident, story.events, {}, [], [], owed, owed).late == []
    assert review(story.incident, story.events, {}, [], [], owed + 1, owed).late == [("phone", "first")]
    story.do(OPERATOR, "phone_report", {"which": "first", "who": "市应急局"})
    assert review(story.incident, story.events, {}, [], [], owed + 1, owed).late == []
