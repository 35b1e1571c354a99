"""Recorded public warnings, each through its feed as shipped, without a city."""

import json
from pathlib import Path

import pytest

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.feeds.registry import ADAPTERS, make_feed
from domain.event_time import parse_time
from domain.messages import Event, RawMessage
from domain.warnings import Warned, from_facts, shape_of

pytestmark = pytest.mark.real_data
NOW = parse_time("2026-11-22T00:00:00Z")


def said(recorded: Path, feed: str, file: str) -> list[Warned]:
    made = make_feed(load_feeds(ADAPTERS)[feed], load_catalogue(), 300_000)
    outputs = made.parse(RawMessage(feed, (recorded / "cap" / file).read_bytes(), NOW), {})[0]
    assert all(isinstance(one, Event) for one in outputs), outputs
    return [from_facts(one.event_id, one.facts) for one in outputs if isinstance(one, Event)]


def test_every_recorded_alert_of_both_versions_is_read(recorded: Path) -> None:
    hazards = {file.name: [one.hazard for one in said(recorded, "cap", file.name)] for file in (recorded / "cap").glob("*.cap")}
    assert hazards == {
        "43b080713727.cap": ["Homeland Security Advisory System Update"],
        "KAR0-0306112239-SW.cap": ["Child Abduction"],
        "australia.cap": ["Fire", "Fire"],
        "canada.cap": ["thunderstorm"],
        "canada_signed.cap": ["snowfall"],
        "earthquake.cap": ["Earthquake"],
        "weather.cap": ["Flash Flood Watch"],
    }


def test_a_signed_update_in_two_languages_is_one_warning_with_its_references(recorded: Path) -> None:
    (one,) = said(recorded, "cap", "canada_signed.cap")
    assert not one.signed, "no certificate of this sender is known"
    assert set(one.texts) == {"en-CA", "fr-CA"} and len(one.references) == 9
    (over,) = said(recorded, "cap", "canada.cap")
    assert (over.action, len(over.references), over.signed) == ("cancel", 2, False), "all clear"
    west, south, east, north = shape_of(over.areas[0]).bounds
    assert -84 < west < east < -82 and 41 < south < north < 43, "around Windsor, Ontario"


def test_a_recorded_circle_is_where_it_was_drawn(recorded: Path) -> None:
    fire = said(recorded, "cap", "australia.cap")[0]
    circles = {circle for area in fire.areas for circle in area.circles}
    assert (147.0598, -35.3888, 25_000.0) in circles


def test_every_recorded_colour_warning_is_said_with_its_place_and_level(recorded: Path) -> None:
    told = json.loads((recorded / "cap/cma_warnings_subset.json").read_text())["warnings"]
    found = said(recorded, "cn_warning", "cma_warnings_subset.json")
    assert len(found) == sum(map(len, told.values())) == 35
    colours = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
    assert {(one.areas[0].codes[0][1], one.hazard, colours[one.level], one.sent_at, one.expires_at) for one in found if one.level} == {
        (code, row["type"], row["color"], parse_time(row["issued"]), row["expires"] and parse_time(row["expires"]))
        for code, rows in told.items()
        for row in rows
    }
