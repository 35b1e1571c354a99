"""Operations work orders on the real database: opened once whoever looks, seen to recover and fall ill again, closed by a person."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from data_adapters.notice_wiring import build_notices
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.standing_repository import StandingRepository
from data_adapters.sql.upkeep_repository import UpkeepRepository
from domain.access import Actor, Forbidden
from domain.clocks import Allowance, WorkingTime
from domain.upkeep import NotPossible, UpkeepRule
from services.audit import Audit
from services.upkeep import Upkeep
from services.upkeep_ports import Thing
from services.upkeep_watch import UpkeepWatch

T0 = 1_795_305_600_000
"""A Sunday, 08:00 in Shanghai."""
S, HOUR, DAY = 1_000, 3_600_000, 86_400_000
RULES = (
    UpkeepRule("feeds", "feed", (), (), 900, "role:data_steward", "智慧科技", Allowance(8, "working_hours"), 86_400),
    UpkeepRule("cameras", "camera", (), (), 60, "user:li", "", Allowance(1, "natural_hours"), 0),
)
STEWARD, OFFICER = Actor("wang", frozenset({"data_steward"})), Actor("chen", frozenset({"duty_officer"}))


@dataclass
class Feeds:
    """The Watched port: things as the test says."""

    kind: str = "feed"
    held: list[Thing] = field(default_factory=list)

    def things(self, now: int) -> Sequence[Thing]:
        return self.held


class People:
    """The People port: one of each role."""

    def of(self, role: str, departments: Sequence[str] = (), region: str = "") -> list[str]:
        return [f"{role}-1"]

    def chain(self, at: int, department: str = "") -> tuple[Sequence[str], str]:
        return [], ""


class Upkept:
    """A city with one watch over one kind of things."""

    def __init__(self, engine: Engine, kind: str = "feed") -> None:
        with engine.begin() as tx:
            tx.execute(text("TRUNCATE upkeep_orders, upkeep_events, standings, watch_spans, outbox"))
        self.engine, self.seen = engine, Feeds(kind)
        self.standings, self.orders = StandingRepository(engine), UpkeepRepository(engine, lambda: "441900")
        self.desk = Upkeep(self.orders, self.standings, Audit(AuditRepository(engine), lambda *_: {}), dict)  # type: ignore[arg-type,return-value]
        self.kind = kind

    def watch(self) -> UpkeepWatch:
        working = WorkingTime("Asia/Shanghai", ((510, 720), (810, 1080)), lambda day: day.weekday() < 5)
        return UpkeepWatch([self.seen], self.standings, self.orders, RULES, working, build_notices(self.engine), People())

    def look(self, now: int, state: str, since: int | None = None, why: str = "silent") -> None:
        self.seen.held = [Thing("native", "native", "native", state, since, "" if state == "up" else why)]
        self.watch().round(now)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as tx:
            return [tuple(row) for row in tx.execute(text(sql))]

    def told(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT template, username FROM outbox WHERE channel = 'app' ORDER BY created_at, template")

    def state(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT state, relapses FROM upkeep_orders ORDER BY number")

    @property
    def order_id(self) -> str:
        return str(self.ask("SELECT order_id::text FROM upkeep_orders ORDER BY number")[-1][0])


@pytest.fixture
def city(engine: Engine) -> Upkept:
    return Upkept(engine)


def test_what_is_down_for_long_enough_gets_one_order_with_owner_vendor_and_a_deadline_in_working_time(city: Upkept) -> None:
    city.look(T0, "down", T0 - 899 * S)
    assert city.state() == []
    for later in (1, 2, 3):
        city.look(T0 + later * S, "down")
    (order,) = city.desk.listed(STEWARD, T0 + HOUR)
    assert (order.number[:9], order.state, order.owner, order.vendor, order.why) == (
        "U-441900-", "pending", "role:data_steward", "智慧科技", "silent",
    )  # fmt: skip
    assert order.down_since == T0 - 899 * S and order.due_at == T0 + DAY + 10 * HOUR, "Monday 18:00"
    assert city.told() == [("upkeep_opened", "data_steward-1")]


def test_two_leaders_at_once_open_one_order_and_tell_once(city: Upkept) -> None:
    city.seen.held = [Thing("native", "native", "native", "down", T0 - HOUR, "silent")]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(city.watch().round, T0 + n) for n in range(8)]:
            done.result()
    assert city.state() == [("pending", 0)] and city.told() == [("upkeep_opened", "data_steward-1")]
    assert city.ask("SELECT count(*) FROM standings") == [(1,)]


def test_a_watch_that_was_killed_before_it_told_anybody_tells_at_its_next_turn(city: Upkept, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(UpkeepWatch, "tell", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            city.look(T0, "down", T0 - HOUR)
    assert city.told() == [] and city.state() == [("pending", 0)]
    city.look(T0 + S, "down")
    city.look(T0 + 2 * S, "down")
    assert city.told() == [("upkeep_opened", "data_steward-1")]


def test_recovery_is_noted_by_itself_and_closed_by_somebody_who_did_not_handle_it(city: Upkept) -> None:
    city.look(T0, "down", T0 - HOUR)
    city.desk.act(STEWARD, city.order_id, "take", "", T0 + S)
    with pytest.raises(NotPossible, match="needs_note"):
        city.desk.act(STEWARD, city.order_id, "mended", " ", T0 + 2 * S)
    city.desk.act(STEWARD, city.order_id, "mended", "换了电源", T0 + 3 * S)
    with pytest.raises(NotPossible, match="not_recovered"):
        city.desk.act(OFFICER, city.order_id, "close", "", T0 + 4 * S)
    city.look(T0 + 5 * S, "up")
    assert city.desk.one(OFFICER, city.order_id, T0 + 6 * S).deeds == ["return", "close"]
    with pytest.raises(NotPossible, match="own_work"):
        city.desk.act(STEWARD, city.order_id, "close", "", T0 + 6 * S)
    assert city.desk.act(OFFICER, city.order_id, "close", "", T0 + 7 * S).state == "closed"
    deeds = [(one.deed, one.actor) for one in city.orders.events(city.order_id, T0 + HOUR)]
    assert deeds == [("opened", "rule:upkeep"), ("take", "wang"), ("mended", "wang"), ("recovered", "rule:upkeep"), ("close", "chen")]


def test_a_relapse_reopens_the_same_order_and_only_long_after_it_was_closed_a_new_one_is_opened(city: Upkept) -> None:
    city.look(T0, "down", T0 - HOUR)
    city.look(T0 + 10 * S, "up")
    assert city.state() == [("confirming", 0)]
    city.look(T0 + 20 * S, "down")
    assert city.state() == [("pending", 1)]
    city.look(T0 + 30 * S, "up")
    city.desk.act(OFFICER, city.order_id, "close", "", T0 + 40 * S)
    city.look(T0 + HOUR, "down")
    assert city.state() == [("closed", 1)], "not yet down for long enough"
    city.look(T0 + 2 * HOUR, "down")
    assert city.state() == [("pending", 2)]
    city.look(T0 + 3 * HOUR, "up")
    city.desk.act(OFFICER, city.order_id, "close", "", T0 + 3 * HOUR + S)
    city.look(T0 + 3 * DAY, "down")
    city.look(T0 + 3 * DAY + HOUR, "down")
    assert city.state() == [("closed", 2), ("pending", 0)]
    assert [template for template, _ in city.told()].count("upkeep_reopened") == 1


def test_past_its_deadline_the_owner_is_told_once(engine: Engine) -> None:
    city = Upkept(engine, "camera")
    city.look(T0, "down", T0 - HOUR)
    for later in (HOUR, HOUR + 1, 2 * HOUR):
        city.look(T0 + later, "down")
    assert city.told() == [("upkeep_opened", "li"), ("upkeep_overdue", "li")]


def test_a_thing_that_is_gone_is_voided_and_one_that_is_there_is_not(city: Upkept) -> None:
    city.look(T0, "down", T0 - HOUR)
    with pytest.raises(NotPossible, match="still_there"):
        city.desk.act(OFFICER, city.order_id, "void", "拆除", T0 + S)
    city.seen.held = []
    city.watch().round(T0 + 2 * S)
    assert city.desk.act(OFFICER, city.order_id, "void", "拆除", T0 + 3 * S).state == "closed"


def test_the_history_only_grows(city: Upkept) -> None:
    city.look(T0, "down", T0 - HOUR)
    for change in ("UPDATE upkeep_events SET actor = 'x'", "DELETE FROM upkeep_events"):
        with pytest.raises(DBAPIError, match="append-only"), city.engine.begin() as tx:
            tx.execute(text(change))


def test_the_online_rate_counts_only_what_somebody_watched_and_says_how_much_that_is_not(city: Upkept) -> None:
    for minute in range(0, 61):
        city.look(T0 + minute * 60_000, "down" if 15 <= minute < 30 else "up")
    city.look(T0 + 2 * HOUR, "up")
    rate = city.standings.rate("feed", "native", T0, T0 + 2 * HOUR)
    assert (rate.up_ms, rate.down_ms) == (45 * 60_000, 15 * 60_000)
    assert rate.share == 0.75 and rate.unknown_share == 0.5
    assert city.standings.rate("feed", "other", T0, T0 + HOUR).share is None


def test_loss_and_recovery_are_logged_once_each_with_how_long(city: Upkept, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "citydeck.upkeep")
    for at, state in ((0, "up"), (10, "down"), (20, "down"), (70, "up"), (80, "up")):
        city.look(T0 + at * S, state)
    said = [one.getMessage() for one in caplog.records]
    assert said == ["feed native is down since 2026-11-22T00:00:10+00:00: silent", "feed native is up again, after 60 s"]


def test_a_past_moment_shows_the_order_as_it_was_then(city: Upkept) -> None:
    city.look(T0, "down", T0 - HOUR)
    city.look(T0 + HOUR, "up")
    (then,) = city.desk.listed(STEWARD, T0 + S)
    (now,) = city.desk.listed(STEWARD, T0 + HOUR)
    assert (then.state, then.recovered_at, now.state) == ("pending", None, "confirming")
    assert city.desk.listed(STEWARD, T0 - S) == []


@pytest.mark.parametrize(
    ("role", "deed"), [("operator", "take"), ("duty_officer", "take"), ("system_admin", "close"), ("operator", "close")]
)
def test_who_has_not_the_right_does_nothing_and_it_is_audited(city: Upkept, role: str, deed: str) -> None:
    city.look(T0, "down", T0 - HOUR)
    with pytest.raises(Forbidden):
        city.desk.act(Actor("x", frozenset({role})), city.order_id, deed, "", T0 + S)
    assert city.ask("SELECT count(*) FROM audit_log WHERE action = 'upkeep' AND outcome = 'refused'")[0][0] > 0


@pytest.mark.parametrize("role", ["leader", "handler", "auditor", "dispatcher"])
def test_who_does_not_look_after_operations_reads_nothing(city: Upkept, role: str) -> None:
    with pytest.raises(Forbidden):
        city.desk.listed(Actor("x", frozenset({role})), T0)


def test_a_thing_of_which_nobody_knew_anything_is_known_to_be_gone(city: Upkept) -> None:
    city.look(T0, "unknown", why="paused")
    city.seen.held = []
    city.watch().round(T0 + S)
    held = city.standings.now_of("feed")["native"]
    assert (held.state, held.why, held.since) == ("unknown", "gone", T0)
