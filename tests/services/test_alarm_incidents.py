"""Alarms that become incidents by rule, what was deferred, "says done, still flooded", and blind spots; on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from config.alarm_incidents import load_alarm_incidents
from data_adapters.sql.alarm_facts import SqlAlarmFacts
from domain.alarm_incidents import Becomes
from domain.event_time import to_datetime
from domain.incident_life import Incident
from domain.incidents import Refused
from services.alarm_incidents import AlarmIncidents, blind_spots, resume_deferred
from services.incident_ports import Query
from tests.domain.incident_cast import DISPATCHER, HANDLER, HOUR, LIMITS, OPERATOR, SHIFT_LEADER, T0
from tests.services.test_incident_desk import City, refusal

RULES = {"deep": Becomes("standing_water", 120, 800)}
DEVICE = """INSERT INTO devices (device_id, name, kind, region, department, lon, lat, valid_from)
    VALUES (:id, '鸿福路涵洞', 'standing_water', '441900003', 'water', :lon, 23.0, '2020-01-01') ON CONFLICT DO NOTHING"""
ALARM = """INSERT INTO alarms (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state,
    raised_at, recorded_at) VALUES (CAST(:alarm AS uuid), '441900', :alarm, :rule, :device, 'water_depth', '441900003', 'water', 'critical',
    'active', :at, :at)"""


class Scene(City):
    """The desk, with devices and alarms."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.engine, self.facts = engine, SqlAlarmFacts(engine)
        self.work = AlarmIncidents(self.facts, self.desk, RULES, lambda rule_id: "道路积水过深").work
        for name, lon in (("water-1", 113.8), ("water-2", 113.803), ("water-3", 113.9)):
            self.run(DEVICE, id=name, lon=lon)

    def run(self, statement: str, **values: object) -> None:
        with self.engine.begin() as tx:
            tx.execute(text(statement), values)

    def alarm(self, device: str = "water-1", rule: str = "deep", at: int = T0) -> str:
        alarm_id = str(uuid4())
        self.run(ALARM, alarm=alarm_id, device=device, rule=rule, at=to_datetime(at))
        return alarm_id

    def having(self, alarm_id: str) -> list[str]:
        return self.store.of_alarm(alarm_id)


@pytest.fixture
def scene(engine: Engine) -> Iterator[Scene]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE alarms, incidents CASCADE"))
    yield Scene(engine)


def test_an_alarm_becomes_an_incident_once_it_has_stood_long_enough(scene: Scene) -> None:
    alarm = scene.alarm()
    assert scene.work(T0 + 119_999) == 0 and not scene.having(alarm)
    assert scene.work(T0 + 120_000) == 1 and scene.work(T0 + 130_000) == 0
    made = scene.store.find(scene.having(alarm)[0])
    assert made is not None and (made.title, made.source, made.class_code) == ("鸿福路涵洞 道路积水过深", "sensor_alarm", "standing_water")
    assert made.reported_at == T0 and made.reported_by == "rule:alarm" and made.place["lon"] == 113.8


def test_a_second_alarm_beside_it_joins_and_one_far_away_does_not(scene: Scene) -> None:
    first, beside, far = scene.alarm(), scene.alarm("water-2", at=T0 + 1), scene.alarm("water-3", at=T0 + 2)
    assert scene.work(T0 + HOUR) == 3
    assert scene.having(beside) == scene.having(first) and scene.having(far) != scene.having(first)
    assert len(scene.board.search(OPERATOR, Query(), T0 + HOUR)[0]) == 2


def test_a_real_alarm_beside_an_exercise_becomes_an_incident_of_its_own(scene: Scene) -> None:
    drill = scene.report(place={"lon": 113.8, "lat": 23.0}, exercise=True)
    alarm = scene.alarm()
    scene.work(T0 + HOUR)
    assert scene.having(alarm) not in ([], [drill.incident_id])


def one_click(scene: Scene, alarm_id: str, request: str = "") -> str:
    """What 转事件 sends; the number of the incident made, or of the one it was told of."""
    said = {"title": "涵洞积水", "source": "sensor_alarm", "place": {"device_id": "water-1"}, "alarms": [alarm_id]}
    try:
        return scene.desk.report(OPERATOR, said, T0 + HOUR, T0, request or uuid4().hex).number
    except Refused as refused:
        assert refused.code == "alarm_taken"
        return str(refused.params["number"])


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """All deeds in threads of their own, begun at the same moment."""
    gate = Barrier(len(deeds))

    def begin(deed: Callable[[], object]) -> object:
        gate.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [one.result(60) for one in [pool.submit(begin, deed) for deed in deeds]]


def test_the_rule_and_clicks_at_the_same_moment_make_one_incident_of_an_alarm(scene: Scene) -> None:
    for _ in range(20):
        alarm = scene.alarm("water-3")
        rule, *clicked = at_once(lambda: scene.work(T0 + HOUR), *[lambda: one_click(scene, alarm)] * 3)  # noqa: B023
        having = scene.having(alarm)
        made = scene.store.find(having[0])
        assert len(having) == 1 and made is not None and set(clicked) == {made.number} and rule in (0, 1)
        scene.run("TRUNCATE alarms, incidents CASCADE")


def test_the_second_waits_for_the_first_and_is_told_its_number(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule has looked, seen nothing, and writes only then: the click came in between."""
    alarm, number, report = scene.alarm(), list[str](), scene.desk.report

    def late(*args: object, **options: object) -> Incident:
        if not number:
            number.append("?")
            number.append(one_click(scene, alarm))
        return report(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(scene.desk, "report", late)
    other = scene.alarm("water-3")
    assert scene.work(T0 + HOUR) == 1, "the rule goes on with the other alarm"
    assert len(scene.having(alarm)) == 1 and len(scene.having(other)) == 1
    assert scene.work(T0 + HOUR) == 0


def test_an_alarm_that_an_open_incident_holds_is_linked_to_no_other(scene: Scene) -> None:
    alarm = scene.alarm()
    scene.work(T0 + HOUR)
    other = scene.report()
    refused = refusal(scene, OPERATOR, other, "link_alarm", alarm_id=alarm)
    held = scene.store.find(scene.having(alarm)[0])
    assert held is not None and (refused.code, refused.params["number"]) == ("alarm_taken", held.number)
    drill = scene.report(exercise=True)
    assert scene.do(OPERATOR, drill, "link_alarm", alarm_id=alarm).alarms == (alarm,), "an exercise takes nothing away"


def test_the_same_click_again_is_given_the_incident_that_it_made(scene: Scene) -> None:
    alarm, request = scene.alarm(), uuid4().hex
    numbers = at_once(*[lambda: one_click(scene, alarm, request)] * 4)
    assert len(set(numbers)) == 1 and len(scene.having(alarm)) == 1


def test_alarms_of_other_rules_and_those_that_are_over_become_nothing(scene: Scene) -> None:
    scene.alarm(rule="noise")
    over = scene.alarm()
    scene.run("UPDATE alarms SET state = 'cleared', cleared_at = raised_at WHERE alarm_id = CAST(:a AS uuid)", a=over)
    assert scene.work(T0 + HOUR) == 0


def test_said_to_be_done_while_still_flooded_is_a_list(scene: Scene) -> None:
    alarm = scene.alarm()
    scene.work(T0 + 200_000)
    scene.now = T0 + 200_000
    one = scene.store.find(scene.having(alarm)[0])
    steps = ((OPERATOR, "accept", {}), (OPERATOR, "verify", {"note": "-"}), (SHIFT_LEADER, "file", {}), (DISPATCHER, "dispatch", {}))
    for actor, deed, said in (*steps, (HANDLER, "sign", {})):
        one = scene.do(actor, one, deed, **said)  # type: ignore[arg-type]
    assert not scene.board.search(OPERATOR, Query(contradicted=True), scene.now)[0]
    one = scene.do(HANDLER, one, "feed_back", note="已抽排")
    assert [row.incident_id for row in scene.board.search(OPERATOR, Query(contradicted=True), scene.now)[0]] == [one.incident_id]
    scene.run("UPDATE alarms SET false_at = now() WHERE alarm_id = CAST(:a AS uuid)", a=alarm)
    assert not scene.board.search(OPERATOR, Query(contradicted=True), scene.now)[0], "a false alarm contradicts nobody"
    scene.run("UPDATE alarms SET false_at = NULL, state = 'cleared', cleared_at = now() WHERE alarm_id = CAST(:a AS uuid)", a=alarm)
    assert not scene.board.search(OPERATOR, Query(contradicted=True), scene.now)[0]


def test_what_people_report_and_no_device_sees_is_a_blind_spot(scene: Scene) -> None:
    seen, unseen, nowhere = (scene.report(place={"lon": lon, "lat": 23.0}) for lon in (113.8, 113.9, 113.5))
    scene.report(class_code="help")
    scene.alarm("water-1", at=T0 - HOUR)
    kinds = {"standing_water": ("standing_water",)}
    found = blind_spots(scene.facts, lambda code: kinds.get(code, ()), LIMITS.unseen, T0 - HOUR)
    assert {(one.incident_id, one.devices_near) for one in found} == {(unseen.incident_id, 1), (nowhere.incident_id, 0)}
    assert seen.incident_id not in {one.incident_id for one in found}


def test_a_deferred_incident_goes_on_when_its_day_has_come(scene: Scene) -> None:
    one = scene.do(HANDLER, scene.dispatched(), "sign")
    one = scene.do(HANDLER, one, "defer", until=scene.now + HOUR, reason="等待天晴")
    one = scene.do(SHIFT_LEADER, one, "approve:defer")
    until = one.deferred_until or 0
    assert resume_deferred(scene.desk, until - 1) == 0 and resume_deferred(scene.desk, until + 5_000) == 1
    after = scene.store.find(one.incident_id)
    assert after is not None and after.deferred_until is None and after.clocks["handle"].running_since == until


def test_the_citys_own_rules_name_real_rules_and_classes() -> None:
    assert load_alarm_incidents()["gas_leak"].class_code == "gas_leak"
