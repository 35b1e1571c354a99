"""The duty page and the bell: what a person reads there."""

import pytest

from config.languages import load_catalogues
from domain.access import Actor
from domain.duty import Gap, Shift
from domain.notices import Calling
from domain.plans import Task
from layouts import chains, duty, duty_forms, duty_parts, duty_people, notices, sheet
from layouts.duty_parts import DAY_MS, Naming
from layouts.words import Words
from services.duty_book import Called, Page, RollSeen
from services.duty_ports import Change, Contact, HandOver, PhoneCall, Roll
from services.notice_ports import Notice
from services.outbox import Sent
from tests.layouts.test_panels import components, texts

CATALOGUES = load_catalogues()
ZH = Words("zh", CATALOGUES["zh"])
NAMING = Naming(ZH, {"water": "水务局"})
HOUR = 3_600_000
LI = Actor("li", frozenset({"operator"}))
CHEN = Actor("chen", frozenset({"duty_officer"}))
HOW = {"empty": "critical", "short": "minor", "coming": "major"}


def deeds(parts):
    return {
        (one.id["deed"], one.id["thing"]) for one in components(parts) if isinstance(getattr(one, "id", None), dict) and "deed" in one.id
    }


def test_a_gap_is_said_where_it_is():
    shifts = [Shift("1", "watch_officer", "", "li", "李", "8881", 0, 8 * HOUR)]
    gap = Gap("shift_leader", "", 0, 8 * HOUR, 0, 1)
    assert "空岗：值班长" in texts(duty_parts.now_on(NAMING, shifts, [gap])) and "李" in texts(duty_parts.now_on(NAMING, shifts, []))
    week = texts(duty_parts.week(NAMING, shifts, [gap], [0, DAY_MS], "li"))
    assert "李" in week and "空岗" in week


def test_a_change_is_answered_by_the_colleague_then_by_a_shift_leader_who_is_neither():
    asked = Change("c", "swap", "s", "t", "", "wang", "li", "体检", "asked", 1)
    assert ("change_yes", "c") in deeds(duty_parts.changes(NAMING, [asked], LI))
    assert not deeds(duty_parts.changes(NAMING, [asked], CHEN))
    agreed = asked._replace(state="agreed")
    assert ("change_yes", "c") in deeds(duty_parts.changes(NAMING, [agreed], CHEN))
    assert not deeds(duty_parts.changes(NAMING, [agreed], LI))


def test_nobody_is_offered_to_sign_their_own_hand_over():
    made = HandOver("h", "", "li", 1, "x", [])
    assert not deeds(duty_parts.handover(NAMING, [], [made], LI))
    assert deeds(duty_parts.handover(NAMING, [], [made], CHEN)) == {("sign", "h")}


def test_a_call_that_is_an_incident_leads_to_it():
    call = PhoneCall("p", "", 1, 1, "li", "张", "0000", "积水", "水务局", "鸿福路")
    assert deeds(duty_parts.calls(NAMING, [call], True)) == {("to_incident", "p")} and "已告知：水务局" in texts(
        duty_parts.calls(NAMING, [call], True)
    )
    assert not deeds(duty_parts.calls(NAMING, [call], False)) and not deeds(
        duty_parts.calls(NAMING, [call._replace(incident_id="i")], True)
    )


@pytest.mark.parametrize(("starts", "hours", "told"), [(-8, 24, "全天"), (-8, 12, "00:00–12:00"), (0, 24, "08:00–08:00")])
def test_a_shift_from_midnight_to_midnight_is_a_whole_day(starts, hours, told):
    shift = Shift("1", "shift_leader", "", "li", "李", "", starts * HOUR, (starts + hours) * HOUR)

    assert told in texts(duty_parts.week(NAMING, [shift], [], [-8 * HOUR], "li"))


def test_a_chain_says_who_is_called_now_and_who_did_not_answer():
    calling = Calling("c", "incident:1", "task", ("li", "chen"), 1, 2, 90_000, "calling", superior="zhao")
    shown = duty_parts.chain(ZH, calling, {"number": "C-1", "link": "/desk"}, 30_000, "chen")
    assert "li" in texts(shown) and "正在叫 chen（第 2 次，1 分钟后" in texts(shown)
    assert any(getattr(one, "id", None) == {"type": "notice-answer", "thing": "incident:1"} for one in components(shown))
    assert "无人应答，已报 zhao" in texts(duty_parts.chain(ZH, calling._replace(state="exhausted", position=2), {}, 0, "x"))


def test_a_roll_call_shows_the_time_each_answer_took():
    roll = Roll("r", "roll_call", "chen", 1_000, ["water"], [])
    seen = RollSeen(roll, [Called("water", "answered", "", "sun", 41_000)])
    assert "40 s" in texts(duty_people.rolls(NAMING, [seen]))


def test_a_task_past_its_time_is_marked():
    task = Task("t", "i", "plan", "p", "a", "3", "water", "seat", "开泵", "Start pumps", "assigned", "x", 0, 10)
    shown = duty_parts.tasks(NAMING, [task], LI, 20)
    assert deeds(shown) == {("task_acknowledge", "t"), ("task_finish", "t")} and any(
        getattr(one, "className", "") == "is-late" for one in components(shown)
    )


def test_who_may_not_write_finds_no_form():
    city = {"name": "东莞市"}
    seat = duty.build(ZH, city, Actor("sun", frozenset({"data_steward"})))
    assert (
        deeds([seat]) == {("test", "")}
        and ("write_log", "") in deeds([duty.build(ZH, city, LI)])
        and {"shift", "roster", "contact", "roll"} <= {form for form, _ in forms_of([duty.build(ZH, city, CHEN)])}
    )


def test_a_notice_that_waits_for_an_answer_has_its_button_once():
    made = [
        Notice(str(n), "k", "incident:1", "li", "app", "critical_incident", {"number": "C-1", "title": "积水"}, "/desk?a=1", n)
        for n in (2, 1)
    ]
    for lang, catalogue in CATALOGUES.items():
        shown = notices.listing(Words(lang, catalogue), catalogue, made, ["incident:1"])
        buttons = [one for one in components(shown) if getattr(one, "id", None) == {"type": "notice-answer", "thing": "incident:1"}]
        assert len(buttons) == 1 and "C-1" in texts(shown)
    vain = Notice("v", "k", "incident:1", "chen", "app", "not_reached", {"number": "C-1", "not_reached": ["li", "wang"]}, "", 1)
    named = Words("zh", CATALOGUES["zh"], called=lambda who: {"li": "李四"}.get(who, who))
    assert "以下人员未应答：李四、wang" in texts(notices.listing(named, CATALOGUES["zh"], [vain], []))
    gap = Notice("g", "k", "gap:1", "li", "app", "gap_in_cover", {"title": "shift_leader"}, "", 1)
    assert "值班长" in texts(notices.listing(ZH, CATALOGUES["zh"], [gap], []))


def forms_of(parts):
    """(form, thing) of every button that opens one."""
    return {(getattr(one, "data-sheet-form"), getattr(one, "data-thing")) for one in components(parts) if hasattr(one, "data-sheet-form")}


def test_a_gap_is_an_alarm_and_those_who_may_fill_it_there():
    now_, ahead = Gap("shift_leader", "", 0, 8 * HOUR, 0, 1), Gap("watch_officer", "", 20 * HOUR, 28 * HOUR, 1, 2)
    shown = duty_people.gaps(NAMING, [now_, ahead], HOUR, True, HOW)
    assert [getattr(one, "role", "") for one in shown] == ["alert", "alert"]
    assert "is-critical" in shown[0].className and "正在空岗" in texts(shown[0]) and "is-major" in shown[1].className
    assert forms_of(shown) == {("shift", f"gap:shift_leader:0:{8 * HOUR}"), ("shift", f"gap:watch_officer:{20 * HOUR}:{28 * HOUR}")}
    assert not forms_of(duty_people.gaps(NAMING, [now_], HOUR, False, HOW)) and "各岗位均有人值班" in texts(
        duty_people.gaps(NAMING, [], 0, True, HOW)
    )


def test_a_shift_is_changed_by_the_shift_leader_and_given_away_by_its_owner():
    shifts = [Shift("1", "watch_officer", "", "li", "李", "", 0, 8 * HOUR), Shift("2", "seat", "water", "sun", "孙", "", 0, 8 * HOUR)]
    assert forms_of(duty_parts.week(NAMING, shifts, [], [0], "li", lambda unit: unit == "")) == {("shift", "1")}
    assert forms_of(duty_parts.week(NAMING, shifts, [], [0], "li")) == {("swap", "1")}
    assert forms_of(duty_parts.week(NAMING, shifts, [], [0], "wang")) == set()
    links = [one.href for one in components([duty_parts.calendars(NAMING, 5, "li")]) if hasattr(one, "href")]
    assert links == ["/api/v1/duty/roster.ics?since=5&until=7948800005&username=li", "/api/v1/duty/roster.ics?since=5&until=7948800005"]


def test_who_asked_for_a_change_can_withdraw_it_until_it_is_decided():
    asked = Change("c", "swap", "s", "t", "", "wang", "li", "体检", "asked", 1)
    assert deeds(duty_parts.changes(NAMING, [asked], Actor("wang", frozenset({"operator"})))) == {("change_withdraw", "c")}


def test_numbers_are_changed_only_where_the_actor_may():
    pages = [
        Page("", "", "", [], [Contact("n", "", "总机", "", "110")]),
        Page("water", "", "", [], [Contact("m", "water", "水务", "", "111")]),
    ]
    assert forms_of(duty_people.book(NAMING, pages, lambda unit: unit == "water")) == {("contact", "m"), ("contact_remove", "m")}
    assert "tel:110" in [one.href for one in components(duty_people.book(NAMING, pages)) if hasattr(one, "href")]


def test_a_roll_call_says_who_waits_since_when_and_lets_the_called_one_answer():
    roll = Roll("r", "duty_check", "chen", 1_000, ["water", ""], [])
    seen = RollSeen(roll, [Called("water", "answered", "", "sun", 41_000), Called("", "calling", "li", "", None)])
    shown = duty_people.rolls(NAMING, [seen], 121_000, "li")
    assert "应答 1 / 2，最长 40 s" in texts(shown) and "已等 2 min" in texts(shown)
    buttons = [one for one in components(shown) if getattr(one, "id", None) == {"type": "notice-answer", "thing": "roll:r:"}]
    assert len(buttons) == 1
    assert not [one for one in components(duty_people.rolls(NAMING, [seen], 121_000, "wang")) if getattr(one, "id", None)]


def test_a_test_message_shows_what_became_of_it_on_every_channel():
    made = [
        Notice("1", "k", "test:1", "li", "app", "test", {}, "", 1, state="sent"),
        Notice("2", "k", "test:1", "li", "email", "test", {}, "", 1, state="failed", error="no channel"),
    ]
    shown = texts(duty_people.reached(ZH, {"email": "a@b.cn"}, made))
    assert "a@b.cn" in shown and "未送达 no channel" in shown and "未读" in shown and "未填写" in shown


def test_who_caused_a_notice_sees_who_has_read_it():
    told = [
        Notice("1", "k", "t", "sun", "app", "reminded", {"number": "C-1"}, "", 1, state="sent", read_at=5),
        Notice("2", "k", "t", "li", "app", "reminded", {"number": "C-1"}, "", 1, state="sent"),
        Notice("3", "k", "t", "li", "email", "reminded", {"number": "C-1"}, "", 1, state="unsure"),
    ]
    for lang, catalogue in CATALOGUES.items():
        shown = texts(duty_people.sent(Words(lang, catalogue), catalogue, [Sent("t", "reminded", 1, told)]))
        assert "C-1" in shown and "sun" in shown
    here = chains.after(NAMING, None, [], LI, 1, duty_people.sent(ZH, CATALOGUES["zh"], [Sent("t", "reminded", 1, told)]))
    assert "我发出的通知" in texts(here) and "已读 1 / 2" in texts(here), "on the incident too"
    assert "已读 1 / 2" in texts(duty_people.sent(ZH, CATALOGUES["zh"], [Sent("t", "reminded", 1, told)]))


def test_every_form_has_words_in_both_languages():
    for lang, catalogue in CATALOGUES.items():
        for name in duty_forms.FORMS:
            shown = duty_forms.build(Words(lang, catalogue), name, "x", duty_forms.Opening())
            assert getattr(shown, "data-form") == name and texts(shown)
    held = duty.build(ZH, {"name": "东莞市"}, LI)
    assert {form for form, _ in forms_of([held])} == {"swap", "reached"} and any(
        getattr(one, "id", None) == sheet.BODY for one in components([held])
    )


def test_only_the_fields_of_what_was_done_are_emptied():
    assert (
        duty.fields_of("task_finish") == ("task_answer",) and duty.fields_of("write_log") == ("log_text",) and duty.fields_of("sign") == ()
    )
