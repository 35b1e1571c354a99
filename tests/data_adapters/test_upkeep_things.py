"""What jobs.py looks at: feeds, gateways and cameras of a real database; what is down, and what nobody can know."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.freshness import load_freshness
from config.settings import Settings
from data_adapters.sql.progress_repository import Progress, ProgressRepository
from data_adapters.sql.ticker import Ticker
from data_adapters.sql.upkeep_things import CameraThings, GatewayThings
from data_adapters.upkeep_wiring import upkeep_schedule
from domain.event_time import to_datetime
from domain.feed_health import Health
from services.upkeep_ports import Thing
from tests.data_adapters.ingest_town import Town, telemetry

NOW = 1_795_305_600_000
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture
def town(engine: Engine) -> Town:
    made = Town(engine)
    made.empty()
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE upkeep_orders, upkeep_events, standings, watch_spans, outbox, cameras, video_platforms, ingest_progress"))
    return made


def register(town: Town, device_id: str, interval_s: float | None = None, kind: str = "gateway") -> None:
    columns = "device_id, name, kind, region, department, interval_s, status, valid_from"
    with town.engine.begin() as tx:
        said = f"INSERT INTO devices ({columns}) VALUES (:id, :id, :kind, '441900003', 'water', :interval, 'adopted', :at)"
        tx.execute(text(said), {"id": device_id, "kind": kind, "interval": interval_s, "at": to_datetime(NOW - HOUR)})


def says(town: Town, device_id: str, online: bool) -> None:
    with town.engine.begin() as tx:
        said = "INSERT INTO presence (device_id, online, received_at) VALUES (:id, :online, :at)"
        tx.execute(text(said), {"id": device_id, "online": online, "at": to_datetime(NOW - HOUR)})


def gateways(town: Town, now: int = NOW, blind: str = "") -> dict[str, tuple[Any, ...]]:
    things = GatewayThings(town.engine, ["gateway"], load_freshness(), lambda _: blind).things(now)
    return {one.thing: (one.state, one.since, one.why) for one in things}


def test_a_gateway_is_down_after_its_last_will_or_when_it_owes_reports_and_else_nobody_knows(town: Town) -> None:
    for name, interval_s in (("said-bye", None), ("there", None), ("talks", 60.0), ("quiet", 60.0), ("never", 60.0), ("on-change", None)):
        register(town, name, interval_s)
    register(town, "pump", 60.0, "pump")
    says(town, "said-bye", False)
    says(town, "there", True)
    quiet = NOW - 3 * MINUTE - 1
    town.hand_in(telemetry(NOW - MINUTE, "talks"), telemetry(quiet, "quiet"), telemetry(NOW - HOUR, "on-change"))
    assert gateways(town) == {
        "said-bye": ("down", NOW - HOUR, "offline"),
        "there": ("up", None, ""),
        "talks": ("up", None, ""),
        "quiet": ("down", quiet + MINUTE, "silent"),
        "never": ("unknown", None, "never"),
        "on-change": ("unknown", None, "on_change"),
    }
    assert {state for state, _, _ in gateways(town, blind="paused").values()} == {"unknown"}, "while ingest is behind nobody is called down"


def camera(town: Town, camera_id: str, platform: str, status: str) -> None:
    columns = "camera_id, platform, channel, name, region, status, since, valid_from"
    with town.engine.begin() as tx:
        said = f"INSERT INTO cameras ({columns}) VALUES (:id, :platform, :id, :id, '441900003', :status, :at, :at)"
        tx.execute(text(said), {"id": camera_id, "platform": platform, "status": status, "at": to_datetime(NOW - 2 * HOUR)})


def test_a_camera_is_as_its_platform_says_and_unknown_while_that_is_away(town: Town) -> None:
    for name, platform, status in (("a", "wvp", "online"), ("b", "wvp", "offline"), ("c", "away", "online"), ("d", "wvp", "gone")):
        camera(town, name, platform, status)
    with town.engine.begin() as tx:
        said = "INSERT INTO video_platforms (platform, asked_at, failing_since) VALUES ('wvp', :at, NULL), ('away', :at, :at)"
        tx.execute(text(said), {"at": to_datetime(NOW)})
    found = {one.thing: one for one in CameraThings(town.engine).things(NOW)}
    assert found["b"] == Thing("b", "b", "wvp", "down", NOW - 2 * HOUR, "offline", "441900003", "")
    assert {name: one.state for name, one in found.items()} == {"a": "up", "b": "down", "c": "unknown"}


class Notes:
    """The live picture's notes."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def note(self, section: str, value: Any) -> bool:
        self.held[section] = value
        return True

    def flush(self) -> bool:
        return True


def test_a_round_of_jobs_opens_orders_for_all_three_and_tells_the_picture_how_feeds_do(town: Town) -> None:
    register(town, "gw-1")
    says(town, "gw-1", False)
    camera(town, "cam-1", "wvp", "offline")
    town.hand_in(telemetry())
    seen: list[Health] = []
    notes, progress = Notes(), ProgressRepository(town.engine)
    ticker = Ticker(town.engine, progress, notes, 1, {"native": 60.0}, 10_000)
    works = upkeep_schedule(town.engine, Settings(), lambda found: (seen.extend(found), ticker.hear_health(found))[0])
    for at in (NOW + 1_000, NOW + 30 * MINUTE, NOW + 31 * MINUTE):
        progress.write(Progress(0, 1, at - 500, 0.5, at))
        for _, _, work in works:
            work(at)
        if at == NOW + 1_000:
            town.now = NOW + 5_000
            town.hand_in(telemetry(town.now, received_at=town.now))
    ticker.show_feeds(NOW)
    orders = town.ask("SELECT kind, thing, state, owner, down_since FROM upkeep_orders ORDER BY kind")
    assert [row[:4] for row in orders] == [
        ("camera", "cam-1", "pending", "role:data_steward"),
        ("feed", "native", "pending", "role:data_steward"),
        ("gateway", "gw-1", "pending", "role:data_steward"),
    ]
    assert orders[1][4] == to_datetime(NOW + 5_000), "since its last message"
    assert notes.held["feeds"]["native"]["state"] == "down" and notes.held["feeds"]["native"]["problems"] == ["silent"]
    assert [one.state for one in seen if one.feed == "native"] == ["good", "down", "down"]
