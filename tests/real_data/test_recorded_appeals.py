"""Recorded appeals through the feeds: Chinese messages as a hotline's tables, San Francisco's requests as a table and as GeoReport v2."""

import csv
import json
from pathlib import Path

import pytest

from config.files import load_catalogue
from data_adapters.feeds.hotline.adapter import HotlineFeed
from data_adapters.feeds.open311.adapter import Open311Feed
from data_adapters.feeds.setup import FeedSetup
from domain.masking import masked
from domain.messages import Event, RawMessage

pytestmark = pytest.mark.real_data
NOW = 1_795_305_600_000
TABLES = {"messages_7class": 247, "messages_with_replies": 120, "hot_topics_votes": 30}
SF = {
    "number": "CaseID", "status": "Status", "time": "Opened", "changed": "Updated", "title": '"Request.Type"',
    "theme": "Category",
    "text": '"Request.Details"', "address": "Address",
    "department": '"Responsible.Agency"', "channel": "Source", "lon": "Long", "lat": "Lat",
}  # fmt: skip
GEOREPORT = {
    "service_request_id": "CaseID", "status": "Status", "service_name": "Category", "description": "Request.Details", "address": "Address",
    "agency_responsible": "Responsible.Agency", "lat": "Lat", "long": "Long",
}  # fmt: skip


def hotline(**chosen) -> HotlineFeed:
    return HotlineFeed(FeedSetup("hotline", (), load_catalogue(), 300_000, chosen))


def orders(feed, content: bytes) -> list[Event]:
    found, _ = feed.parse(RawMessage("t", content, NOW), {})
    assert {type(one) for one in found} == {Event}, [one for one in found if not isinstance(one, Event)][:3]
    return list(found)


@pytest.mark.parametrize(("name", "rows"), TABLES.items())
def test_messages_with_two_ways_to_write_a_date_are_all_read_and_each_once(recorded: Path, name: str, rows: int) -> None:
    found = orders(hotline(), (recorded / "hotline_zh" / f"{name}.csv").read_bytes())
    assert len({one.event_id for one in found}) == rows
    assert all(one.facts["number"].isdigit() and one.facts["text"] and one.source_at is None for one in found)


def test_all_requests_of_san_francisco_are_read_from_the_table_by_settings_alone(recorded: Path) -> None:
    made = hotline(fields=SF, statuses={"Open": "open", "Closed": "closed"}, zone="America/Los_Angeles", times=["%m/%d/%Y %I:%M:%S %p"])
    found = orders(made, (recorded / "sf" / "sf311_cases_train.csv").read_bytes())
    assert len(found) == 3987 and {one.facts["status"] for one in found} == {"open", "closed"}
    assert sum(one.lon is not None for one in found) > 3900
    shown = [masked(one.facts["address"]) for one in found]
    assert sum(one[:1].isdigit() for one in shown) < len(shown) * 0.02


def test_the_same_requests_are_read_as_an_open311_server_would_tell_them(recorded: Path) -> None:
    with (recorded / "sf" / "sf311_cases_train.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))[:1000]
    told = [{**{name: row[column] for name, column in GEOREPORT.items()}, "requested_datetime": f"{row['Opened']}-08:00"} for row in rows]
    feed = Open311Feed(FeedSetup("open311", (), load_catalogue(), 300_000, {}))
    assert [one.facts["number"] for one in orders(feed, json.dumps(told).encode())] == [row["CaseID"] for row in rows]
