"""The outbox as its senders see it, on PostgreSQL: who was told and has read it, a test message to oneself, and what is forgotten."""

import time

import pytest
from sqlalchemy import Engine, text

from config.notices import load_call_rules, load_delivery, load_notices_kept
from config.strict import ConfigError
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.outbox_repository import OutboxRepository
from domain.access import Actor
from services.duty_ports import NotTaken
from services.notices import Notices
from services.outbox import Outbox, forgetting
from tests.config.spoiling import changed
from tests.domain.incident_cast import OPERATOR
from tests.services.test_incident_desk import City

NOW = time.time_ns() // 1_000_000
DAY = 86_400_000
CHEN, LI, WANG = (Actor(name, frozenset({"duty_officer"})) for name in ("chen", "li", "wang"))


class Post:
    """Notices, the outbox, and one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.store = engine, NoticeRepository(engine)
        self.notices = Notices(self.store, load_call_rules())
        self.kept = OutboxRepository(engine)
        self.outbox = Outbox(self.kept, self.store, load_delivery().test_pause_s)

    def tell(self, *names: str, thing: str = "thing", now: int = NOW, **params: object) -> None:
        self.notices.tell(names, thing, "reminded", {"by": "chen", "number": "C-1", **params}, "", now)

    def left(self) -> list[tuple[str, str]]:
        with self.engine.connect() as tx:
            return [tuple(row) for row in tx.execute(text("SELECT username, channel FROM outbox ORDER BY created_at, username, channel"))]


@pytest.fixture
def post(engine: Engine) -> Post:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE outbox, callings"))
        tx.execute(text("DELETE FROM addresses"))
        for name in ("chen", "li", "wang"):
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
    return Post(engine)


def test_who_caused_a_notice_sees_whom_it_reached_and_who_has_read_it(post: Post) -> None:
    post.tell("li", "wang")
    post.notices.read(LI, [one.notice_id for one in post.notices.mine(LI)], NOW + 5)
    (sent,) = post.outbox.sent(CHEN)
    here = {one.username: one.read_at for one in sent.notices if one.channel == "app"}
    assert (sent.template, here) == ("reminded", {"li": NOW + 5, "wang": None})
    assert {one.state for one in sent.notices if one.channel == "email"} == {"waiting"}
    assert not post.outbox.sent(LI), "who was told did not send it"
    assert post.outbox.sent(CHEN, "C-1") and not post.outbox.sent(CHEN, "C-2")


def test_a_test_goes_over_every_channel_on_which_one_is_reached_and_once_a_minute(post: Post) -> None:
    assert [one.channel for one in post.outbox.test(LI, NOW)] == ["app"]
    post.notices.set_address(LI, "http", "13800000000")
    with pytest.raises(NotTaken, match="too_soon"):
        post.outbox.test(LI, NOW + 59_999)
    assert [one.channel for one in post.outbox.test(LI, NOW + 60_000)] == ["app", "http"]
    assert [one.state for one in post.outbox.tests(LI)] == ["sent", "waiting"] and not post.outbox.tests(WANG)
    assert not post.outbox.sent(LI), "a test to oneself is nothing that others were told"


def test_old_notices_are_forgotten_but_none_that_is_unread_or_unsure_or_of_an_open_incident(post: Post) -> None:
    incident = City(post.engine).desk.report(OPERATOR, {"title": "积水", "source": "hotline", "place": {"address": "x"}}, NOW).incident_id
    old = NOW - 401 * DAY
    post.tell("li", "wang", now=old)
    post.notices.read(LI, [one.notice_id for one in post.notices.mine(LI)], NOW)
    post.tell("li", thing=f"incident:{incident}:3:reminded", now=old)
    post.notices.read(LI, [one.notice_id for one in post.notices.mine(LI)], NOW)
    with post.engine.begin() as tx:
        tx.execute(text("UPDATE outbox SET state = 'sent' WHERE channel = 'email' AND username = 'li'"))
        tx.execute(text("UPDATE outbox SET state = 'unsure' WHERE channel = 'email' AND username = 'wang'"))
    assert forgetting(post.kept, 402, NOW) == 0
    assert forgetting(post.kept, 400, NOW) == 2
    assert post.left() == [("li", "app"), ("li", "email"), ("wang", "app"), ("wang", "email")], "the incident's, and the unread and unsure"


def test_how_long_notices_are_kept_is_the_citys(tmp_path) -> None:
    assert load_notices_kept() == 400
    (tmp_path / "notices.yaml").write_text("forget: {days: 0, source: x}\n")
    with pytest.raises(ConfigError, match="forget"):
        load_notices_kept(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("pauses_s: [5, 15", "pauses_s: [15, 5", "none shorter than the one before"),
        ("attempts: 8", "attempts: 0", "a whole number from 1 to 100"),
        ("claim_s: 60, ", "", "claim_s: is missing"),
        ("delivery: {", "deliverance: {", "delivery: is missing"),
    ],
)
def test_how_notices_are_sent_is_the_citys(tmp_path, old, new, says) -> None:
    assert load_delivery().attempts == 8
    with pytest.raises(ConfigError, match=says):
        load_delivery(changed(tmp_path, "notices.yaml", old, new))
