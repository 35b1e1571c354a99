"""The city asked like one of its libraries: rows by the hour of what it measured, of incidents, alarms, feeds, devices and duty."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from data_adapters.live_roll_ups import OWN, STATEMENTS, LiveRollUps, Sources
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.rollups import roll_up
from domain.duty import DutyRules
from domain.event_time import DAY_MS, to_datetime
from domain.live_roll_ups import ROLL_UPS
from services.alarm_incidents import BlindSpot
from services.topic_ports import QueryRefused

HOUR = 3_600_000
NINE = round(datetime(2026, 5, 4, 9, tzinfo=UTC).timestamp() * 1000)
TOWN = "441900003"
RULES = DutyRules({"watch_officer": 2}, {}, 1, 0, 0, {})
SPOT = BlindSpot("i1", "n", "t", "flood", TOWN, 113.7, 23.0, NINE + 5, 1)


@pytest.fixture(scope="module")
def live(engine: Engine) -> LiveRollUps:
    Partitions(engine).ensure({NINE // DAY_MS})
    at = {f"t{n}": to_datetime(NINE + n * 60_000) for n in (0, 1, 10, 70)}
    statements = (
        "INSERT INTO regions (code, name, parent, level, valid_from) VALUES ('441900', 'c', NULL, 'city', 'epoch'), "
        f"('{TOWN}', 't', '441900', 'town', 'epoch')",
        "INSERT INTO devices (device_id, name, kind, region, department, interval_s, valid_from) VALUES "
        f"('d1', 'd1', 'traffic_flow', '{TOWN}', 'x', 60, 'epoch'), ('d2', 'd2', 'traffic_flow', '{TOWN}', 'x', 60, 'epoch')",
        "INSERT INTO readings_1h VALUES ('d1', 'speed', :t0, 2, 90, 40, 50, 50)",
        "INSERT INTO feed_minutes VALUES ('native', 0, :t1, :t1, 9, 1, 2, 8, 10, 0, '{}')",
        "INSERT INTO standings VALUES ('feed', 'native', :t0, :t10, 'down', ''), ('feed', 'native', :t10, NULL, 'up', '')",
        "INSERT INTO watch_spans VALUES ('feed', :t0, :t70)",
        "INSERT INTO alarms (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state, raised_at, "
        f"acknowledged_at, recorded_at) SELECT gen_random_uuid(), '', n, '', 'd1', 'speed', '{TOWN}', 'x', 'major', 'active', :t1, a, :t1 "
        "FROM (VALUES ('a1', CAST(:t1 AS timestamptz)), ('a2', CAST(:t10 AS timestamptz)), ('a3', NULL)) v(n, a)",
        "INSERT INTO users (username, password_hash) VALUES ('li', '')",
        "INSERT INTO duty_shifts VALUES (gen_random_uuid(), 'watch_officer', '', 'li', '', '', :t0, :t70, 'x', 'epoch', NULL)",
    )
    with engine.begin() as tx:
        for statement in statements:
            tx.execute(text(statement), at)
    return LiveRollUps(engine, RULES, lambda since: [SPOT], lambda since: [SPOT, SPOT._replace(incident_id="i2")], lambda: NINE + DAY_MS)


def rows(live: LiveRollUps, query: str, **parameters: str) -> list[dict[str, object]]:
    answer = live.ask(query, {"since": NINE, "until": NINE + HOUR, **parameters})
    assert all(row.at == NINE for row in answer.rows)
    return [dict(row.values) for row in answer.rows]


def test_every_roll_up_has_the_columns_that_are_said(live: LiveRollUps) -> None:
    assert set(STATEMENTS) | set(OWN) == set(ROLL_UPS)
    for name, roll_up_of in ROLL_UPS.items():
        given = {"kind": "feed" if name == "standings" else "traffic_flow", "metric": "speed"}
        found = rows(live, name, **{one: given[one] for one in roll_up_of.parameters})
        assert all(set(row) - {"region"} == set(roll_up_of.columns) for row in found), name
        assert found or name in ("incidents_ended",)


def test_readings_are_those_of_the_hour_of_each_device(live: LiveRollUps) -> None:
    (row,) = rows(live, "readings", kind="traffic_flow", metric="speed")
    assert (row["device"], row["region"], row["mean"], row["high"]) == ("d1", TOWN, 45.0, 50.0)


def test_an_hour_in_which_nothing_happened_counts_zero_where_the_city_listened(live: LiveRollUps) -> None:
    assert {(row["region"], row["reported"]) for row in rows(live, "incidents")} == {("441900", 0), (TOWN, 0)}
    quiet = live.ask("incidents", {"since": NINE + 2 * HOUR, "until": NINE + 3 * HOUR})
    assert quiet.rows == []


def test_alarms_say_how_many_were_taken_within_five_minutes(live: LiveRollUps) -> None:
    of_town = next(row for row in rows(live, "alarms") if row["region"] == TOWN)
    assert (of_town["raised"], of_town["taken"], of_town["untrue"]) == (3, 1, 0)


def test_devices_and_feeds_are_held_against_what_was_expected(live: LiveRollUps) -> None:
    assert [(row["registered"], row["heard"]) for row in rows(live, "devices")] == [(2, 1)]
    (feed,) = rows(live, "feeds")
    assert (feed["said"], feed["stored"], feed["rejected"], feed["reports"], feed["due"]) == (12, 9, 2, 8, 10)
    (standing,) = rows(live, "standings", kind="feed")
    assert (standing["up_s"], standing["known_s"]) == (3000, 3600)


def test_duty_readiness_is_person_hours_covered_of_those_owed(live: LiveRollUps) -> None:
    assert rows(live, "duty") == [{"post": "watch_officer", "owed_h": 2.0, "covered_h": 1.0}]


def test_blind_spots_are_of_the_reports_that_a_device_could_have_seen(live: LiveRollUps) -> None:
    assert [row["blind"] for row in rows(live, "blind_spots")] == [1, 0]


def test_what_is_no_roll_up_is_refused_and_others_go_to_their_library(live: LiveRollUps) -> None:
    with pytest.raises(QueryRefused):
        live.ask("readings", {"since": NINE, "until": NINE + HOUR, "kind": "x"})

    class Other:
        def ask(self, library: str, query: str, parameters: object = None) -> str:
            return f"{library}.{query}"

    sources = Sources(live, Other())  # type: ignore[arg-type]
    assert sources.ask("education", "attendance") == "education.attendance"  # type: ignore[comparison-overlap]
    assert sources.ask("live", "duty", {"since": NINE, "until": NINE + HOUR}).rows


def test_an_hour_that_is_rolled_up_long_after_it_ended_is_marked(engine: Engine, live: LiveRollUps) -> None:
    with engine.begin() as tx:
        tx.execute(
            text("INSERT INTO rollup_marks (grain, at) VALUES ('1h', :early), ('1h', :late)"),
            {"early": to_datetime(NINE), "late": to_datetime(NINE + 9 * HOUR)},
        )
    roll_up(engine, Partitions(engine), "1h", NINE + 10 * HOUR)
    with engine.connect() as tx:
        assert list(tx.execute(text("SELECT at FROM indicator_marks")).scalars()) == [to_datetime(NINE)]
