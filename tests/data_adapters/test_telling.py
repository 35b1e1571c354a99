"""From what happens to who is told: on PostgreSQL, and through the real jobs process, killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from config.notices import load_call_rules
from config.settings import Settings
from data_adapters.embedded import Urls
from data_adapters.house_facts import SystemFacts
from data_adapters.notice_wiring import notice_schedule
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.people_repository import PeopleRepository
from domain.access import Actor
from domain.event_time import to_datetime
from services.alarm_store import Deed
from services.notices import Notices
from tests.data_adapters.receivers import moody_receiver, smtp_server
from tests.domain.incident_cast import DISPATCHER, OPERATOR, SHIFT_LEADER
from tests.services.test_incident_desk import City

ROOT = Path(__file__).resolve().parents[2]
NOW = time.time_ns() // 1_000_000
MINUTE = 60_000
WEST = {"lon": 113.7, "lat": 23.0}
PEOPLE = {"operator": ("operator", (), ()), "shift-leader": ("duty_officer", (), ()), "boss": ("leader", (), ()),
    "water-seat": ("handler", (), ("water",)), "road-seat": ("handler", (), ("transport",)),
    "east-seat": ("handler", ("441900003",), ("water",)), "dispatcher": ("dispatcher", (), ())}  # fmt: skip


@pytest.fixture
def telling(engine: Engine) -> Engine:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE outbox, callings, addresses, job_cursors, duty_shifts"))
        for name, (role, regions, departments) in PEOPLE.items():
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            tx.execute(
                text("INSERT INTO user_scopes VALUES (:n, :r, :d, :roles, '2020-01-01', NULL) ON CONFLICT DO NOTHING"),
                {"n": name, "r": list(regions), "d": list(departments), "roles": [role]},
            )
        tx.execute(
            text("""INSERT INTO regions (code, name, parent, level, valid_from) VALUES ('441900', '市', NULL, 'city', '2020-01-01'),
            ('441900003', '东', '441900', 'town', '2020-01-01'), ('441900004', '西', '441900', 'town', '2020-01-01')
            ON CONFLICT DO NOTHING""")
        )
    return engine


def jobs_of(engine: Engine) -> dict[str, Callable[[int], object]]:
    return {name: work for name, _, work in notice_schedule(engine, City(engine).desk)}


def told(engine: Engine, template: str) -> list[str]:
    with engine.connect() as tx:
        asked = text("SELECT username FROM outbox WHERE template = :t AND channel = 'app' ORDER BY username")
        return list(tx.execute(asked, {"t": template}).scalars())


def calling(engine: Engine, thing: str) -> tuple[str, str]:
    found = NoticeRepository(engine).calling_of(thing)
    assert found is not None
    return found[0].state, found[0].person


def test_people_are_found_by_role_department_and_region(telling: Engine) -> None:
    people = PeopleRepository(telling)
    assert people.of("handler") == ["road-seat", "water-seat"], "who sees the east alone is not told of the whole city"
    assert people.of("handler", ["water"], "441900003") == ["east-seat", "water-seat"]
    assert people.of("handler", ["water"], "441900004") == ["water-seat"]


def test_the_roster_says_who_is_called_and_roles_where_there_is_none(telling: Engine) -> None:
    people = PeopleRepository(telling)
    assert people.chain(NOW) == (("operator", "shift-leader", "boss"), "boss")
    with telling.begin() as tx:
        for post, name in (("watch_officer", "dispatcher"), ("shift_leader", "shift-leader")):
            tx.execute(
                text("INSERT INTO duty_shifts VALUES (:id, :post, '', :name, :name, '', :since, :until, 'x', :since, NULL)"),
                {"id": uuid4(), "post": post, "name": name, "since": to_datetime(NOW - MINUTE), "until": to_datetime(NOW + MINUTE)},
            )
    assert people.chain(NOW) == (("dispatcher", "shift-leader"), "boss")
    assert people.chain(NOW, "water") == (["water-seat"], "shift-leader")


def test_a_dispatch_tells_the_departments_people_once_however_often_jobs_is_killed(telling: Engine) -> None:
    city = City(telling)
    jobs_of(telling)["reactions"](NOW)
    made = city.desk.report(OPERATOR, {"title": "积水", "source": "hotline", "class_code": "standing_water", "place": WEST}, NOW)
    done = city.desk.act(OPERATOR, made.incident_id, "accept", {}, 1, NOW + 1)
    done = city.desk.act(OPERATOR, made.incident_id, "verify", {"note": "属实"}, done.version, NOW + 2)
    done = city.desk.act(SHIFT_LEADER, made.incident_id, "file", {}, done.version, NOW + 3)
    city.desk.act(DISPATCHER, made.incident_id, "dispatch", {"lead": "water"}, done.version, NOW + 4)
    for killed in range(3):
        jobs_of(telling)["reactions"](NOW + 10 + killed)
    assert told(telling, "dispatched") == ["water-seat"]


def test_a_critical_incident_nobody_accepts_is_called_about_until_it_is_accepted(telling: Engine) -> None:
    city, after = City(telling), round(load_call_rules()["critical_incident"].after_s * 1000)
    made = city.desk.report(OPERATOR, {"title": "燃气", "source": "hotline", "urgency": "critical", "place": WEST}, NOW)
    work, thing = jobs_of(telling)["callings"], f"incident:{made.incident_id}"
    work(NOW + after - 1)
    assert NoticeRepository(telling).calling_of(thing) is None
    work(NOW + after)
    assert calling(telling, thing) == ("calling", "operator")
    for step in range(1, 3):
        work(NOW + after + step * 120_000)
    assert calling(telling, thing) == ("calling", "shift-leader"), "the next on the roster"
    city.desk.act(OPERATOR, made.incident_id, "accept", {}, 1, NOW + after)
    work(NOW + after + 3 * 120_000)
    assert calling(telling, thing)[0] == "ended"


def test_a_critical_alarm_nobody_acknowledges_is_called_about_and_its_superior_hears_when_nobody_answers(telling: Engine) -> None:
    alarm = str(uuid4())
    with telling.begin() as tx:
        tx.execute(text("""INSERT INTO alarms (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity,
            state, raised_at, recorded_at) VALUES
                (CAST(:id AS uuid), '441900', :number, 'r', 'd', 'm', '', '', 'critical', 'active', :at, :at)"""),
            {"id": alarm, "number": alarm, "at": to_datetime(NOW)})  # fmt: skip
    work, thing = jobs_of(telling)["callings"], f"alarm:{alarm}"
    for step in range(12):
        work(NOW + MINUTE + step * 90_000)
    assert calling(telling, thing)[0] == "exhausted" and told(telling, "not_reached") == ["boss"]
    assert Notices(NoticeRepository(telling), load_call_rules()).answer(Actor("boss"), thing, NOW + 20 * MINUTE)
    with telling.begin() as tx:
        tx.execute(text("UPDATE alarms SET acknowledged_at = raised_at WHERE alarm_id = CAST(:id AS uuid)"), {"id": alarm})
    work(NOW + 30 * MINUTE)
    assert calling(telling, thing)[0] == "answered"


def test_an_alarm_that_is_lit_again_is_called_about_again(telling: Engine) -> None:
    alarm, held = str(uuid4()), {"at": to_datetime(NOW)}
    with telling.begin() as tx:
        tx.execute(text("""INSERT INTO alarms (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity,
            state, raised_at, recorded_at) VALUES
                (CAST(:id AS uuid), '441900', :number, 'r', 'd', 'm', '', '', 'critical', 'active', :at, :at)"""),
            {"id": alarm, "number": alarm, **held})  # fmt: skip
    work, thing, repository = jobs_of(telling)["callings"], f"alarm:{alarm}", AlarmRepository()

    def decided(kind: str, minute: int) -> None:
        with telling.begin() as tx:
            assert repository.decide(tx, Deed(kind, alarm, "operator", NOW + minute * MINUTE), NOW + minute * MINUTE)
        work(NOW + minute * MINUTE)

    work(NOW + 1 * MINUTE)
    decided("acknowledged", 2)
    assert calling(telling, thing)[0] == "ended"
    decided("acknowledgement_expired", 30)
    assert calling(telling, thing)[0] == "ended", "it may wait its minute again"
    work(NOW + 31 * MINUTE)
    assert calling(telling, thing) == ("calling", "operator")
    assert told(telling, "critical_alarm") == ["operator", "operator"], "both turns reach the person"
    work(NOW + 31 * MINUTE + 1)
    decided("acknowledged", 32)
    assert calling(telling, thing)[0] == "ended"
    work(NOW + 33 * MINUTE)
    assert calling(telling, thing)[0] == "ended", "what was taken again is left alone"


@contextmanager
def jobs_process(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "jobs.py"], cwd=ROOT, env={**os.environ, **environ}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_jobs_killed_while_sending_sends_nothing_twice(telling: Engine, engines: Urls, database_url: str, tmp_path: Path) -> None:
    people = [f"officer{n}" for n in range(12)]
    with telling.begin() as tx:
        for name in people:
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            for channel, address in (("email", f"{name}@city.example"), ("http", name)):
                tx.execute(
                    text("INSERT INTO addresses VALUES (:n, :c, :a) ON CONFLICT DO NOTHING"), {"n": name, "c": channel, "a": address}
                )
    Notices(NoticeRepository(telling), load_call_rules()).tell(people, "thing:kills", "not_reached", {"number": "1"}, "/desk", NOW)
    with smtp_server(takes_s=0.25) as (letters, mail), moody_receiver() as (heard, gateway):
        environ = {
            "CITYDECK_DATABASE_URL": database_url, "CITYDECK_REDIS_URL": str(engines.redis), "CITYDECK_DATA_DIR": str(tmp_path),
            "CITYDECK_EMAIL_URL": f"mailto://127.0.0.1:{mail}?from=duty@city.example&mode=insecure&to={{address}}",
            "CITYDECK_HTTP_URL": f"json://127.0.0.1:{gateway}/to/{{address}}",
        }  # fmt: skip
        for _ in range(3):
            kill_in_the_middle(environ, letters.to.total())
            in_a_minute(telling)
        with jobs_process(environ):
            until = time.monotonic() + 60
            while waiting(telling) and time.monotonic() < until:
                in_a_minute(telling, claims=False)
                time.sleep(0.2)
    sure = [notice for notice in NoticeRepository(telling).about("thing:kills") if notice.channel != "app"]
    assert {notice.state for notice in sure} <= {"sent", "unsure"} and sum(one.state == "unsure" for one in sure) <= 3
    assert set(letters.to.values()) | set(heard.values()) == {1}, "nobody hears it twice"
    for notice in (one for one in sure if one.state == "sent"):
        assert letters.to[f"{notice.username}@city.example"] if notice.channel == "email" else heard[f"/to/{notice.username}"]


def kill_in_the_middle(environ: dict[str, str], before: int) -> None:
    """Start jobs, and kill it while it sends."""
    with jobs_process(environ):
        time.sleep(3.0 + before * 0.037)


def waiting(engine: Engine) -> int:
    with engine.connect() as tx:
        return int(tx.execute(text("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")).scalar_one())


def in_a_minute(engine: Engine, claims: bool = True) -> None:
    """As if a minute had gone by: what failed is tried again now, and claims of the killed have run out."""
    with engine.begin() as tx:
        tx.execute(text("UPDATE outbox SET due_at = now() WHERE state = 'waiting'"))
        if claims:
            tx.execute(text("UPDATE outbox SET claimed_until = now() - interval '1 second' WHERE state = 'sending'"))


def test_the_services_urls_are_hidden_in_the_list_of_settings() -> None:
    settings = Settings(email_url="mailtos://duty:secret@mail.example", http_url="json://gateway.example/secret-token")
    listed = SystemFacts(None, None, settings, "mark").settings()  # type: ignore[arg-type]
    assert "secret" not in repr(listed)
