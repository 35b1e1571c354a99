"""The outbox with a real SMTP server and a receiver that fails half of the time: everybody hears once, nobody twice."""

import json
import socket
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from config.notices import load_delivery
from data_adapters.notify.apprise_channel import AppriseChannel
from data_adapters.sql.notice_repository import NoticeRepository
from domain.access import Actor
from domain.notices import CallRule
from services.notice_ports import NotDelivered
from services.notices import Courier, Notices
from tests.data_adapters.receivers import Letters

NOW = 1_795_000_000_000
CLAIM_MS = round(load_delivery().claim_s * 1000)
RULES = {"default": CallRule(2, 60, ("app", "email", "http"), "test"), "not_reached": CallRule(1, 60, ("app",), "test")}
PEOPLE = [f"officer{n}" for n in range(6)]


def words(template: str, lang: str, params: Any) -> tuple[str, str]:
    return f"[{lang}] {template}", json.dumps(dict(params), ensure_ascii=False)


@pytest.fixture
def store(engine: Engine) -> NoticeRepository:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE outbox, callings, addresses"))
        for name in PEOPLE:
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            for channel, address in (("email", f"{name}@city.example"), ("http", name), ("lang", "en")):
                tx.execute(text("INSERT INTO addresses VALUES (:n, :c, :a)"), {"n": name, "c": channel, "a": address})
    return NoticeRepository(engine)


def test_everybody_hears_once_though_the_receiver_fails_half_of_the_time(
    store: NoticeRepository, smtp: tuple[Letters, int], moody: tuple[Counter[str], int]
) -> None:
    notices = Notices(store, RULES)
    channels = {
        "email": AppriseChannel(f"mailto://127.0.0.1:{smtp[1]}?from=duty@city.example&mode=insecure&to={{address}}"),
        "http": AppriseChannel(f"json://127.0.0.1:{moody[1]}/to/{{address}}"),
    }
    couriers = [Courier(store, channels, words, load_delivery()) for _ in range(2)]
    for _ in range(3):
        notices.tell(PEOPLE, "incident:1:dispatch", "dispatched", {"title": "积水"}, "/desk", NOW)
    now = NOW
    for _ in range(40):
        threads = [threading.Thread(target=one.round, args=(now,)) for one in couriers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        now += 200_000
    assert smtp[0].to == {f"{name}@city.example": 1 for name in PEOPLE}
    assert moody[0] == {f"/to/{name}": 1 for name in PEOPLE}
    assert {notice.state for notice in store.about("incident:1:dispatch")} == {"sent"}


def test_a_sender_killed_while_sending_sends_nothing_twice_and_leaves_it_to_a_person(store: NoticeRepository) -> None:
    Notices(store, RULES).tell(["officer0"], "thing:2", "dispatched", {}, "", NOW)
    assert len(store.claim(NOW, NOW + CLAIM_MS, 10)) == 2
    assert store.claim(NOW + 1, NOW + 2, 10) == []
    later = NOW + CLAIM_MS + 1
    assert store.claim(later, later + 1, 10) == []
    assert Counter(notice.state for notice in store.about("thing:2")) == {"sent": 1, "unsure": 2}


def test_a_calling_goes_down_the_chain_and_its_answer_ends_it(store: NoticeRepository) -> None:
    notices, thing = Notices(store, RULES), f"alarm:{uuid4()}"
    assert notices.call(PEOPLE[:2], "officer5", thing, "critical_alarm", {"title": "燃气"}, "/desk", NOW)
    assert notices.call(PEOPLE[:2], "officer5", thing, "critical_alarm", {}, "", NOW) is None, "one thing, one calling"
    for minute in range(1, 5):
        notices.go_on(NOW + minute * 60_000)
        notices.go_on(NOW + minute * 60_000)
    in_app = [(notice.username, notice.template) for notice in store.about(thing) if notice.channel == "app"]
    assert in_app == [
        ("officer0", "critical_alarm"), ("officer0", "critical_alarm"), ("officer1", "critical_alarm"), ("officer1", "critical_alarm"),
        ("officer5", "not_reached"),
    ]  # fmt: skip
    with pytest.raises(LookupError):
        notices.answer(Actor("stranger"), thing, NOW)
    assert notices.answer(Actor("officer1"), thing, NOW + 300_000) and not notices.answer(Actor("officer0"), thing, NOW + 300_001)
    calling, _ = store.calling_of(thing) or (None, None)
    assert calling is not None and (calling.state, calling.answered_by) == ("answered", "officer1")


def test_people_read_their_own_notices(store: NoticeRepository) -> None:
    notices = Notices(store, RULES)
    notices.tell(["officer0", "officer1"], "thing:3", "dispatched", {"number": "C-1"}, "/desk", NOW)
    mine = notices.mine(Actor("officer0"), unread_only=True)
    assert [notice.params["number"] for notice in mine] == ["C-1"]
    assert notices.read(Actor("officer1"), [mine[0].notice_id], NOW) == 0
    assert notices.read(Actor("officer0"), [mine[0].notice_id], NOW + 5) == 1 and not notices.mine(Actor("officer0"), unread_only=True)


def test_an_exercise_leaves_the_application_never(store: NoticeRepository) -> None:
    Notices(store, RULES).tell(["officer0"], "thing:4", "dispatched", {}, "", NOW, exercise=True)
    assert [notice.channel for notice in store.about("thing:4")] == ["app"]


def test_a_channel_that_is_no_url_is_refused_without_repeating_its_secret() -> None:
    with pytest.raises(ValueError) as caught:
        AppriseChannel("nonsense://secret")
    assert "secret" not in str(caught.value)


def test_a_gateway_that_hangs_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        channel, began = AppriseChannel(f"json://127.0.0.1:{deaf.getsockname()[1]}/{{address}}", timeout_s=0.5), time.monotonic()
        with pytest.raises(NotDelivered):
            channel.send(None, "x", "t", "b")  # type: ignore[arg-type]
        assert time.monotonic() - began < 20
