"""The picture at a past moment equals what was live then: late readings, later transitions and a later register are not in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from config.alarm_care import load_alarm_care
from data_adapters.sql.database import make_engine
from data_adapters.sql.past_picture import SqlPastPicture
from data_adapters.sql.reading_repository import store_presences
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.sql.retention import forget_old
from domain.event_time import to_datetime
from domain.messages import Presence, Quality, Reading
from domain.registry import Device
from services.live_state import LiveState
from services.register_memory import RememberedRegister

T = 1_763_790_000_000
MINUTE = 60_000
SHOWN_MS = load_alarm_care().cleared_shown_ms
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
    records = SqlPastPicture(engine, SHOWN_MS).records(T + int(minute * MINUTE))
    assert records.devices["d1"]["values"]["level"][1] == level


@pytest.mark.parametrize(("minute", "state"), [(0.9, None), (1, "active"), (3.9, "active"), (4, "cleared"), (6, None)])
def test_alarm_is_in_the_state_that_was_recorded_by_then(engine, minute, state):
    alarms = SqlPastPicture(engine, SHOWN_MS).records(T + int(minute * MINUTE)).alarms
    assert [alarm["state"] for alarm in alarms.values()] == ([state] if state else [])


def test_device_is_where_the_register_had_it(engine):
    past = SqlPastPicture(engine, SHOWN_MS)
    assert past.records(T + 9 * MINUTE).devices["d1"]["region"] == "tangxia"
    assert past.records(T + 10 * MINUTE).devices["d1"]["region"] == "humen"
    assert set(past.tree()) == {"tangxia", "humen"}


def test_a_remembered_register_is_at_each_moment_the_one_of_then(engine):
    store = RegisterRepository(engine)
    assert store.changes() == [0, T + 10 * MINUTE]
    remembered = RememberedRegister(store, store.stamp)
    for at in (T + 10 * MINUTE - 1, T, T + 10 * MINUTE, T + 11 * MINUTE, T + 1):
        assert remembered.devices(at) == store.devices(at)
        assert remembered.regions(at) == store.regions(at)


WORDS = st.lists(st.lists(st.tuples(st.sampled_from(["d1", "d2"]), st.booleans()), max_size=3), max_size=6)
"""Batches of what devices say of themselves."""


def said(engine, batches):
    """Store the batches a minute apart, and play them to the live picture; what was live after each, from the first moment on."""
    state = LiveState()
    state.place({name: Device(name, name, "pump", "humen", "water", None, None, 60) for name in ("d1", "d2")})
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE presence, presence_changes"))
    shown = {}
    for number, batch in enumerate(batches, start=20):
        presences = [Presence(device_id, online, T + number * MINUTE) for device_id, online in batch]
        with engine.begin() as tx:
            store_presences(tx, presences)
        state.apply([], [], presences)
        shown[T + number * MINUTE] = state.devices["d1"]["online"]
    return shown


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS)
def test_online_at_a_past_moment_is_what_was_live_then(engine, batches):
    shown = said(engine, batches)
    past = SqlPastPicture(engine, SHOWN_MS)
    assert past.records(T + 19 * MINUTE).devices["d1"]["online"] is None
    for at, online in shown.items():
        assert past.records(at).devices["d1"]["online"] is online
        assert past.records(at + MINUTE - 1).devices["d1"]["online"] is online


def test_a_device_that_says_the_same_again_leaves_no_trace(engine):
    said(engine, [[("d1", True)], [("d1", True)], [("d1", False)], [("d1", False)], [("d1", False)]])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT online FROM presence_changes ORDER BY received_at")).scalars().all() == [True, False]


def test_what_a_device_last_said_outlives_the_retention(engine):
    shown = said(engine, [[("d1", True)], [("d1", False)], [("d1", True)], [("d1", False)]])
    cut = T + 21 * MINUTE + 1
    forget_old(engine, to_datetime(cut))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM presence_changes")).scalar() == 3
    past = SqlPastPicture(engine, SHOWN_MS)
    assert [past.records(at).devices["d1"]["online"] for at in shown if at > cut] == [True, False]
    assert past.records(cut).devices["d1"]["online"] is False


MINUTES = st.integers(0, 12)
HEARD = st.lists(st.lists(st.tuples(st.sampled_from(["d1", "d2"]), MINUTES), max_size=4), max_size=6)
"""Batches, received a minute apart: whose level it is, and its time in minutes; some lie far behind, some ahead of the receipt."""
KEEP = (
    "INSERT INTO readings VALUES (:device, 'tide', to_timestamp(:at), :value, NULL, 'good', to_timestamp(:received)) ON CONFLICT DO NOTHING"
)


def heard(engine, batches):
    """Store the batches, and play them to the live picture; the values that were live after each, by the moment."""
    state, shown = LiveState(), {}
    state.place({name: Device(name, name, "pump", "humen", "water", None, None, 60) for name in ("d1", "d2")})
    with engine.begin() as tx:
        tx.execute(text("DELETE FROM readings WHERE metric = 'tide'"))
        tx.execute(text("INSERT INTO series VALUES ('d1', 'tide'), ('d2', 'tide') ON CONFLICT DO NOTHING"))
        for number, batch in enumerate(batches, start=3):
            received = T + number * MINUTE
            for value, (device, minute) in enumerate(batch):
                at = T + minute * MINUTE
                kept = tx.execute(text(KEEP), {"device": device, "at": at / 1000, "value": value, "received": received / 1000})
                state.apply([Reading(device, "tide", at, value, None, Quality.GOOD, received)] if kept.rowcount else [], [], [])
            shown[received] = state.devices["d1"]["values"].get("tide")
            shown[received] = list(shown[received]) if shown[received] else None
    return shown


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEARD)
def test_values_at_a_past_moment_are_what_was_live_then_whatever_the_clocks_of_devices_said(engine, batches):
    shown = heard(engine, batches)
    past = SqlPastPicture(engine, SHOWN_MS)
    for at, value in shown.items():
        for moment in (at, at + MINUTE - 1):
            assert past.records(moment).devices["d1"]["values"].get("tide") == value
