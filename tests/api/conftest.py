"""A Flask application with the real accounts on PostgreSQL and small stand-ins for the services behind /api/v1."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import flask
import pytest
from sqlalchemy import Engine, text

from api import openapi, problems, screens, session, tokens, users, v1
from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.pairing_repository import PairingRepository
from domain.access import ROLES, Actor, Forbidden
from domain.pairing import Limits
from domain.registry import Device, Region
from services.account_ports import Account, AuditEntry, AuditQuery, Scope
from services.accounts import Accounts
from services.audit import Audit
from services.audited import AuditedAlarmDesk
from services.feed_ports import NoWays
from services.feed_posts import Posts
from services.own_account import OwnAccount
from services.pairing import Pairing
from services.people import People
from services.picture import Snapshot
from services.register import Unknown
from services.register_ports import Point
from services.user_desk import UserDesk
from services.webhooks import Webhooks
from tests.fake_upkeep import FakeDeviceFeeds

CREATED = 1_700_000_000_000
PASSWORD = "a password for the tests"
ALARM_ID = "0197f000-0000-7000-8000-000000000001"
REGIONS = {
    "441900": Region("441900", "东莞市", None, "city"),
    "441900003": Region("441900003", "东城街道", "441900", "town"),
    "441900004": Region("441900004", "南城街道", "441900", "town"),
}
DEVICES = [
    Device("air-1", "东城空气站", "air_quality", "441900003", "env", 113.7, 23.0, 60),
    Device("water-1", "南城水位", "water_level", "441900004", "water", 113.7, 23.0, 300),
]
ALARM = {"alarm_id": ALARM_ID, "device_id": "air-1", "region": "441900003", "department": "env", "severity": "major", "state": "active"}


class FakePicture:
    """One alarm and two devices, in the actor's scope; nothing at all before they were created."""

    def snapshot(self, actor: Actor, at: int | None = None) -> Snapshot:
        seen = [device for device in DEVICES if actor.sees(device.region, device.department, REGIONS) and (at is None or at >= CREATED)]
        alarms = [ALARM for device in seen if device.device_id == "air-1"]
        live = {device.device_id: {"online": True, "values": {"pm25": [CREATED, 12.0, "good"]}} for device in seen}
        return Snapshot("e", 1, at or CREATED, live, alarms, {}, {}, {})


class FakeRegister:
    """Two adopted devices; `spare` waits."""

    def __init__(self) -> None:
        self.adopted: list[Device] = []

    def regions(self, at: int | None = None) -> dict[str, Region]:
        return REGIONS

    def devices(self, actor: Actor, at: int | None = None) -> list[Device]:
        return [device for device in DEVICES if actor.sees(device.region, device.department, REGIONS)]

    def device(self, actor: Actor, device_id: str, at: int | None = None) -> Device | None:
        return next((device for device in self.devices(actor, at) if device.device_id == device_id), None)

    def unadopted(self, actor: Actor) -> list[Device]:
        if not actor.may("adopt_device"):
            raise Forbidden("adopt_device")
        return [Device("spare", "", "", "", "", None, None, None, adopted=False)]

    def adopt(self, actor: Actor, device: Device, now: int) -> None:
        if not actor.may("adopt_device"):
            raise Forbidden("adopt_device")
        if device.region not in REGIONS:
            raise ValueError("region: none of the city's regions")
        if device.device_id != "spare":
            raise Unknown(device.device_id)
        self.adopted.append(device)


class FakeHistory:
    def device(self, actor: Actor, device_id: str, metric: str, since: int, until: int) -> list[Point]:
        return [Point(since, 1.0, 0.5, 1.5), Point(until - 1, None, None, None, "open")]


class FakeAlarmDesk:
    """Acknowledges the one alarm once."""

    def __init__(self) -> None:
        self.by: list[str] = []

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        if not actor.may("acknowledge_alarm") or alarm_id != ALARM_ID:
            raise Forbidden("acknowledge_alarm")
        self.by.append(actor.username)
        return len(self.by) == 1


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    store, hasher = AccountRepository(engine), Argon2Passwords()
    password_hash = hasher.hash(PASSWORD)
    for role in ROLES:
        store.create(Account(role, role, password_hash, initial=False), AuditEntry(CREATED, "test", "create_user", role))
        store.set_scope(role, Scope(frozenset({role})), AuditEntry(CREATED, "test", "set_scope", role))
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Any:
    """What the API gets as its City."""
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE inbox, audit_log, sign_in_attempts, sessions, screens, screen_asks"))
    store, audit, hasher = AccountRepository(engine), AuditRepository(engine), Argon2Passwords()
    register, desk = FakeRegister(), FakeAlarmDesk()
    pairing = Pairing(PairingRepository(engine), store, register.regions, ("main", "west"), Limits())
    accounts = Accounts(store, audit, hasher, screens=pairing.actor_of)
    user_desk = UserDesk(store, hasher, accounts, register.regions)
    log = Audit(audit, user_desk.colleagues)
    return SimpleNamespace(
        picture=FakePicture(),
        device_feeds=FakeDeviceFeeds(),
        register=register,
        history=FakeHistory(),
        alarm_desk=AuditedAlarmDesk(desk, log),
        accounts=accounts,
        people=People(lambda: {"operator": "值班员"}, lambda: 0),
        pairing=pairing,
        user_desk=user_desk,
        own_account=OwnAccount(store, hasher, accounts),
        audit=log,
        written=lambda: audit.search(AuditQuery(), None, 0, 100)[0],
        webhooks=Webhooks(
            InboxRepository(engine),
            register,
            {"ngsi": str, "zlm": str},
            Posts(NoWays(), (), lambda: 0),
            {"zlm": lambda topic: {"code": 0, "msg": topic}},
        ),
    )


@pytest.fixture
def app(city: Any) -> flask.Flask:
    app = flask.Flask("test")
    for module in (problems, session, screens, tokens, users, openapi, v1):
        app.register_blueprint(module.blueprint(city))
    app.add_url_rule("/<path:page>", "page", lambda page: "a page of the faces")
    return app


class Person:
    """A browser of this site: keeps its cookies and names its origin."""

    def __init__(self, app: flask.Flask) -> None:
        self.client = app.test_client()

    def sign_in(self, username: str, password: str = PASSWORD) -> "Person":
        answer = self.send("POST", "/session", json={"username": username, "password": password})
        assert answer.status_code == 204, answer.get_data(as_text=True)
        return self

    def send(self, method: str, path: str, origin: str | None = "http://localhost", **more: Any) -> Any:
        headers = {**({"Origin": origin} if origin else {}), **more.pop("headers", {})}
        return self.client.open("/api/v1" + path, method=method, headers=headers, **more)

    def get(self, path: str) -> Any:
        return self.send("GET", path, origin=None)


@pytest.fixture
def person(app: flask.Flask) -> Person:
    """Somebody who has not signed in."""
    return Person(app)


def assert_problem(answer: Any, status: int) -> None:
    """The answer is a problem document of that status and tells nothing of the inside."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    content = answer.get_json()
    assert content["status"] == status and content["title"] and content["detail"]
    assert "Traceback" not in content["detail"] and "psycopg" not in content["detail"]
