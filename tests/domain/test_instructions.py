"""Instructions follow from their events; a deed is open to a state or it is said why not; falls of scores are ranked."""

import pytest

from domain.instructions import ANSWERED, CLOSED, DEEDS, GIVEN, STATES, TAKEN, Event, Instruction, by_need, fold, why_not
from domain.periods import period_of
from domain.portfolio import Portfolio, portfolio
from domain.registry import Region
from domain.worsening import base_of, fall
from tests.services.reckoning_town import DAY, HOUR, ZONE, ms

BLANK = Instruction("i", "I-1", "region", "441900003", "东城", "441900003", "water")
GIVEN_AT, DUE = 1_000, 5_000


def told(*deeds):
    events = [Event(1, "give", GIVEN_AT, "leader", {"text": "清淤", "due_at": DUE})]
    events += [Event(n, deed, GIVEN_AT + n, "x", {"text": "好"}) for n, deed in enumerate(deeds, start=2)]
    return fold(BLANK, events)


@pytest.mark.parametrize(
    ("deeds", "state"),
    [((), GIVEN), (("take",), TAKEN), (("answer",), ANSWERED), (("answer", "send_back"), TAKEN), (("answer", "close"), CLOSED)],
)
def test_an_instruction_stands_where_its_deeds_brought_it(deeds, state):
    assert told(*deeds).state == state


def test_what_was_said_is_kept_with_who_said_it_and_when():
    one = told("remind", "answer", "send_back", "answer", "close")
    assert (one.text, one.given_by, one.given_at, one.due_at) == ("清淤", "leader", GIVEN_AT, DUE)
    assert (one.answer, one.answered_by, one.reminders, one.returns, one.ended_at) == ("好", "x", 1, 1, GIVEN_AT + 6)


@pytest.mark.parametrize(("at", "late"), [(DUE, False), (DUE + 1, True)])
def test_an_answer_is_overdue_once_its_moment_is_over_and_never_after_it_came(at, late):
    assert told().overdue(at) is late and told("take").overdue(at) is late
    assert not told("answer").overdue(at)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", STATES)
def test_a_deed_is_open_in_its_states_alone(deed, state):
    reason = why_not(BLANK._replace(state=state), deed, {"text": "x", "due_at": 9}, 8)
    assert reason == ("" if state in DEEDS[deed].start else "gone_on")


@pytest.mark.parametrize(
    ("deed", "said", "reason"),
    [("fly", {}, "unknown_deed"), ("answer", {"text": " "}, "empty"), ("extend", {}, "wrong_time"), ("extend", {"due_at": 8}, "wrong_time"),
     ("take", {}, "")],
)  # fmt: skip
def test_it_is_said_why_a_deed_cannot_be_done(deed, said, reason):
    assert why_not(told(), deed, said, 8) == reason


def test_answers_to_be_read_come_first_then_overdue_then_by_deadline_then_what_is_over():
    late, due, open_end = told(), told()._replace(due_at=9_000), told()._replace(due_at=None)
    assert by_need([told("answer", "close"), open_end, due, late, told("answer")], DUE + 1) == [
        told("answer"), late, due, open_end, told("answer", "close"),
    ]  # fmt: skip


def test_an_empty_portfolio_is_everything_and_a_town_holds_what_lies_in_it():
    known = {"4419": Region("4419", "", None, "city"), "441900": Region("441900", "", "4419", "town")}
    assert Portfolio().has_domain("ecology") and Portfolio().has_region("441900", known)
    own = portfolio(["support", "ecology", "ecology"], ["4419"])
    assert own.domains == ("ecology", "support") and own.has_region("441900", known) and not own.has_domain("business")
    assert not portfolio([], ["441900"]).has_region("4419", known) and portfolio([], ["441900"]).has_region("", known)
    with pytest.raises(ValueError, match="weather"):
        portfolio(["weather"], [])


def test_hours_and_days_are_compared_with_the_same_hour_and_day():
    hour, day = period_of(ms(10, 8), "hour", ZONE), period_of(ms(10, 8), "day", ZONE)
    assert [base_of(one, "day", 0, ms(10, 9), ZONE).starts for one in (hour, day)] == [ms(9, 8), ms(9)]
    assert [base_of(one, "week", 0, ms(10, 9), ZONE).starts for one in (hour, day)] == [ms(3, 8), ms(3)]


def test_a_month_is_compared_once_a_week_after_it_became_known():
    month = period_of(ms(10), "month", ZONE)
    assert base_of(month, "day", ms(10), ms(10), ZONE) is None
    assert base_of(month, "week", ms(10), ms(17) - 1, ZONE).starts == period_of(ms(1) - HOUR, "month", ZONE).starts
    assert base_of(month, "week", ms(10), ms(10) + 7 * DAY, ZONE) is None


@pytest.mark.parametrize(
    ("now", "then", "points"), [(55.0, 60.0, 5.0), (55.1, 60.0, None), (None, 60.0, None), (55.0, None, None), (70.0, 60.0, None)]
)
def test_a_score_fell_when_it_fell_by_enough_and_both_are_known(now, then, points):
    found = fall(now, then, 2.0, 5.0)
    assert (found and found.points) == points and (found is None or found.rank == 10.0)
