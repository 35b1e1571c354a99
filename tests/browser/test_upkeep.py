"""A feed fails, an operations work order stands there, a steward takes and mends it, the duty officer closes it: read from `/upkeep`."""

import json
import os
import time

import pytest
from playwright.sync_api import Page, expect

from tests.law.real_city import RealCity, eventually
from tests.law.traffic import Message
from tests.law.trial import Publisher

pytestmark = [pytest.mark.browser, pytest.mark.long]
SHOTS = os.environ.get("CITYDECK_SHOTS")
BEFORE = """UPDATE feed_minutes SET minute = minute - interval '2 hours', last_at = last_at - interval '2 hours'
    WHERE feed = 'native' RETURNING 1"""
LONG_AGO = """UPDATE standings SET since = since - interval '20 minutes'
    WHERE kind = 'feed' AND thing = 'native' AND until IS NULL RETURNING 1"""
DOWN = "SELECT 1 FROM standings WHERE kind = 'feed' AND thing = 'native' AND until IS NULL AND state = 'down'"


def send(city: RealCity, body: bytes, many: int = 1) -> None:
    """As a device would, over the city's broker."""
    mqtt = Publisher(city.runtime()["mqtt"])
    for _ in range(many):
        mqtt.publish(Message("city/v1/devices/pump-17/telemetry", body))
    mqtt.wait_acknowledged()
    mqtt.close()


def test_a_feed_that_fails_gets_a_work_order_which_is_taken_mended_and_closed_by_another(city: RealCity, seat):
    send(city, b"{", 3)
    time.sleep(2)
    city.ask(BEFORE)
    send(city, b"{", 3)
    watching: Page = seat("operator", "/upkeep", ready=".health-table")
    row = watching.locator("[data-panel=upkeep-feeds] tr", has_text="设备直连")
    expect(row).to_contain_text("中断")
    assert eventually(lambda: city.ask(DOWN), 30)
    city.ask(LONG_AGO)
    steward: Page = seat("data_steward", "/upkeep", ready=".health-table")
    order = steward.locator("[data-panel=upkeep-orders] tr", has_text="设备直连")
    expect(order).to_contain_text("待处理")
    order.locator("button").click()
    whole = steward.locator("[data-panel=upkeep-order]")
    whole.get_by_role("button", name="接单").click()
    expect(order).to_contain_text("处理中")
    whole.locator("input").fill("网关固件回退，报文已恢复")
    shot(steward, "upkeep_order")
    whole.get_by_role("button", name="已修好").click()
    expect(order).to_contain_text("待确认")
    send(city, json.dumps({"at": round(time.time() * 1000), "values": {"water_level": 0.4}}).encode(), 1)
    expect(order).to_contain_text("已恢复")
    officer: Page = seat("duty_officer", "/upkeep", ready=".health-table")
    closing = officer.locator("[data-panel=upkeep-orders] tr", has_text="设备直连")
    closing.locator("button").click()
    officer.locator("[data-panel=upkeep-order]").get_by_role("button", name="确认关闭").click()
    expect(closing).to_contain_text("已关闭")
    expect(officer.locator(".upkeep-history")).to_contain_text("网关固件回退")
    shot(officer, "upkeep_closed")
    expect(steward.locator("[data-panel=upkeep-order]").get_by_role("button", name="接单")).to_have_count(0)
    assert not watching.wrong and not steward.wrong and not officer.wrong


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")
