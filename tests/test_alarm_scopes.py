"""Two people with two scopes over maintenance silences and the figures of rules, on PostgreSQL; and what silences do as time passes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from config.alarm_care import load_alarm_care
from data_adapters.alarm_wiring import AlarmServices, build_alarms
from data_adapters.sql.alarms_due import SqlAlarmsDue
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.register_repository import RegisterRepository
from domain.access import Actor, Forbidden
from domain.silences import NotSilenced, Wanted
from services.alarm_watch import AlarmWatch
from services.audit import Audit
from services.register import Register

NOW = 1_795_000_000_000
HOUR = 3_600_000
TOWNS = {"east": "441900003", "west": "441900004"}
ALARMS = {"east": str(UUID(int=1)), "west": str(UUID(int=2))}
PEOPLE = {side: Actor(side, frozenset({"dispatcher"}), regions=frozenset({town})) for side, town in TOWNS.items()}
WATER = Actor("water", frozenset({"data_steward"}), departments=frozenset({"water"}))
CHIEF = Actor("chief", frozenset({"duty_officer"}))
OPERATOR = Actor("operator", frozenset({"operator"}))
AUDITOR = Actor("auditor", frozenset({"auditor"}))
OTHER = {"east": "west", "west": "east"}
HELD = {"silences.listed", "silences.make", "silences.end", "alarm_quality.rules"}
FACTS = """
INSERT INTO regions (code, name, parent, level, valid_from) VALUES (:town, :side, '441900', 'town', '2020-01-01');
INSERT INTO devices (device_id, name, kind, region, department, valid_from)
    VALUES (:side, :side, 'gas', :town, 'housing', '2020-01-01');
INSERT INTO alarms
    (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state, raised_at, recorded_at)
    VALUES (CAST(:alarm AS uuid), '441900', :side, :rule, :side, 'lel', :town, 'housing', 'critical', 'active', :at, :at)
"""


@pytest.fixture
def city(engine: Engine) -> Iterator[AlarmServices]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE alarm_silences, alarms, alarm_transitions, devices, regions, inbox"))
        tx.execute(text("INSERT INTO regions (code, name, level, valid_from) VALUES ('441900', '东莞市', 'city', '2020-01-01')"))
        for side, town in TOWNS.items():
            values = {"side": side, "town": town, "alarm": ALARMS[side], "rule": f"rule-{side}", "at": "2026-11-18 10:00:00+00"}
            for statement in FACTS.split(";"):
                tx.execute(text(statement), values)
    register = Register(RegisterRepository(engine))
    yield build_alarms(engine, lambda: register.regions(None), register, Audit(AuditRepository(engine)))


def wanted(**changes: Any) -> Wanted:
    return Wanted(NOW, NOW + HOUR, "检修")._replace(**changes)


def test_ones_own_silences_are_seen_and_nothing_of_the_other(city: AlarmServices) -> None:
    for side, town in TOWNS.items():
        city.silences.make(PEOPLE[side], wanted(region=town), NOW)
    for side, town in TOWNS.items():
        assert [one.region for one in city.silences.listed(PEOPLE[side], NOW)] == [town]
    assert len(city.silences.listed(CHIEF, NOW)) == 2
    assert city.silences.listed(CHIEF, NOW - 1) == []


def test_what_silences_the_whole_city_is_seen_by_everybody_and_ended_by_no_town(city: AlarmServices) -> None:
    made = city.silences.make(CHIEF, wanted(kind="gas"), NOW)
    assert [one.silence_id for one in city.silences.listed(PEOPLE["east"], NOW)] == [made.silence_id]
    with pytest.raises(Forbidden):
        city.silences.end(PEOPLE["east"], made.silence_id, NOW)
    assert city.silences.end(CHIEF, made.silence_id, NOW + 1)
    assert not city.silences.end(CHIEF, made.silence_id, NOW + 2)
    assert [one.state(NOW + 2) for one in city.silences.listed(CHIEF, NOW + 2)] == ["over"]
    assert [one.state(NOW) for one in city.silences.listed(CHIEF, NOW)] == ["in_force"]


@pytest.mark.parametrize("side", TOWNS)
def test_nobody_silences_or_lights_what_is_not_theirs(city: AlarmServices, side: str) -> None:
    other = city.silences.make(PEOPLE[OTHER[side]], wanted(device_id=OTHER[side]), NOW)
    for attempt in (wanted(region=TOWNS[OTHER[side]]), wanted(region="441900")):
        with pytest.raises(Forbidden):
            city.silences.make(PEOPLE[side], attempt, NOW)
    for reason, attempt in (("unknown", wanted(device_id=OTHER[side])), ("needs_region", wanted(kind="gas"))):
        with pytest.raises(NotSilenced, match=reason):
            city.silences.make(PEOPLE[side], attempt, NOW)
    with pytest.raises(Forbidden):
        city.silences.end(PEOPLE[side], other.silence_id, NOW)


@pytest.mark.parametrize("actor", [OPERATOR, AUDITOR])
def test_without_the_right_nobody_silences(city: AlarmServices, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        city.silences.make(actor, wanted(kind="gas"), NOW)
    with pytest.raises(Forbidden):
        city.silences.end(actor, str(UUID(int=5)), NOW)
    with pytest.raises(Forbidden):
        city.silences.listed(AUDITOR, NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "covers_nothing"),
        ({"kind": "gas", "reason": "  "}, "no_reason"),
        ({"kind": "gas", "ends": NOW}, "no_time"),
        ({"kind": "gas", "starts": NOW + 2 * HOUR}, "no_time"),
        ({"kind": "gas", "ends": NOW + 32 * 24 * HOUR}, "too_long"),
        ({"kind": "gass"}, "unknown"),
        ({"rule_id": "no such rule"}, "unknown"),
        ({"region": "440000"}, "unknown"),
    ],
)
def test_a_silence_says_what_why_and_until_when(city: AlarmServices, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotSilenced, match=reason):
        city.silences.make(CHIEF, wanted(**changes), NOW)


def test_figures_of_rules_are_those_of_the_own_scope(city: AlarmServices, engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text("UPDATE alarms SET false_at = raised_at, false_by = 'li' WHERE device_id = 'east'"))
    seen = {side: city.alarm_quality.rules(PEOPLE[side], 0, NOW) for side in TOWNS}
    assert [(one.rule_id, one.raised, one.false, one.share) for one in seen["east"]] == [("rule-east", 1, 1, 1.0)]
    assert [(one.rule_id, one.raised, one.false, one.share) for one in seen["west"]] == [("rule-west", 1, 0, 0.0)]
    assert city.alarm_quality.rules(WATER, 0, NOW) == []
    with pytest.raises(Forbidden):
        city.alarm_quality.rules(AUDITOR, 0, NOW)


def commands(engine: Engine) -> list[tuple[str, str]]:
    """What waits in the inbox, taken out of it."""
    with engine.begin() as tx:
        rows = tx.execute(text("DELETE FROM inbox RETURNING id, topic, convert_from(payload, 'UTF8')::jsonb->>'alarm_id'")).all()
    return [(topic, alarm_id) for _, topic, alarm_id in sorted(rows)]


def test_a_silence_reaches_the_alarms_it_covers_once_and_its_end_lights_them(city: AlarmServices, engine: Engine) -> None:
    watch = AlarmWatch(SqlAlarmsDue(engine, load_alarm_care().cleared_shown_ms), InboxRepository(engine), {})
    made = city.silences.make(CHIEF, wanted(region=TOWNS["east"]), NOW)
    assert watch.silence(NOW - 1) == 0
    assert (watch.silence(NOW), watch.silence(NOW)) == (1, 0)
    assert commands(engine) == [("silenced", ALARMS["east"])]
    with engine.begin() as tx:
        tx.execute(text("UPDATE alarms SET silence_id = CAST(:id AS uuid) WHERE device_id = 'east'"), {"id": made.silence_id})
    assert watch.silence(NOW + HOUR - 1) == 0
    assert watch.silence(NOW + HOUR) == 1
    assert commands(engine) == [("unsilenced", ALARMS["east"])]


def test_silences_of_a_department_leave_the_alarms_of_others_lit(city: AlarmServices, engine: Engine) -> None:
    city.silences.make(WATER, wanted(kind="gas"), NOW)
    assert AlarmWatch(SqlAlarmsDue(engine, load_alarm_care().cleared_shown_ms), InboxRepository(engine), {}).silence(NOW) == 0


def test_an_acknowledgement_that_nothing_followed_expires_after_the_time_of_its_severity(city: AlarmServices, engine: Engine) -> None:
    watch = AlarmWatch(SqlAlarmsDue(engine, load_alarm_care().cleared_shown_ms), InboxRepository(engine), {"critical": 60.0, "major": 0})
    with engine.begin() as tx:
        tx.execute(text("UPDATE alarms SET acknowledged_at = to_timestamp(:at / 1000.0), acknowledged_by = 'li'"), {"at": NOW})
        tx.execute(text("UPDATE alarms SET silence_id = gen_random_uuid() WHERE device_id = 'west'"))
    assert watch.expire(NOW + 59_999) == 0
    assert (watch.expire(NOW + 60_000), watch.expire(NOW + 60_000)) == (1, 0)
    assert commands(engine) == [("acknowledgement_expired", ALARMS["east"])]
