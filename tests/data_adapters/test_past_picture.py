"""The picture at a past moment equals what was live then: late readings, later transitions and a later register are not in it."""

import pytest
from sqlalchemy import text

from data_adapters.sql.database import make_engine, migrate
from data_adapters.sql.past_picture import SqlPastPicture

T = 1_763_790_000_000
MINUTE = 60_000
SETUP = """
CREATE TABLE readings_all PARTITION OF readings DEFAULT;
CREATE TABLE positions_all PARTITION OF positions DEFAULT;
INSERT INTO regions (code, name, level, valid_from) VALUES ('tangxia', 'Tangxia', 'town', 'epoch'), ('humen', 'Humen', 'town', 'epoch');
INSERT INTO devices (device_id, kind, region, department, interval_s, valid_from, valid_to) VALUES
    ('d1', 'pump', 'tangxia', 'water', 60, 'epoch', to_timestamp(:moved)), ('d1', 'pump', 'humen', 'water', 60, to_timestamp(:moved), NULL);
INSERT INTO series VALUES ('d1', 'level')
"""


@pytest.fixture(scope="module")
def engine(database_url):
    engine = make_engine(database_url)
    migrate(engine)
    with engine.begin() as tx:
        for statement in SETUP.split(";"):
            tx.execute(text(statement), {"moved": (T + 10 * MINUTE) / 1000} if ":moved" in statement else {})
        for at, value, received in ((0, 1.0, 0), (1, 2.0, 5), (2, 3.0, 2)):
            moments = {"at": (T + at * MINUTE) / 1000, "value": value, "received": (T + received * MINUTE) / 1000}
            statement = "INSERT INTO readings VALUES ('d1', 'level', to_timestamp(:at), :value, NULL, 'good', to_timestamp(:received))"
            tx.execute(text(statement), moments)
        alarm = """INSERT INTO alarms VALUES ('00000000-0000-7000-8000-000000000001', 'c', 'A-1', 'high', 'd1', 'level',
            'tangxia', 'water', 'major', 'cleared', to_timestamp(:at), to_timestamp(:at) + interval '4 minutes', 3, 2,
            to_timestamp(:at) + interval '6 minutes', 'wang', now())"""
        tx.execute(text(alarm), {"at": T / 1000})
        for n, (kind, minute) in enumerate((("raised", 1), ("cleared", 4), ("acknowledged", 6))):
            statement = """INSERT INTO alarm_transitions VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', :kind,
                to_timestamp(:at), to_timestamp(:at), :actor, :n)"""
            tx.execute(text(statement), {"kind": kind, "at": (T + minute * MINUTE) / 1000, "actor": "wang", "n": n})
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("minute", "level"), [(0, 1.0), (1.9, 1.0), (2, 3.0), (6, 3.0)])
def test_value_is_the_newest_of_those_received_by_then(engine, minute, level):
    records = SqlPastPicture(engine).records(T + int(minute * MINUTE))
    assert records.devices["d1"]["values"]["level"][1] == level


@pytest.mark.parametrize(("minute", "state"), [(0.9, None), (1, "active"), (3.9, "active"), (4, "cleared"), (6, None)])
def test_alarm_is_in_the_state_that_was_recorded_by_then(engine, minute, state):
    alarms = SqlPastPicture(engine).records(T + int(minute * MINUTE)).alarms
    assert [alarm["state"] for alarm in alarms.values()] == ([state] if state else [])


def test_device_is_where_the_register_had_it(engine):
    past = SqlPastPicture(engine)
    assert past.records(T + 9 * MINUTE).devices["d1"]["region"] == "tangxia"
    assert past.records(T + 10 * MINUTE).devices["d1"]["region"] == "humen"
    assert set(past.tree()) == {"tangxia", "humen"}
