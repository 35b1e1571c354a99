"""The incident's life: who may do what, when, and what becomes of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.access import Actor
from domain.clocks import Allowance, standing
from domain.incident_decisions import open_moves
from domain.incident_fields import ALSO, FORMS, checked
from domain.incident_fold import CHANGES, fold
from domain.incident_guards import GUARDS
from domain.incident_life import KINDS
from domain.incident_states import SPINES
from domain.incidents import TRANSITIONS, Refused
from tests.domain.incident_cast import (
    DISPATCHER,
    FACTS,
    HANDLER,
    HOUR,
    LEADER,
    MINUTE,
    OPERATOR,
    OTHER_HANDLER,
    PEOPLE,
    SHIFT_LEADER,
    T0,
    WORKING,
    Story,
)

CHECKER = OPERATOR


def refusal(story: Story, *deed: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        story.do(*deed, **more)  # type: ignore[arg-type]
    return caught.value


def test_a_case_goes_from_report_to_evaluation_by_four_people() -> None:
    story = Story().handled().do(HANDLER, "feed_back", {"note": "已抽排"}).do(CHECKER, "check", {"note": "路面已干"})
    story.do(OPERATOR, "close").do(SHIFT_LEADER, "approve:close").do(OPERATOR, "evaluate", {"score": 5})
    assert story.incident.state == "evaluated" and story.incident.score == 5
    assert [event.data["to"] for event in story.events if "to" in event.data] == [
        "accepted", "verified", "filed", "dispatched", "handling", "fed_back", "checked", "closed", "evaluated",
    ]  # fmt: skip


def test_an_order_is_answered_called_back_and_sent_back_once() -> None:
    story = Story("order").do(OPERATOR, "accept").do(DISPATCHER, "dispatch", {"lead": "water"}).do(HANDLER, "sign")
    story.do(HANDLER, "answer", {"note": "已修"}).do(OPERATOR, "redo", {"reason": "仍漏水"}).do(HANDLER, "answer", {"note": "已换管"})
    story.do(OPERATOR, "call_back", {"satisfied": True}).do(SHIFT_LEADER, "complete").do(OPERATOR, "archive")
    assert (story.incident.state, story.incident.reworks) == ("archived", 1)


def test_an_emergency_runs_from_report_to_review() -> None:
    story = Story("emergency", FACTS._replace(group="natural_disaster")).do(OPERATOR, "verify", {"note": "属实"})
    story.do(DISPATCHER, "begin_initial_action", {"note": "就近力量已出动"}).do(SHIFT_LEADER, "assess", {"note": "内涝", "grade": "III"})
    story.do(SHIFT_LEADER, "start_response", {"response_level": "3"})
    assert story.incident.state == "assessed", "a shift leader's start of a response waits for the leader"
    story.do(LEADER, "approve:start_response").do(LEADER, "adjust_response", {"response_level": "2", "reason": "雨势加大"})
    story.do(LEADER, "publish", {"text": "通报"}).do(LEADER, "end_response", {"reason": "积水消退"})
    story.do(DISPATCHER, "begin_aftermath", {"note": "清淤"}).do(LEADER, "review", {"summary": "三小时消退", "lessons": "泵站备电"})
    assert (story.incident.state, story.incident.response_level, story.incident.grade) == ("reviewed", "2", "III")


def test_a_forbidden_move_says_why_and_what_is_open() -> None:
    refused = refusal(Story(), OPERATOR, "close")
    assert refused.code == "wrong_state" and "accept" in refused.open and refused.params["state"] == "reported"
    assert refusal(Story(), HANDLER, "accept").code == "wrong_role"


def test_filing_waits_for_the_shift_leader_and_can_be_refused() -> None:
    story = Story().do(OPERATOR, "accept").do(OPERATOR, "verify", {"note": "属实"}).do(OPERATOR, "file")
    assert story.incident.state == "verified" and "file" in story.incident.proposals
    assert refusal(story, OPERATOR, "approve:file").code == "not_yours_to_approve"
    assert refusal(story, SHIFT_LEADER, "refuse:file").code == "missing"
    story.do(SHIFT_LEADER, "refuse:file", {"reason": "位置不清"})
    assert story.incident.state == "verified" and not story.incident.proposals
    story.do(OPERATOR, "file").do(SHIFT_LEADER, "approve:file")
    assert story.incident.state == "filed" and story.events[-1].data["proposed_by"] == "operator"


def test_nobody_checks_or_closes_what_they_handled() -> None:
    story = Story().handled().do(HANDLER, "feed_back", {"note": "完成"})
    assert refusal(story, HANDLER, "check", {"note": "好"}).code == "own_work"
    story.do(OTHER_HANDLER, "check", {"note": "好"})
    assert story.incident.state == "checked"


def test_a_handler_of_another_department_cannot_sign() -> None:
    story = Story().do(OPERATOR, "accept").do(OPERATOR, "verify", {"note": "-"}).do(SHIFT_LEADER, "file")
    story.do(DISPATCHER, "dispatch", {"lead": "water"})
    assert refusal(story, OTHER_HANDLER, "sign").code == "other_department"


def test_the_second_level_of_dispatch_does_not_restart_the_clock() -> None:
    story = Story().do(OPERATOR, "accept").do(OPERATOR, "verify", {"note": "-"}).do(SHIFT_LEADER, "file")
    story.do(DISPATCHER, "dispatch", {"lead": "water"})
    due = story.incident.clocks["handle"].due_at
    story.do(DISPATCHER, "dispatch_on", {"lead": "water", "to_units": ["泵站班"]}, after=HOUR).do(HANDLER, "sign")
    assert story.incident.clocks["handle"].due_at == due == story.events[4].at + 4 * HOUR


def test_a_return_pauses_the_clock_and_the_second_one_goes_to_joint_handling() -> None:
    story = Story().handled()
    for again in range(2):
        story.do(HANDLER, "return", {"reason": "非我单位管养"}, after=HOUR).do(SHIFT_LEADER, "approve:return", after=0)
        assert story.incident.clocks["handle"].running_since is None
        if again:
            break
        story.do(DISPATCHER, "dispatch", {"lead": "water"}, after=HOUR).do(HANDLER, "sign", after=0)
    assert refusal(story, DISPATCHER, "dispatch", {"lead": "water"}).code == "needs_joint"
    story.do(DISPATCHER, "joint", {"lead": "transport", "assisting": ["water"], "decision": "交通牵头"})
    story.do(DISPATCHER, "dispatch", {"lead": "transport", "assisting": ["water"]})
    assert [one["lead"] for one in story.incident.returns] == ["water", "water"] and story.incident.lead == "transport"
    left = standing(story.incident.clocks["handle"], story.now, WORKING).left_ms
    assert left == 4 * HOUR - 2 * HOUR - 2 * MINUTE + MINUTE, "two hours with the unit and a minute to sign have been used"


def test_an_extension_is_asked_before_the_deadline_and_granted_even_after_it() -> None:
    ask = {"amount": 2, "unit": "natural_hours", "reason": "等待配件"}
    story = Story().handled().do(HANDLER, "extend", ask, after=3 * HOUR)
    story.do(SHIFT_LEADER, "approve:extend", after=2 * HOUR)
    assert story.incident.clocks["handle"].allowed_ms == 6 * HOUR and story.incident.extensions == 1
    late = Story().handled()
    assert refusal(late, HANDLER, "extend", ask, after=4 * HOUR).code == "too_late_to_extend"
    assert refusal(Story().handled(), HANDLER, "extend", {**ask, "unit": "working_days"}).code == "other_kind_of_time"


def test_carrying_as_unresolved_comes_after_the_deadline_and_stops_no_clock() -> None:
    story = Story().handled()
    assert refusal(story, HANDLER, "carry", {"reason": "征拆未完"}).code == "not_yet_due"
    story.do(HANDLER, "carry", {"reason": "征拆未完"}, after=5 * HOUR).do(SHIFT_LEADER, "approve:carry")
    assert story.incident.carried and story.incident.clocks["handle"].running_since is not None


def test_a_deferred_case_rests_until_it_is_resumed() -> None:
    story = Story().handled()
    story.do(HANDLER, "defer", {"until": story.now + 48 * HOUR, "reason": "雨季后施工"}).do(SHIFT_LEADER, "approve:defer", after=0)
    story.do(DISPATCHER, "resume", after=48 * HOUR)
    assert standing(story.incident.clocks["handle"], story.now, WORKING).left_ms == 4 * HOUR - 2 * MINUTE


def test_what_an_alarm_began_cannot_be_closed_while_the_sensor_still_says_flooded() -> None:
    wet = Story(facts=FACTS._replace(world_quiet=False)).handled().do(HANDLER, "feed_back", {"note": "完成"})
    wet.do(OPERATOR, "check", {"note": "好"})
    assert refusal(wet, SHIFT_LEADER, "close").code == "world_disagrees"
    seen = Story(facts=FACTS._replace(world_quiet=False)).handled().do(HANDLER, "feed_back", {"note": "完成"})
    seen.do(OPERATOR, "check", {"note": "传感器故障", "picture_agrees": True}).do(SHIFT_LEADER, "close")
    assert seen.incident.state == "closed"


def test_a_failed_check_is_rework_of_the_same_unit_on_the_same_clock() -> None:
    story = Story().handled()
    due = story.incident.clocks["handle"].due_at or 0
    story.do(HANDLER, "feed_back", {"note": "完成"})
    assert refusal(story, HANDLER, "rework", {"reason": "-"}).code == "own_work"
    story.do(OPERATOR, "rework", {"reason": "仍有积水"}, after=HOUR)
    one = story.incident
    assert (one.state, one.lead, one.reworks, one.returns) == ("handling", "water", 1, ())
    assert one.clocks["handle"].due_at == due + HOUR + MINUTE, "the time of checking is not the unit's"


def test_another_unit_takes_over_what_is_given_and_the_clock_goes_on() -> None:
    story = Story().handled()
    due = story.incident.clocks["handle"].due_at
    assert refusal(story, HANDLER, "reassign", {"lead": "transport", "reason": "-"}).code == "wrong_role"
    story.do(DISPATCHER, "reassign", {"lead": "transport", "reason": "地铁施工范围"}, after=HOUR)
    one = story.incident
    assert (one.state, one.lead, one.clocks["handle"].due_at, one.returns) == ("dispatched", "transport", due, ())


def test_a_dispute_is_written_down_and_answered_and_moves_nothing() -> None:
    story = Story().handled()
    assert refusal(story, DISPATCHER, "answer_dispute", {"answer": "-"}).code == "nothing_disputed"
    story.do(HANDLER, "dispute", {"reason": "管养边界在北侧"}).do(DISPATCHER, "answer_dispute", {"answer": "按派单目录由水务主办"})
    (said,) = story.incident.disputes
    assert (said["reason"], said["answer"], story.incident.state) == ("管养边界在北侧", "按派单目录由水务主办", "handling")


def test_what_was_reported_wrongly_is_void_once_the_shift_leader_agrees() -> None:
    story = Story().do(OPERATOR, "accept").do(OPERATOR, "void", {"reason": "同一来电误录两次"})
    assert story.incident.state == "accepted" and "void" in story.incident.proposals
    story.do(SHIFT_LEADER, "approve:void")
    assert story.incident.state == "void" and refusal(story, OPERATOR, "verify", {"note": "-"}).code == "wrong_state"


def test_reminding_supervising_and_raising_are_each_their_own_and_stop_no_clock() -> None:
    story = Story().handled()
    clocks = story.incident.clocks
    story.do(OPERATOR, "remind", {"note": "来电人再次来电"})
    assert not story.incident.supervised and story.incident.raised_to == ""
    assert refusal(story, OPERATOR, "supervise", {"note": "-"}).code == "wrong_role"
    story.do(SHIFT_LEADER, "supervise", {"note": "今日内答复"})
    story.do(OPERATOR, "raise", {"to_level": "市级", "reason": "跨镇街"})
    assert story.incident.supervised and story.incident.raised_to == ""
    story.do(SHIFT_LEADER, "approve:raise")
    assert (story.incident.raised_to, story.incident.state, story.incident.clocks) == ("市级", "handling", clocks)


def test_a_grade_is_given_only_where_the_law_knows_one() -> None:
    story = Story("emergency", FACTS._replace(group="public_security")).do(OPERATOR, "verify", {"note": "-"})
    story.do(DISPATCHER, "begin_initial_action", {"note": "-"})
    assert refusal(story, LEADER, "assess", {"note": "-", "grade": "II"}).code == "no_grade_by_law"


def test_disagreeing_figures_stand_side_by_side_until_one_is_confirmed() -> None:
    story = Story("emergency")
    story.do(OPERATOR, "figure", {"what": "injured", "value": 3, "source": "120"})
    story.do(OPERATOR, "figure", {"what": "injured", "value": 5, "source": "镇街"})
    injured = story.incident.figures["injured"]
    assert injured["agreed"] is None and {source: claim["value"] for source, claim in injured["claims"].items()} == {"120": 3, "镇街": 5}
    story.do(LEADER, "confirm_figure", {"what": "injured", "value": 5}).do(LEADER, "confirm_figure", {"what": "injured", "value": 6})
    agreed = story.incident.figures["injured"]["agreed"]
    assert (agreed["value"], agreed["version"], agreed["confirmer"]) == (6, 2, "leader")


def test_nothing_from_outside_can_write_state_or_clocks() -> None:
    story = Story()
    for field in ("to", "clocks", "from", "proposed_by"):
        assert refusal(story, OPERATOR, "say", {"text": "x", field: "closed"}).code == "unknown_field"
    assert refusal(story, OPERATOR, "say", {"text": "x\x00"}).code == "bad_field"
    assert refusal(story, OPERATOR, "no such deed").code == "unknown_deed"


def test_a_deed_done_offline_counts_from_when_it_was_done_but_never_before_the_last_event() -> None:
    story = Story().handled()
    from domain.incident_decisions import decide

    done = decide(story.incident, "feed_back", HANDLER, {"note": "-"}, story.now + MINUTE, story.now + HOUR, FACTS)
    assert (done.at, done.recorded_at) == (story.now + MINUTE, story.now + HOUR)
    early = decide(story.incident, "feed_back", HANDLER, {"note": "-"}, T0, story.now + HOUR, FACTS)
    assert early.at == story.incident.changed_at
    future = decide(story.incident, "feed_back", HANDLER, {"note": "-"}, story.now + 9 * HOUR, story.now + HOUR, FACTS)
    assert future.at == story.now + HOUR


def test_the_tables_name_only_what_exists() -> None:
    for (spine, deed), one in TRANSITIONS.items():
        known = {state.code for state in SPINES[spine]}
        assert one.start <= known and (one.to is None or one.to in known), (spine, deed)
        assert set(one.guards) <= set(GUARDS) and one.kind in KINDS
        assert set(one.needs) | set(ALSO.get(deed, ())) <= set(FORMS), (spine, deed)
    deeds = {deed for _, deed in TRANSITIONS} | {"report", "propose", "refuse"}
    assert set(CHANGES) <= deeds and set(ALSO) <= deeds


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    for spine, states in SPINES.items():
        moves = [one for (own, _), one in TRANSITIONS.items() if own == spine]
        reached = {"reported"} | {one.to for one in moves}
        for state in states:
            assert state.code in reached or (state.code in ("not_filed", "handed_over") and spine != "case"), (spine, state.code)
            assert not state.open or any(one.to and state.code in one.start for one in moves)


SAID = {
    "reason": "因", "note": "注", "lead": "water", "text": "文", "answer": "答", "decision": "定", "summary": "总", "lessons": "训",
    "grade": "III", "response_level": "3", "score": 4, "satisfied": True, "amount": 1, "unit": "natural_hours", "until": T0 + 99 * HOUR,
    "assisting": ["transport"], "to_level": "city", "who": "某单位", "what": "dead", "value": 1, "source": "120", "spine": "emergency",
    "unit_id": "u1", "status": "on_scene", "instruction": "0" * 8 + "-0000-7000-8000-000000000002", "receipt": "E-1", "which": "first",
    **dict.fromkeys(("into", "incident_id", "alarm_id", "attachment_id", "report_id"), "0" * 8 + "-0000-7000-8000-000000000002"),
}  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 10_000), st.integers(0, 3 * HOUR)), max_size=40)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(SPINES)), st.sampled_from([None, True, False]), steps)
def test_whatever_people_do_the_incident_is_the_fold_of_its_events(spine: str, quiet: bool | None, chosen: list) -> None:
    story = Story(spine, FACTS._replace(group="accident", world_quiet=quiet))
    for actor, pick, after in chosen:
        moves = [move for move in open_moves(story.incident, actor, story.now, story.facts) if move.deed not in ("void", "decline")]
        if not moves:
            continue
        move = moves[pick % len(moves)]
        try:
            story.do(actor, move.deed, {name: SAID[name] for name in move.needs}, after)
        except Refused as refused:
            assert refused.code not in ("wrong_role", "wrong_state", "missing", "unknown_field", "bad_field"), "an open move was none"
    again = fold(story.incident.incident_id, story.incident.number, story.events)
    assert again == story.incident
    assert [event.version for event in story.events] == list(range(1, len(story.events) + 1))
    handle = story.incident.clocks.get("handle")
    assert handle is None or handle.used_ms >= 0


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_field_refuses_what_it_is_not(name: str) -> None:
    one = next(iter(TRANSITIONS.values()))._replace(needs=(name,), deed="x")
    for bad in ({"a": object()}, float("nan"), "\x00", "x" * 5_000, [["x"]]):
        if name in ("place", "caller") and bad == {}:
            continue
        with pytest.raises(Refused):
            checked(one, {name: bad})


def test_allowance_of_the_matrix_runs_from_dispatch() -> None:
    facts = FACTS._replace(allowances={**FACTS.allowances, "handle": Allowance(2, "natural_hours")})
    assert Story(facts=facts).handled().incident.clocks["handle"].allowed_ms == 2 * HOUR


INSTRUCTION = "0" * 8 + "-0000-7000-8000-00000000000a"


def test_an_instruction_owes_an_answer_until_it_is_given_once() -> None:
    story = Story().handled()
    with pytest.raises(Refused, match="nothing_instructed"):
        story.do(HANDLER, "answer_instruction", {"instruction": INSTRUCTION, "text": "已转移"})
    story.do(LEADER, "instruct", {"text": "报告转移情况", "instruction": INSTRUCTION})
    assert list(story.incident.owes_answers) == [INSTRUCTION] and story.incident.instructions[INSTRUCTION]["lead"] == "water"
    assert "answer_instruction" in [move.deed for move in open_moves(story.incident, HANDLER, story.now, story.facts)]
    with pytest.raises(Refused, match="no_such_instruction"):
        story.do(HANDLER, "answer_instruction", {"instruction": "0" * 8 + "-0000-7000-8000-00000000000b", "text": "已转移"})
    story.do(HANDLER, "answer_instruction", {"instruction": INSTRUCTION, "text": "已转移 120 人"})
    said = story.incident.instructions[INSTRUCTION]
    assert (said["answer"], said["answered_by"], said["ended"]) == ("已转移 120 人", "handler", "done") and not story.incident.owes_answers


def test_the_finished_task_of_an_instruction_is_its_answer() -> None:
    story = Story().handled().do(LEADER, "instruct", {"text": "报告转移情况", "instruction": INSTRUCTION})
    writer = Actor("handler", frozenset({"tasks"}))
    story.do(writer, "task", {"task_id": INSTRUCTION, "status": "acknowledged", "text": "报告转移情况"})
    assert story.incident.owes_answers
    story.do(writer, "task", {"task_id": INSTRUCTION, "status": "done", "text": "报告转移情况", "note": "已转移 120 人"})
    assert story.incident.instructions[INSTRUCTION]["answer"] == "已转移 120 人" and not story.incident.owes_answers
