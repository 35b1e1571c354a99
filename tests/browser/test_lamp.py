"""From an MQTT message to a lit lamp on the wall, with every part of the city killed on the way."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.data_adapters.pack_files import HEADER, write_pack
from tests.law.real_city import RealCity, eventually
from tests.law.traffic import Message
from tests.law.trial import Publisher

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
DEVICES = f"""{HEADER}
tunnel-1,人民路隧道积水点,standing_water,440000001,water,113.05,23.05,
tunnel-2,西镇隧道积水点,standing_water,440000002,water,113.15,23.05,
"""
LIT = ".panel-alarms [data-alarm='{}'].is-active"
CLEARED = ".panel-alarms [data-alarm='{}'].is-cleared"


@pytest.fixture
def city(place: Path) -> Iterator[RealCity]:
    with RealCity(place, write_pack(place / "pack", devices=DEVICES)) as running:
        yield running


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def depth(at: int, metres: float, device_id: str = "tunnel-1") -> Message:
    """A water depth at `at` seconds since 1970, its time written as people write it."""
    body = {"at": datetime.fromtimestamp(at, UTC).isoformat(), "values": {"water_depth": metres}}
    return Message(f"city/v1/devices/{device_id}/telemetry", json.dumps(body).encode())


def open_wall(city: RealCity, wall: Page) -> None:
    """Sign in as the duty officer and open the wall."""
    answer = wall.context.request.post(f"{city.url}/api/v1/session", data=city.account())
    assert answer.status == 204
    wall.goto(f"{city.url}/big", wait_until="domcontentloaded")


def alarms(city: RealCity, state: str) -> list[tuple[Any, ...]]:
    """What the database holds in this state: rule, device, when raised and cleared (seconds), and id."""
    return city.ask(
        f"""SELECT rule_id, device_id, extract(epoch FROM raised_at)::bigint, extract(epoch FROM cleared_at)::bigint, alarm_id::text
        FROM alarms WHERE state = '{state}'"""
    )


def test_a_reading_over_mqtt_lights_one_lamp_whatever_is_killed_between_the_steps(city: RealCity, wall: Page) -> None:
    city.wait_ready()
    mqtt = Publisher(city.runtime()["mqtt"])
    start = int(time.time()) - 100
    open_wall(city, wall)
    city.kill("mqtt")
    mqtt.publish(depth(start, 0.18))
    mqtt.publish(depth(start, 0.02, "tunnel-2"))
    city.kill("ingest")
    mqtt.wait_acknowledged()
    city.kill("database")
    mqtt.publish(depth(start + 70, 0.19))
    city.kill("redis")
    mqtt.wait_acknowledged()
    city.kill("jobs")
    assert eventually(lambda: len(alarms(city, "active")) == 1, 60), alarms(city, "active")
    (rule, device, raised, cleared, alarm_id) = alarms(city, "active")[0]
    assert (rule, device, raised, cleared) == ("standing_water", "tunnel-1", start + 60, None)
    city.kill("web")
    wall.wait_for_selector(LIT.format(alarm_id), timeout=60_000)
    city.kill("app")
    city.start()
    mqtt.publish(depth(start + 80, 0.05))
    wall.wait_for_selector(CLEARED.format(alarm_id), timeout=90_000)
    line = wall.locator(".panel-alarms [data-alarm]")
    assert line.count() == 1 and "人民路隧道积水点" in line.inner_text()
    assert [row[:4] for row in alarms(city, "cleared")] == [("standing_water", "tunnel-1", start + 60, start + 80)]
    assert [row[0] for row in city.ask("SELECT count(*) FROM readings")] == [4]
    mqtt.close()
