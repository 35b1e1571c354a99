"""Two people of two towns: each sees the work orders and quiet devices of their own, the city's feeds both, and neither what a feed's
messages hold nor a deed on what is the whole city's."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.feed_health import load_feed_limits
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.feed_health_repository import FeedHealthRepository
from data_adapters.sql.standing_repository import StandingRepository
from data_adapters.sql.upkeep_repository import UpkeepRepository
from domain.access import Actor, Forbidden
from domain.registry import Region
from domain.upkeep import Order
from services.audit import Audit
from services.feed_health import FeedHealth
from services.feed_ports import FeedPlan
from services.picture import Snapshot
from services.upkeep import Upkeep

NOW, MINUTE = 1_795_305_600_000, 60_000
TOWNS = {"east": "441900003", "west": "441900004"}
OTHER = {"east": "west", "west": "east"}
HELD = {
    "feed_health.examples",
    "feed_health.listed",
    "feed_health.rejected",
    "feed_health.whole",
    "upkeep.act",
    "upkeep.listed",
    "upkeep.one",
}
REGIONS = {
    "441900": Region("441900", "东莞市", None, "city"),
    **{code: Region(code, side, "441900", "town") for side, code in TOWNS.items()},
}


def steward(side: str) -> Actor:
    return Actor(side, frozenset({"data_steward"}), regions=frozenset({TOWNS[side]}))


class Pictures:
    """The picture, in which each actor sees the gauge of their own town."""

    def snapshot(self, actor: Actor, at: int | None = None) -> Snapshot:
        seen = {f"gauge-{side}" for side, town in TOWNS.items() if not actor.regions or town in actor.regions}
        held: dict[str, Any] = {name: {"values": {"rain": [NOW - 10 * MINUTE, 1.0, "good"]}, "interval_s": 60.0} for name in seen}
        return Snapshot("e", 1, NOW, held, [], {}, {}, {})


@pytest.fixture
def desk(engine: Engine) -> Upkeep:
    store = UpkeepRepository(engine, lambda: "441900")
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE upkeep_orders, upkeep_events, standings"))
    places = {"east": TOWNS["east"], "west": TOWNS["west"], "city": ""}
    for n, (name, region) in enumerate(places.items()):
        kind = "camera" if region else "feed"
        order_id = f"0190a000-0000-7000-8000-00000000000{n}"
        store.open(
            Order(order_id, "", 1, kind, name, name, region, "", "r", "user:li", "", "offline", "pending", NOW, NOW, None, ""), NOW
        )  # fmt: skip
    return Upkeep(store, StandingRepository(engine), Audit(AuditRepository(engine), lambda *_: {}), lambda: REGIONS)  # type: ignore[arg-type,return-value]


@pytest.fixture
def health(engine: Engine) -> FeedHealth:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE feed_devices, rejected_messages"))
        tx.execute(text("INSERT INTO feed_devices VALUES ('gauge-east', 'native', now(), now()), ('gauge-west', 'native', now(), now())"))
    store, standings = FeedHealthRepository(engine, 1, 10_000), StandingRepository(engine)
    return FeedHealth(store, standings, [FeedPlan("native", "native", 60.0)], load_feed_limits(), 3, Pictures())


@pytest.mark.parametrize("side", TOWNS)
def test_work_orders_are_those_of_the_own_town_and_the_citys(desk: Upkeep, side: str) -> None:
    assert {one.thing for one in desk.listed(steward(side), NOW)} == {side, "city"}
    assert {one.thing for one in desk.listed(Actor("all", frozenset({"operator"})), NOW)} == {"east", "west", "city"}
    orders = {one.thing: one.order_id for one in desk.listed(Actor("all", frozenset({"operator"})), NOW)}
    for call in (
        lambda: desk.one(steward(side), orders[OTHER[side]], NOW),
        lambda: desk.act(steward(side), orders[OTHER[side]], "take", "", NOW),
    ):
        with pytest.raises(LookupError):
            call()
    with pytest.raises(Forbidden):
        desk.act(steward(side), orders["city"], "take", "", NOW)
    assert desk.one(steward(side), orders["city"], NOW).deeds == []
    assert desk.act(steward(side), orders[side], "take", "", NOW + 1).state == "working"


@pytest.mark.parametrize("side", TOWNS)
def test_a_feed_is_the_citys_its_quiet_devices_and_messages_are_not(health: FeedHealth, side: str) -> None:
    at = NOW + 400 * 86_400_000
    whole = health.whole(steward(side), "native", at)
    assert [one.device_id for one in whole.quiet or ()] == [f"gauge-{side}"]
    assert len(health.whole(Actor("all", frozenset({"operator"})), "native", at).quiet or ()) == 2
    assert health.whole(Actor("sys", frozenset({"system_admin"})), "native", at).quiet is None
    for call in (lambda: health.examples(steward(side), "native", "bad_json", at), lambda: health.rejected(steward(side), 1, at)):
        with pytest.raises(Forbidden):
            call()


@pytest.mark.parametrize("role", ["leader", "handler", "auditor", "security_admin", "dispatcher"])
def test_without_the_right_nobody_reads_feed_health(health: FeedHealth, role: str) -> None:
    for call in (health.listed, lambda actor, at: health.whole(actor, "native", at)):
        with pytest.raises(Forbidden):
            call(Actor("x", frozenset({role})), NOW)


def test_a_rejected_message_is_read_with_its_personal_data_masked(health: FeedHealth, engine: Engine) -> None:
    with engine.begin() as tx:
        columns = "feed, topic, payload, reason, detail, received_at"
        said = f"INSERT INTO rejected_messages ({columns}) VALUES ('native', 't', :raw, 'bad_json', '', '2026-11-21T00:00:00Z')"
        tx.execute(text(said), {"raw": '{"电话": "13812345678"'.encode()})
    (one,) = health.examples(Actor("all", frozenset({"data_steward"})), "native", "bad_json", NOW)
    assert b"13812345678" not in one.payload and "电话" in one.payload.decode()
    assert health.rejected(Actor("all", frozenset({"data_steward"})), one.message_id, NOW).payload == one.payload
