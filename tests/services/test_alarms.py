"""Alarms follow the set of stored readings, whatever the order in which they came."""

from typing import Any

import pytest
from hypothesis import given, settings

from domain.access import Actor, Forbidden
from domain.alarms import RuleBook
from domain.messages import Event, Position, Reading
from domain.registry import Region
from services import alarm_past
from services.alarm_desk import AlarmDesk
from services.alarm_store import Deed
from services.alarms import AlarmEvaluator
from tests.services.alarm_scenarios import DEVICES, RULES, T0, FakeAlarmStore, S, Scenario, expected, reading, scenarios, seen, statement

NOW = T0 + 100 * S


class City:
    """An evaluator on a fake store."""

    def __init__(self, rules: RuleBook = RULES, devices: dict[str, Any] = DEVICES) -> None:
        self.store, self.devices, self.rules = FakeAlarmStore(), devices, rules
        self.restart()

    def restart(self) -> None:
        self.evaluator = AlarmEvaluator(self.rules, self.store, "441900")

    def hear(self, *readings: Any) -> list[Any]:
        self.store.add(readings)
        values = [one for one in readings if isinstance(one, Reading)]
        places = [one for one in readings if isinstance(one, Position)]
        return self.evaluator.evaluate(None, values, self.devices, NOW, places, [one for one in readings if isinstance(one, Event)])

    def tick(self, second: int) -> list[Any]:
        return self.evaluator.tick(None, T0 + second * S, self.devices, NOW)

    def living(self, rule_id: str) -> list[Any]:
        return [one for one in self.store.rows.values() if one.rule_id == rule_id and one.state != "withdrawn"]


def play(scenario: Scenario) -> City:
    city = City()
    for i, batch in enumerate(scenario.batches):
        if i in scenario.wipes:
            city.evaluator.forget()
        city.hear(*batch)
        if i in scenario.ticks:
            city.tick(scenario.ticks[i])
    city.tick(scenario.last_tick)
    return city


@settings(max_examples=400, deadline=None)
@given(scenarios())
def test_alarms_equal_the_fold_over_the_sorted_readings_whatever_the_arrival(scenario: Scenario) -> None:
    city = play(scenario)
    everything = [one for batch in scenario.batches for one in batch]
    assert seen(list(city.store.rows.values())) == expected(everything, T0 + scenario.last_tick * S)


@settings(max_examples=200, deadline=None)
@given(scenarios())
def test_how_much_of_a_series_is_read_at_once_changes_no_alarm(scenario: Scenario) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alarm_past, "STEPS", (1, 2, 5, 1_000_000_000))
        city = play(scenario)
    everything = [one for batch in scenario.batches for one in batch]
    assert seen(list(city.store.rows.values())) == expected(everything, T0 + scenario.last_tick * S)


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_transitions_played_back_give_the_stored_alarms(scenario: Scenario) -> None:
    city = play(scenario)
    state: dict[str, tuple[Any, ...]] = {}
    for step in city.store.transitions:
        old = state.get(step.alarm_id, (None, None, None))
        state[step.alarm_id] = {
            "raised": ("active", step.at, None),
            "moved": (old[0], step.at, old[2]),
            "cleared": ("cleared", old[1], step.at),
            "withdrawn": ("withdrawn", old[1], old[2]),
        }[step.kind]
    assert state == {one.alarm_id: (one.state, one.raised_at, one.cleared_at) for one in city.store.rows.values()}


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_a_restart_changes_no_alarm(scenario: Scenario) -> None:
    city = play(scenario)
    before = dict(city.store.rows)
    city.restart()
    assert city.evaluator.prime(None, DEVICES, NOW) == []
    assert city.tick(scenario.last_tick) == []
    assert city.store.rows == before


def test_a_later_reading_is_folded_on_without_a_query() -> None:
    city = City()
    city.hear(reading("w1", 0, 0))
    before = city.store.queries
    assert [one.state for one in city.hear(reading("w1", 1, 4)) if one.rule_id == "depth-any"] == ["active"]
    assert [one.state for one in city.hear(reading("w1", 2, 0)) if one.rule_id == "depth-any"] == ["cleared"]
    assert city.store.queries == before


def test_many_series_are_first_seen_with_one_query() -> None:
    devices = {f"d{i}": DEVICES["w1"]._replace(device_id=f"d{i}") for i in range(500)}
    city = City(devices=devices)
    city.hear(*(reading(name, 0, 0) for name in devices))
    assert city.store.queries == 1


def test_a_series_without_rules_and_an_unadopted_device_cost_no_query() -> None:
    city = City(devices={**DEVICES, "new": DEVICES["w1"]._replace(device_id="new", adopted=False)})
    assert city.hear(reading("w1", 0, 9, metric="battery"), reading("new", 0, 9), reading("stranger", 0, 9)) == []
    assert city.store.queries == 0


def test_an_older_reading_moves_the_alarm_and_keeps_number_and_acknowledgement() -> None:
    city = City()
    city.hear(reading("w2", 0, 0))
    city.hear(reading("w2", 10, 2))
    (alarm,) = city.living("depth-any")
    assert city.evaluator.decide(None, Deed("acknowledged", alarm.alarm_id, "li"), NOW) is not None
    city.hear(reading("w2", 5, 2))
    (moved,) = city.living("depth-any")
    assert (moved.alarm_id, moved.number, moved.acknowledged_by) == (alarm.alarm_id, alarm.number, "li")
    assert moved.raised_at == T0 + 5 * S


def test_backlog_after_a_reconnect_withdraws_the_silence() -> None:
    city = City()
    city.hear(reading("w1", 0, 0))
    city.tick(9)
    (alarm,) = city.living("silent")
    assert (alarm.state, alarm.raised_at) == ("active", T0 + 3 * S)
    city.hear(reading("w1", 10, 0))
    assert [one.state for one in city.living("silent")] == ["cleared"]
    city.hear(*(reading("w1", second, 0) for second in range(1, 10)))
    assert city.living("silent") == []
    assert city.store.rows[alarm.alarm_id].state == "withdrawn"


def test_silence_since_before_the_start_is_noticed() -> None:
    city = City()
    city.store.add([reading("w1", 0, 1)])
    assert city.tick(3) == []
    assert [one.rule_id for one in city.tick(4)] == ["silent"]


def test_a_device_that_never_spoke_raises_no_alarm() -> None:
    assert City().tick(1000) == []


def test_an_alarm_whose_first_readings_retention_has_removed_stays_and_clears() -> None:
    city = City()
    city.hear(reading("w2", 0, 3))
    for second in range(1, 30):
        city.hear(reading("w2", second, 3))
    (alarm,) = city.living("depth-any")
    kept = city.store.held[next(iter(city.store.held))]
    for at in [at for at in kept if at < T0 + 20 * S]:
        del kept[at]
    city.restart()
    assert city.evaluator.prime(None, DEVICES, NOW) == []
    city.hear(reading("w2", 30, 0))
    assert [(one.alarm_id, one.raised_at, one.cleared_at) for one in city.living("depth-any")] == [(alarm.alarm_id, T0, T0 + 30 * S)]


def test_an_alarm_whose_rule_is_gone_is_withdrawn_at_the_next_start() -> None:
    city = City()
    city.hear(reading("w2", 0, 2))
    city.rules = RuleBook(rule for rule in RULES.rules if rule.rule_id != "depth-any")
    city.restart()
    assert [(one.rule_id, one.state) for one in city.evaluator.prime(None, DEVICES, NOW)] == [("depth-any", "withdrawn")]


def test_an_alarm_carries_where_it_is_and_a_number_to_read_out() -> None:
    city = City()
    city.hear(reading("w2", 0, 2))
    (alarm,) = city.living("depth-any")
    assert (alarm.number, alarm.region, alarm.department, alarm.limit_value) == ("A-441900-0000001", "441900", "water", 2)


def test_only_the_first_acknowledgement_counts() -> None:
    city = City()
    city.hear(reading("w2", 0, 2))
    (alarm,) = city.living("depth-any")
    first = city.evaluator.decide(None, Deed("acknowledged", alarm.alarm_id, "li"), NOW)
    assert first is not None and first.acknowledged_by == "li"
    assert city.evaluator.decide(None, Deed("acknowledged", alarm.alarm_id, "wang"), NOW + 1) is None
    assert city.evaluator.decide(None, Deed("acknowledged", "unknown", "wang"), NOW) is None


class Inbox:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, bytes, str]] = []

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        self.rows.append((feed, topic, payload, partition_key))
        return len(self.rows)


REGIONS = {"441900": Region("441900", "东莞", None, "city"), "1": Region("1", "一", None, "city")}


def desk() -> tuple[City, AlarmDesk, Inbox, Any]:
    city, inbox = City(), Inbox()
    city.hear(reading("w2", 0, 2))
    (alarm,) = city.living("depth-any")
    return city, AlarmDesk(city.store.rows.get, lambda: REGIONS, inbox), inbox, alarm


def test_an_acknowledgement_goes_to_the_worker_of_its_device() -> None:
    _, service, inbox, alarm = desk()
    assert service.acknowledge(Actor("li", frozenset({"operator"})), alarm.alarm_id, 5)
    payload = f'{{"alarm_id": "{alarm.alarm_id}", "username": "li", "at": 5, "note": ""}}'.encode()
    assert inbox.rows == [("command", "acknowledged", payload, "w2")]


def test_an_alarm_already_acknowledged_is_not_passed_on() -> None:
    city, service, inbox, alarm = desk()
    city.evaluator.decide(None, Deed("acknowledged", alarm.alarm_id, "wang"), NOW)
    assert not service.acknowledge(Actor("li", frozenset({"operator"})), alarm.alarm_id, 5)
    assert inbox.rows == []


@pytest.mark.parametrize(
    "actor",
    [
        Actor("leader", frozenset({"leader"})),
        Actor("elsewhere", frozenset({"operator"}), regions=frozenset({"1"})),
        Actor("others", frozenset({"operator"}), departments=frozenset({"fire"})),
    ],
)
def test_whoever_lacks_the_right_or_the_scope_is_refused(actor: Actor) -> None:
    _, service, inbox, alarm = desk()
    with pytest.raises(Forbidden):
        service.acknowledge(actor, alarm.alarm_id, 5)
    assert inbox.rows == []


def test_an_unknown_alarm_is_refused_like_one_out_of_scope() -> None:
    with pytest.raises(Forbidden, match="no such alarm in your scope"):
        desk()[1].acknowledge(Actor("li", frozenset({"operator"})), "unknown", 5)


def test_a_video_alarm_stated_again_and_again_is_one_alarm_until_it_is_said_to_have_ended() -> None:
    city = City()
    city.hear(*(statement(second, "began") for second in (0, 3, 6)))
    city.hear(statement(9, "again"))
    assert [(one.state, one.raised_at) for one in city.living("intruder")] == [("active", T0)]
    city.hear(statement(10, "ended"))
    assert [(one.state, one.cleared_at) for one in city.living("intruder")] == [("cleared", T0 + 10 * S)]


def test_a_video_alarm_that_nobody_ends_is_over_after_its_quiet_time_and_a_later_one_is_another() -> None:
    city = City()
    city.hear(statement(0, "began"))
    city.tick(7)
    assert [one.state for one in city.living("intruder")] == ["active"]
    city.tick(8)
    assert [(one.state, one.cleared_at) for one in city.living("intruder")] == [("cleared", T0 + 7 * S)]
    city.hear(statement(20, "began"))
    assert sorted(one.state for one in city.living("intruder")) == ["active", "cleared"]


def test_a_statement_that_comes_late_carries_an_alarm_on_that_silence_had_ended() -> None:
    city = City()
    city.hear(statement(0, "began"))
    city.tick(8)
    city.restart()
    city.hear(statement(6, "again"))
    city.tick(9)
    assert [(one.state, one.cleared_at) for one in city.living("intruder")] == [("active", None)]


def test_a_video_alarm_stays_until_the_last_of_its_subjects_has_left() -> None:
    city = City()
    city.hear(statement(0, "began a"), statement(1, "began b"), statement(2, "ended a"))
    assert [one.state for one in city.living("intruder")] == ["active"]
    city.hear(statement(3, "ended b"))
    assert [one.state for one in city.living("intruder")] == ["cleared"]


def test_the_stated_priority_decides_which_rule_lights() -> None:
    city = City()
    city.hear(statement(0, "began a 1"))
    assert [one.severity for one in city.living("urgent")] == ["critical"] and city.living("intruder") == []


def test_after_a_restart_the_tick_still_ends_a_video_alarm() -> None:
    city = City()
    city.hear(statement(0, "began"))
    city.restart()
    city.tick(8)
    assert [one.state for one in city.living("intruder")] == ["cleared"]
