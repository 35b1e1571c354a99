"""Recorded measurements go through the real broker and the real ingest worker, and come out of PostgreSQL equal to the file."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.real_data.mappings import BEIJING, NAB_FILES, RIVER, USGS, nab

pytestmark = pytest.mark.real_data
Play = Callable[[str, Path], int]
Key = tuple[str, str, datetime]
COLUMNS = {
    "PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3", "TEMP": "temperature",
    "PRES": "air_pressure", "DEWP": "dew_point", "RAIN": "rain_1h", "WSPM": "wind_speed", "wd": "wind_direction",
}  # fmt: skip
NO_DATA = "-999999"


def stored(database_url: str, devices: str) -> dict[Key, float | str]:
    """Every reading of the devices whose id is LIKE `devices`."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT device_id, metric, at, value, text_value FROM readings WHERE device_id LIKE %s", [devices])
        return {(device, metric, at.astimezone(UTC)): text if value is None else value for device, metric, at, value, text in rows}


def refused(database_url: str, devices: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Device, reason and message of what was refused."""
    with psycopg.connect(database_url) as connection:
        query = "SELECT topic, reason, payload FROM rejected_messages WHERE topic LIKE %s"
        rows = connection.execute(query, [f"city/v1/devices/{devices}/telemetry"])
        return [(topic.split("/")[3], reason, json.loads(payload)) for topic, reason, payload in rows]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def differing(found: dict[Any, Any], expected: dict[Any, Any]) -> list[Any]:
    """The first keys at which they differ: a diff of 160,000 lines would take longer than the test."""
    return [(key, found.get(key), expected.get(key)) for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)][:5]


def test_the_twelve_beijing_stations_come_out_value_for_value_and_their_gaps_stay_gaps(played: Play, recorded: Path, database_url: str):
    file = recorded / "air_beijing" / "prsa_12sites_20161115_20161231.csv"
    rows = table(file)
    expected = {
        (f"beijing-{row['station']}", metric, utc(row["time_local"])): row[column] if column == "wd" else float(row[column])
        for row in rows
        for column, metric in COLUMNS.items()
        if row[column]
    }
    gaps = sum(not row[column] for row in rows for column in COLUMNS)
    assert len(rows) == 13_536 and gaps > 700
    assert played(BEIJING, file) == 13_536
    found = stored(database_url, "beijing-%")
    assert differing(found, expected) == []
    assert len(found) == 13_536 * len(COLUMNS) - gaps
    assert refused(database_url, "beijing-%") == []
    assert found["beijing-Gucheng", "pm25", utc("2016-12-20T14:00:00+08:00")] == 646.0


def usgs(file: Path) -> list[tuple[str, str, datetime, str]]:
    """Device, metric, time and value of every point of a USGS answer."""
    metrics, points = {"00060": "discharge", "00065": "water_level"}, []
    for series in json.loads(file.read_text())["value"]["timeSeries"]:
        device = f"usgs-{series['sourceInfo']['siteCode'][0]['value']}"
        metric = metrics[series["variable"]["variableCode"][0]["value"]]
        points += [(device, metric, utc(one["dateTime"]), one["value"]) for values in series["values"] for one in values["value"]]
    return points


METRES = {"discharge": Decimal("0.028316846592"), "water_level": Decimal("0.3048")}


@pytest.mark.parametrize(
    ("name", "devices", "points", "without"),
    [("usgs_nwis_two_sites_two_params_iv.json", "usgs-01541%", 372, 0), ("usgs_nwis_mult_flags.json", "usgs-01542500", 438, 39)],
)
def test_the_usgs_gauges_come_out_in_metres_and_their_no_data_code_is_refused_with_a_reason(
    played: Play, recorded: Path, database_url: str, name: str, devices: str, points: int, without: int
):
    file = recorded / "water" / name
    given = usgs(file)
    good = {(device, metric, at): float(Decimal(text) * METRES[metric]) for device, metric, at, text in given if text != NO_DATA}
    assert (len(given), len(given) - len(good)) == (points, without)
    assert played(USGS, file) == points
    assert stored(database_url, devices) == good
    lost = refused(database_url, devices)
    assert [reason for _, reason, _ in lost] == ["out_of_range"] * without
    assert all(set(message["values"].values()) == {float(NO_DATA)} for _, _, message in lost)
    assert {message["at"] for _, _, message in lost} == {int(at.timestamp() * 1000) for _, _, at, text in given if text == NO_DATA}


def test_an_empty_usgs_answer_sends_nothing(played: Play, recorded: Path):
    assert played(USGS, recorded / "water" / "usgs_nwis_nothing_avail.json") == 0


def test_a_river_keeps_its_hours_across_a_clock_change_and_its_gaps(played: Play, recorded: Path, database_url: str):
    file = recorded / "water" / "river_water_flow.csv"
    rows = table(file)
    assert played(RIVER, file) == len(rows) == 1268
    assert stored(database_url, "river-flow") == {
        ("river-flow", "discharge", utc(row["Time"])): float(Decimal(row["Water flow [l/s]"]) / 1000) for row in rows
    }


UNITS: dict[str, Callable[[Fraction], Fraction]] = {
    "speed": lambda mph: mph * Fraction("1.609344"),
    "occupancy": lambda percent: percent,
    "travel_time": lambda seconds: seconds,
    "temperature": lambda fahrenheit: (fahrenheit - 32) * 5 / 9,
}


@pytest.mark.parametrize("name", NAB_FILES)
def test_the_nab_series_come_out_value_for_value(played: Play, recorded: Path, database_url: str, name: str):
    rows, metric, device = table(recorded / "nab_traffic" / name), NAB_FILES[name][0], f"nab-{name.removesuffix('.csv')}"
    assert played(nab(name), recorded / "nab_traffic" / name) == len(rows)
    expected = {(device, metric, utc(f"{row['timestamp']}+00:00")): float(UNITS[metric](Fraction(row["value"]))) for row in rows}
    assert stored(database_url, device) == expected
    assert refused(database_url, device) == []
