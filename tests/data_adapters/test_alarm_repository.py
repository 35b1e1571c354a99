"""The same law on real PostgreSQL, and what only the database can show."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine, text

from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.event_repository import store_events
from data_adapters.sql.position_repository import store_positions
from domain.alarm_flapping import Flapping
from domain.alarm_statements import series_of
from domain.alarms import POSITION, Row, RuleBook
from domain.messages import Event, Position, Reading
from services.alarm_store import Deed, Span
from services.alarms import AlarmEvaluator
from services.ports import AlarmRecord, FeedEvent, Series
from tests.services.alarm_scenarios import DEVICES, RULES, T0, Heard, S, Scenario, expected, reading, scenarios, seen

NOW = T0 + 100 * S
WATCHED = ("depth", POSITION, series_of("intrusion"))
PARTITION = "CREATE TABLE {0}_all PARTITION OF {0} FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"
INSERT = """INSERT INTO readings (device_id, metric, at, value, text_value, quality, received_at)
    VALUES (:device_id, :metric, timestamptz 'epoch' + :at * interval '1 ms', :value, :text_value, :quality, now())"""


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    with engine.begin() as tx:
        tx.execute(text(PARTITION.format("readings")))
        tx.execute(text(PARTITION.format("positions")))
    yield engine
    engine.dispose()


@pytest.fixture
def tx(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def store(tx: Connection, heard: Sequence[Heard]) -> None:
    if readings := [one._asdict() for one in heard if isinstance(one, Reading)]:
        tx.execute(text(INSERT), readings)
    store_positions(tx, [one for one in heard if isinstance(one, Position)])
    store_events(tx, [FeedEvent("video", one) for one in heard if isinstance(one, Event)])


def living(tx: Connection) -> set[object]:
    return seen(AlarmRepository().alarms(tx, {Series(name, metric): 0 for name in DEVICES for metric in WATCHED}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenario=scenarios())
def test_alarms_equal_the_fold_over_the_sorted_readings_in_the_database(engine: Engine, scenario: Scenario) -> None:
    evaluator = AlarmEvaluator(RULES, AlarmRepository(), "441900")
    with engine.connect() as connection, connection.begin() as transaction:
        for i, batch in enumerate(scenario.batches):
            if i in scenario.wipes:
                evaluator.forget()
            store(connection, batch)
            values = [one for one in batch if isinstance(one, Reading)]
            places, events = ([one for one in batch if isinstance(one, kind)] for kind in (Position, Event))
            evaluator.evaluate(connection, values, DEVICES, NOW, places, events)
            if i in scenario.ticks:
                evaluator.tick(connection, T0 + scenario.ticks[i] * S, DEVICES, NOW)
        evaluator.tick(connection, T0 + scenario.last_tick * S, DEVICES, NOW)
        everything = [one for batch in scenario.batches for one in batch]
        assert living(connection) == expected(everything, T0 + scenario.last_tick * S)
        transaction.rollback()


def test_readings_are_fetched_to_both_sides_as_many_as_asked_to_the_millisecond(tx: Connection) -> None:
    store(tx, [reading("w1", second + 0.001, second) for second in range(6)] + [reading("w1", 2.5, None)])
    spans = [
        Span(Series("w1", "depth"), T0 + 2_001, 1, 3),
        Span(Series("nobody", "depth"), T0, 5, 5),
        Span(Series("w1", "depth"), T0 + 9_000, 2, 0),
    ]
    before, after = AlarmRepository().readings(tx, spans)[0]
    assert before == [Row(T0 + 1_001, 1.0)]
    assert after == [Row(T0 + 2_001, 2.0), Row(T0 + 2_500, None, "text"), Row(T0 + 3_001, 3.0)]
    assert AlarmRepository().readings(tx, spans)[1:] == [([], []), ([Row(T0 + 4_001, 4.0), Row(T0 + 5_001, 5.0)], [])]


def test_saving_again_changes_state_but_neither_number_nor_acknowledgement(tx: Connection) -> None:
    repository = AlarmRepository()
    evaluator = AlarmEvaluator(RULES, repository, "441900")
    store(tx, [reading("w2", 0, 2)])
    alarm = next(one for one in evaluator.evaluate(tx, [reading("w2", 0, 2)], DEVICES, NOW) if one.rule_id == "depth-any")
    acknowledged = repository.decide(tx, Deed("acknowledged", alarm.alarm_id, "li"), NOW + 5)
    assert acknowledged == alarm._replace(acknowledged_at=NOW + 5, acknowledged_by="li")
    assert repository.decide(tx, Deed("acknowledged", alarm.alarm_id, "wang"), NOW + 6) is None
    store(tx, [reading("w2", 1, 0)])
    changed = evaluator.evaluate(tx, [reading("w2", 1, 0)], DEVICES, NOW + 10)
    cleared = next(one for one in changed if one.alarm_id == alarm.alarm_id)
    assert cleared == acknowledged._replace(state="cleared", cleared_at=T0 + S)
    assert repository.find(tx, alarm.alarm_id) == cleared
    steps = "SELECT kind, actor FROM alarm_transitions WHERE alarm_id = CAST(:id AS uuid) ORDER BY recorded_at, transition_id"
    assert tx.execute(text(steps), {"id": alarm.alarm_id}).all() == [
        ("raised", "rule:depth-any"),
        ("acknowledged", "li"),
        ("cleared", "rule:depth-any"),
    ]


def test_what_is_no_alarm_id_finds_nothing(tx: Connection) -> None:
    for alarm_id in ("", "x'; --", str(uuid4())):
        assert AlarmRepository().find(tx, alarm_id) is None
        assert AlarmRepository().decide(tx, Deed("acknowledged", alarm_id, "li"), NOW) is None


def test_numbers_are_never_given_twice(tx: Connection) -> None:
    numbers = AlarmRepository().numbers(tx, 3) + AlarmRepository().numbers(tx, 2)
    assert len(set(numbers)) == 5
    assert AlarmRepository().numbers(tx, 0) == []


SILENCE = """
    INSERT INTO alarm_silences (silence_id, device_id, kind, region, rule_id, departments, starts, ends, reason, made_by, recorded_at)
    VALUES (CAST(:id AS uuid), :device, :kind, :region, :rule, :departments, to_timestamp(:starts / 1000.0), to_timestamp(:ends / 1000.0),
    '检修', 'li', now())"""
EVERYTHING = {"device": "", "kind": "", "region": "", "rule": "", "departments": [], "starts": NOW, "ends": NOW + 10 * S}


def silenced_by(tx: Connection, silence_id: str, **covers: object) -> str | None:
    """Under which silence a new alarm of w2 stands when this one is made."""
    tx.execute(text(SILENCE), {**EVERYTHING, **covers, "id": silence_id})
    store(tx, [reading("w2", 0, 2)])
    evaluator = AlarmEvaluator(RULES, AlarmRepository(), "441900")
    return next(one for one in evaluator.evaluate(tx, [reading("w2", 0, 2)], DEVICES, NOW) if one.rule_id == "depth-any").silence_id


@pytest.mark.parametrize(
    ("covers", "silent"),
    [
        ({"device": "w2"}, True),
        ({"device": "w1"}, False),
        ({"kind": "standing_water"}, True),
        ({"kind": "pump"}, False),
        ({"region": "441900"}, True),
        ({"region": "44"}, True),
        ({"region": "441901"}, False),
        ({"rule": "depth-any"}, True),
        ({"rule": "depth-any", "device": "w1"}, False),
        ({"rule": "depth-any", "departments": ["water"]}, True),
        ({"rule": "depth-any", "departments": ["gas"]}, False),
        ({"device": "w2", "starts": NOW + 1}, False),
        ({"device": "w2", "starts": NOW - 5, "ends": NOW}, False),
    ],
)
def test_a_new_alarm_stands_under_the_silence_that_covers_it(tx: Connection, covers: dict[str, object], silent: bool) -> None:
    tx.execute(
        text("INSERT INTO regions (code, name, parent, level) VALUES ('441900', '东莞', '44', 'city'), ('44', '广东', NULL, 'zone')")
    )
    tx.execute(text("INSERT INTO devices (device_id, kind, region) VALUES ('w2', 'standing_water', '441900')"))
    silence_id = str(uuid4())
    assert silenced_by(tx, silence_id, **covers) == (silence_id if silent else None)
    steps = tx.execute(text("SELECT kind, note FROM alarm_transitions WHERE kind = 'silenced'")).all()
    assert steps == ([("silenced", silence_id)] if silent else [])


def test_what_was_decided_is_written_once_and_leaves_a_step(tx: Connection) -> None:
    repository, silence = AlarmRepository(), str(uuid4())
    store(tx, [reading("w2", 0, 2)])
    evaluator = AlarmEvaluator(RULES, repository, "441900")
    alarm_id = next(one for one in evaluator.evaluate(tx, [reading("w2", 0, 2)], DEVICES, NOW) if one.rule_id == "depth-any").alarm_id

    def decide(kind: str, at: int, note: str = "") -> AlarmRecord | None:
        first, again = (repository.decide(tx, Deed(kind, alarm_id, "li", at, note), at) for _ in range(2))
        assert again is None
        return first

    assert decide("silenced", NOW, silence).silence_id == silence
    assert decide("unsilenced", NOW + 1).silence_id is None
    assert repository.decide(tx, Deed("acknowledgement_expired", alarm_id, "rule", NOW + 2), NOW + 2) is None
    assert decide("acknowledged", NOW + 3).acknowledged_by == "li"
    assert repository.decide(tx, Deed("acknowledgement_expired", alarm_id, "rule", NOW + 3), NOW + 4) is None
    assert decide("acknowledgement_expired", NOW + 5).acknowledged_at is None
    assert decide("false_alarm", NOW + 6, "清洗探头").false_by == "li"
    steps = "SELECT kind, note FROM alarm_transitions WHERE alarm_id = CAST(:id AS uuid) AND kind <> 'raised' ORDER BY transition_id"
    assert tx.execute(text(steps), {"id": alarm_id}).all() == [
        ("silenced", silence),
        ("unsilenced", ""),
        ("acknowledged", ""),
        ("acknowledgement_expired", ""),
        ("false_alarm", "清洗探头"),
    ]


def test_alarms_that_look_different_for_a_change_come_with_it(tx: Connection) -> None:
    rules = RuleBook(RULES.rules, Flapping(4, 60))
    evaluator = AlarmEvaluator(rules, AlarmRepository(), "441900")
    shown = {}
    for second, value in enumerate((2, 0, 2, 0, 2)):
        store(tx, [reading("w2", second, value)])
        for one in evaluator.with_series(tx, evaluator.evaluate(tx, [reading("w2", second, value)], DEVICES, NOW)):
            if one.rule_id == "depth-any":
                shown[one.raised_at - T0] = (one.state, one.times, one.flapping, one.superseded)
    assert shown == {0: ("cleared", 1, False, True), 2 * S: ("cleared", 2, True, True), 4 * S: ("active", 3, True, False)}
