"""Orders of other desks on PostgreSQL: each becomes one incident whoever is killed, both sides hear of each other, nothing is overwritten;
and what is suggested is learnt from closed ones."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import Engine, text

from data_adapters.appeals.school import School
from data_adapters.feeds.orders import order_event
from data_adapters.feeds.telling import Teller, said_of
from data_adapters.sql.appeal_counts import AppealCounts
from data_adapters.sql.appeal_repository import AppealRepository
from data_adapters.sql.cursor_repository import Cursor
from data_adapters.sql.event_stream import SqlEventStream
from data_adapters.sql.learning_repository import LearningRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.platform_notices import PlatformNotices
from domain.access import Forbidden
from domain.event_time import EventTime
from domain.incident_life import Incident
from domain.messages import Event, Quality, RawMessage
from domain.notices import Delivery
from domain.rises import RiseLimits
from domain.suggesting import Intake, Likely, Suggestion
from services.appeal_desk import AppealDesk
from services.appeal_learning import Learner, Suggesting
from services.appeal_rises import Rises
from services.appeal_telling import Platforms, Telling
from services.appeals import Orders
from services.notices import Courier
from services.ports import FeedEvent
from services.reacting import Reacting
from services.reactions import Happened
from tests.data_adapters.feeds.serving import QuietHandler, serving
from tests.domain.incident_cast import DISPATCHER, HANDLER, HOUR, OPERATOR, SHIFT_LEADER, T0
from tests.services.test_incident_desk import City

FEED, NUMBER = "hotline", "12345-0001"
DAY = 24 * HOUR
LIMITS = RiseLimits(DAY, 4, 3, 2.0, 0.01, 5)
WHY = {"override_reason": "目录无此类", "deadline": {"amount": 5, "unit": "working_days"}}
DELIVERY = Delivery((5, 30), 3, 60, 60)
STATES = {
    "reported": "已受理", "accepted": "待派单", "dispatched": "已派单", "handling": "办理中", "answered": "已答复", "completed": "已办结",
}  # fmt: skip


def order(status: str = "open", at: int = T0, number: str = NUMBER, **said: Any) -> FeedEvent:
    facts = {
        "number": number, "status": status, "title": "路灯不亮", "text": "示例路路灯整夜不亮", "theme": "求助类", "channel": "电话", **said,
    }  # fmt: skip
    made = order_event(facts, EventTime(at, Quality.GOOD, None), RawMessage("t", b"", at))
    assert isinstance(made, Event), made
    return FeedEvent(FEED, made)


class Platform:
    """What a hotline's server heard; answers with `codes` in turn, then 200."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, Any], str]] = []
        self.codes: list[int] = []

    def handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Answer(QuietHandler):
            def do_POST(self) -> None:
                said = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                platform.heard.append((said, self.headers["Idempotency-Key"]))
                self.send_response(platform.codes.pop(0) if platform.codes else 200)
                self.end_headers()

        return Answer


class Audited:
    """The audit log."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str]] = []

    def record(self, actor: str, action: str, now: int, object: str = "", outcome: str = "ok", detail: Any = None) -> None:
        self.entries.append((actor, action, outcome))


class Scene(City):
    """The desk with a hotline behind it."""

    def __init__(self, engine: Engine, place: str, folder: Path) -> None:
        super().__init__(engine)
        self.engine, self.folder, self.appeals, self.audit = engine, folder, AppealRepository(engine), Audited()
        desk = Teller(said_of({"tell": {"url": place, "states": STATES}}), "geheim")  # type: ignore[arg-type]
        self.telling = Telling(self.appeals, NoticeRepository(engine), {FEED: desk})
        self.orders = Orders(self.appeals, self.desk, {"求助": "help"}, lambda name, values: f"{name} {dict(values)}", self.telling.made)
        self.courier = Courier(PlatformNotices(engine), {"platform": Platforms({FEED: desk})}, lambda *_: ("", ""), DELIVERY)
        learning = LearningRepository(engine)
        self.school = School(folder, learning.file, 0.2, 2)
        self.learner = Learner(learning, self.school, 20, DAY, 1000)
        self.suggesting = Suggesting(learning, self.school.model, 0.6, 20)
        rises = Rises(AppealCounts(engine), self.handbook.regions, LIMITS)
        self.seen = AppealDesk(self.appeals, self.desk, NoticeRepository(engine), self.suggesting, rises, self.audit)  # type: ignore[arg-type]

    def take(self, *events: FeedEvent, number: str = NUMBER) -> Incident:
        self.now += 60_000
        self.orders.deal(events, self.now)
        return self.incident(number)

    def incident(self, number: str = NUMBER) -> Incident:
        known = self.appeals.find(FEED, number)
        assert known is not None
        found = self.store.find(known.incident_id)
        assert found is not None
        return found

    def react(self) -> None:
        acting = [self.telling.follow, self.suggesting.follow]
        Reacting(SqlEventStream(self.engine), Cursor(self.engine, str(uuid4())), self.store.find, acting).round(T0)  # type: ignore[list-item]

    def deeds(self) -> list[str]:
        return [event.deed for event in self.store.events(self.incident().incident_id)]

    def send(self) -> None:
        while self.courier.round(self.now):
            pass

    def finished(self, title: str, lead: str) -> None:
        self.now += 60_000
        one = self.report(title=title, spine="order", class_code="help", description="")
        for actor, deed, said in (
            (OPERATOR, "accept", {}), (DISPATCHER, "dispatch", {"lead": lead, **WHY}),
            (HANDLER, "sign", {}), (HANDLER, "answer", {"note": "已办"}),
            (OPERATOR, "call_back", {"satisfied": True}), (SHIFT_LEADER, "complete", {}),
        ):  # fmt: skip
            actor = actor if actor is not HANDLER else replace(HANDLER, departments=frozenset({lead}))
            one = self.do(actor, one, deed, **said)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def scene(engine: Engine, platform: Platform, tmp_path: Path) -> Iterator[Scene]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE incidents, outbox, appeal_models, job_cursors CASCADE"))
    with serving(platform.handler()) as place:
        yield Scene(engine, place, tmp_path)


def test_an_order_becomes_one_incident_on_the_hotline_spine_with_who_appeals_kept_apart(scene: Scene) -> None:
    made = scene.take(order(phone="138 0000 0000", name="陈某", address="示例路18号3栋502室", lon="113.8", lat="23"))
    assert (made.spine, made.source, made.class_code, made.region, made.reported_by) == (
        "order",
        "hotline",
        "help",
        "441900003",
        "order:hotline",
    )
    assert not made.caller
    seen = scene.seen.of(OPERATOR, made.incident_id)
    assert seen and seen.order and (seen.order.number, seen.order.channel, seen.order.theme) == (NUMBER, "电话", "求助类")
    assert seen.person == {"name": "陈**", "phone": "***0000"}


def test_whoever_is_killed_between_the_incident_and_its_order_it_is_made_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit

    for step in ("keep", "change"):
        with monkeypatch.context() as patched, pytest.raises(SystemExit):
            patched.setattr(scene.appeals, step, killed)
            scene.orders.deal([order(), order("urged", T0 + 1)], scene.now)
    for _ in range(3):
        scene.take(order(), order("urged", T0 + 1))
    assert scene.deeds() == ["report", "remind"] and scene.incident().reminders == 1
    with scene.engine.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM incidents")).scalar() == 1


def test_what_the_other_desk_says_comes_into_the_timeline_and_overwrites_nothing(scene: Scene) -> None:
    made = scene.do(OPERATOR, scene.take(order()), "accept")
    for at, status in enumerate(("urged", "withdrawn", "open", "closed"), 1):
        scene.take(order(status, T0 + at, said=status, note="电话13812345678"))
    after = scene.incident()
    assert scene.deeds() == ["report", "accept", "remind", "say", "say", "say"] and after.state == made.state == "accepted"
    assert not any("13812345678" in str(event.data) for event in scene.store.events(made.incident_id))
    seen = scene.seen.of(OPERATOR, made.incident_id)
    assert seen and seen.order and (seen.order.status, seen.order.reminders, seen.contradicts) == ("closed", 1, "closed_there")


def test_an_old_statement_that_comes_late_changes_no_status(scene: Scene) -> None:
    scene.take(order(at=T0), order("closed", T0 + 10))
    scene.take(order("withdrawn", T0 + 5))
    found = scene.appeals.find(FEED, NUMBER)
    assert found and found.status == "closed"


def test_an_order_that_had_only_a_token_gets_its_number(scene: Scene) -> None:
    scene.take(order(number="token:t1", token="t1"), order(number=NUMBER, token="t1", title="", text=""))
    assert scene.appeals.find(FEED, "token:t1") is None and scene.deeds() == ["report"]


def test_every_step_is_told_once_in_order_however_often_it_is_looked_at(scene: Scene, platform: Platform) -> None:
    one = scene.do(OPERATOR, scene.take(order()), "accept")
    scene.do(DISPATCHER, one, "dispatch", lead="water", **WHY)
    for _ in range(2):
        scene.react()
    platform.codes = [503, 500]
    scene.send()
    assert [said["status"] for said, _ in platform.heard] == ["已受理"]
    for pause in (5_000, 30_000):
        scene.now += pause
        scene.send()
    assert [said["status"] for said, _ in platform.heard] == ["已受理", "已受理", "已受理", "待派单", "已派单"]
    assert len({key for said, key in platform.heard if said["status"] == "已受理"}) == 1
    told = scene.seen.of(OPERATOR, one.incident_id).told  # type: ignore[union-attr]
    assert [(notice.params["word"], notice.state, notice.attempts) for notice in told] == [
        ("已受理", "sent", 3), ("待派单", "sent", 1), ("已派单", "sent", 1)]  # fmt: skip
    assert platform.heard[-1][0]["department"] == "water" and "陈" not in str(platform.heard)


def test_a_statement_whose_sender_was_killed_is_unsure_and_never_sent_again(scene: Scene, platform: Platform) -> None:
    made = scene.take(order())
    assert PlatformNotices(scene.engine).claim(scene.now, scene.now + 60_000, 1)
    scene.now += 61_000
    scene.send()
    told = scene.seen.of(OPERATOR, made.incident_id).told  # type: ignore[union-attr]
    assert [notice.state for notice in told] == ["unsure"] and not platform.heard


def test_people_are_told_while_a_platform_is_away(scene: Scene) -> None:
    scene.take(order())
    assert NoticeRepository(scene.engine).claim(scene.now, scene.now + 1, 10) == []


def test_who_appeals_is_shown_in_full_only_to_whoever_calls_back_and_that_is_written_down(scene: Scene) -> None:
    made = scene.take(order(phone="13800000000"))
    assert scene.seen.person(OPERATOR, made.incident_id, scene.now) == {"phone": "13800000000"}
    with pytest.raises(Forbidden):
        scene.seen.person(DISPATCHER, made.incident_id, scene.now)
    assert scene.audit.entries == [(OPERATOR.username, "see_appellant", "ok"), (DISPATCHER.username, "see_appellant", "refused")]


def test_before_there_is_enough_history_nothing_is_suggested_and_it_says_so(scene: Scene) -> None:
    scene.finished("水管爆裂", "water")
    assert scene.learner.round(scene.now) == 0
    made = scene.take(order())
    scene.react()
    advice = scene.seen.of(OPERATOR, made.incident_id).advice  # type: ignore[union-attr]
    assert (advice.closed, advice.least, dict(advice.suggestions), advice.models) == (1, 20, {}, [])


def test_the_city_learns_from_its_closed_orders_and_keeps_what_people_decided(scene: Scene) -> None:
    for at in range(24):
        title, lead = (("小区停水水管爆裂", "water"), ("路灯不亮灯杆倾斜", "transport"))[at % 2]
        scene.finished(f"{title}{at}", lead)
    assert scene.learner.round(scene.now) == 1
    assert scene.learner.round(scene.now + 1) == 0
    known = scene.suggesting.models()[0]
    assert (known.target, known.cases, known.judged.of, known.judged.top1) == ("department", 24, 5, 1.0)
    made = scene.take(order())
    scene.react()
    suggested = scene.seen.of(OPERATOR, made.incident_id).made["department"].suggestion  # type: ignore[union-attr]
    assert suggested.first == "transport" and suggested.sure and "路灯" in suggested.likely[0].words
    one = scene.do(OPERATOR, scene.incident(), "accept")
    scene.do(DISPATCHER, one, "dispatch", lead="water", **WHY)
    for _ in range(2):
        scene.react()
    kept = scene.suggesting.made(made.incident_id)["department"]
    assert (kept.outcome, kept.chosen, kept.chosen_by) == ("changed", "water", DISPATCHER.username)
    assert scene.suggesting.outcomes()["department"]["changed"] == 1
    again = Suggesting(LearningRepository(scene.engine), School(scene.folder, LearningRepository(scene.engine).file, 0.2, 2).model, 0.6, 20)
    unsure = again.suggestion("department", made_intake("咨询结婚登记材料"))
    assert not unsure.sure and unsure.first == ""
    assert again.suggestion("theme", made_intake("停水")) == Suggestion("theme")


def test_the_theme_that_a_call_taker_says_is_their_decision_about_what_a_text_without_one_suggests(scene: Scene) -> None:
    class Model:
        version = "theme-1"

        def likely(self, intake: Intake, most: int = 3) -> tuple[Likely, ...]:
            return (Likely(intake.fields["class"] or "help", 0.9, ()),)

    suggesting = Suggesting(LearningRepository(scene.engine), lambda target: Model() if target == "theme" else None, 0.6, 20)
    for code, outcome in (("help", "accepted"), ("manhole", "changed")):
        said = {"title": "小区停水", "source": "hotline", "spine": "order", "class_code": code, "place": {"lon": 113.8, "lat": 23.0}}
        made = scene.desk.report(OPERATOR, said, scene.now)
        suggesting.follow(Happened(made, scene.store.events(made.incident_id)[0]), scene.now)
        kept = suggesting.made(made.incident_id)["theme"]
        assert (kept.suggestion.first, kept.outcome, kept.chosen, kept.chosen_by) == ("help", outcome, code, OPERATOR.username)


def made_intake(said: str) -> Intake:
    return Intake(said, {"class": "help", "region": "441900003", "source": "hotline"}, T0)


def test_a_theme_that_comes_three_times_as_often_as_usual_is_a_rise_in_its_town_and_nobody_else_sees_it(scene: Scene) -> None:
    now = T0 + 40 * DAY
    for week in range(5):
        for nth in range(12 if week == 0 else 2):
            scene.now = now - week * 7 * DAY - nth * HOUR - 1
            scene.report(class_code="help", spine="order", place={"lon": 113.8, "lat": 23.0})
    (found,) = scene.seen.hot(OPERATOR, now + 60_000)
    assert (found.region, found.theme, found.now, found.usual, found.rising) == ("441900003", "help", 12, 2.0, True)
    assert scene.seen.hot(replace(OPERATOR, regions=frozenset({"441900004"})), now + 60_000) == []
