"""Pairing a wall's browser, on real PostgreSQL: who may, what is kept, what a screen may do, and how it ends."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.pairing_repository import PairingRepository
from domain.access import MAY, Actor, Forbidden
from domain.pairing import DAY, MINUTE, Limits, normal_code, shown_code
from domain.registry import Region
from services.accounts import Accounts, TooManyAttempts
from services.live_sessions import LiveSessions
from services.pairing import NotPaired, Pairing, TooManyAsks

NOW = 1_760_000_000_000
EVERYTHING = (frozenset[str](), frozenset[str]())
HELD = {"pairing.look", "pairing.approve", "pairing.screens", "pairing.revoke"}
"""What tests/test_scopes.py leaves to this file."""
REGIONS = {"441900": Region("441900", "东莞市", None, "city"), "441900003": Region("441900003", "东城街道", "441900", "town")}
OFFICER = Actor("officer", frozenset({"duty_officer"}))
OF_A_TOWN = Actor("town", frozenset({"duty_officer"}), frozenset({"441900003"}))


@dataclass
class House:
    """`other` is a second web worker on the same database."""

    engine: Engine
    pairing: Pairing
    other: Pairing
    accounts: Accounts

    def paired(self, now: int = NOW, **scope: Any) -> tuple[str, str]:
        secret, ask = self.pairing.ask("", now, "10.0.0.9")
        made = self.pairing.approve(OFFICER, ask.code, "大厅左屏", "main", scope.get("scope", EVERYTHING), now)
        return secret, made.screen_id

    def deeds(self) -> list[tuple[str, str]]:
        with self.engine.connect() as connection:
            return [(row.actor, row.action) for row in connection.execute(text("SELECT actor, action FROM audit_log ORDER BY id"))]


@pytest.fixture
def house(engine: Engine) -> House:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE screens, screen_asks, sign_in_attempts, audit_log"))
    store, brake = PairingRepository(engine), AccountRepository(engine)

    def worker() -> Pairing:
        return Pairing(store, brake, lambda: REGIONS, ("main", "west"), Limits())

    pairing = worker()
    accounts = Accounts(brake, AuditRepository(engine), Argon2Passwords(), screens=pairing.actor_of)
    return House(engine, pairing, worker(), accounts)


def test_a_screen_that_somebody_approved_sees_the_picture_in_its_scope_and_may_do_nothing(house: House) -> None:
    secret, _ = house.paired(scope=(frozenset({"441900003"}), frozenset[str]()))
    actor = house.accounts.actor_of(secret, NOW)
    assert actor is not None and actor.regions == {"441900003"} and actor.name == "大厅左屏"
    assert {action for action in MAY if actor.may(action)} == {"see_picture", "see_duty", "view_video"}


def test_until_it_is_approved_a_browser_is_nobody(house: House) -> None:
    secret, _ = house.pairing.ask("", NOW, "10.0.0.9")
    assert house.accounts.actor_of(secret, NOW) is None and house.pairing.screen_of("screen.made-up", NOW) is None


def test_of_the_secret_only_a_hash_is_kept_and_every_step_leaves_a_trace(house: House) -> None:
    secret, screen_id = house.paired()
    house.pairing.revoke(OFFICER, screen_id, NOW)
    with house.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT row_to_json(s)::text FROM screens s")).all())
    assert secret not in kept and secret.removeprefix("screen.") not in kept
    assert house.deeds() == [("officer", "pair_screen"), ("officer", "revoke_screen")]


def test_a_code_is_typed_in_any_case_with_or_without_its_dash(house: House) -> None:
    _, ask = house.pairing.ask("", NOW)
    assert house.pairing.look(OFFICER, f" {shown_code(ask.code).lower()} ", NOW) == ask
    assert [normal_code(text) for text in ("", "ABC", "0OI1AE", "BBB-BBBB", "' OR 1=1")] == [""] * 5


def test_a_browser_that_reloads_keeps_its_code(house: House) -> None:
    secret, ask = house.pairing.ask("", NOW)
    assert house.pairing.ask(secret, NOW + 1_000) == (secret, ask)


def test_a_code_counts_once_and_ten_minutes(house: House) -> None:
    _, ask = house.pairing.ask("", NOW)
    house.pairing.approve(OFFICER, ask.code, "a", "main", EVERYTHING, NOW)
    with pytest.raises(NotPaired):
        house.pairing.approve(OFFICER, ask.code, "b", "main", EVERYTHING, NOW)
    _, ask = house.pairing.ask("", NOW)
    assert house.pairing.look(OFFICER, ask.code, NOW + 10 * MINUTE - 1) == ask
    with pytest.raises(NotPaired, match="no screen shows"):
        house.pairing.approve(OFFICER, ask.code, "a", "main", EVERYTHING, NOW + 10 * MINUTE)


@pytest.mark.parametrize("role", sorted({role for roles in MAY.values() for role in roles} - {"duty_officer"}))
def test_who_may_not_pair_learns_nothing_of_a_code(house: House, role: str) -> None:
    somebody = Actor("x", frozenset({role}))
    _, ask = house.pairing.ask("", NOW)
    for deed in (
        lambda: house.pairing.look(somebody, ask.code, NOW),
        lambda: house.pairing.approve(somebody, ask.code, "a", "main", EVERYTHING, NOW),
        lambda: house.pairing.screens(somebody),
        lambda: house.pairing.revoke(somebody, "x", NOW),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_nobody_gives_a_screen_more_than_they_see_themselves_nor_finds_or_ends_a_wider_one(house: House) -> None:
    _, ask = house.pairing.ask("", NOW)
    for scope in (EVERYTHING, (frozenset({"441900"}), frozenset[str]()), (frozenset({"nowhere"}), frozenset[str]())):
        with pytest.raises(NotPaired, match="at most what you see"):
            house.pairing.approve(OF_A_TOWN, ask.code, "a", "main", scope, NOW)
    house.pairing.approve(OF_A_TOWN, ask.code, "a", "main", (frozenset({"441900003"}), frozenset[str]()), NOW)
    _, wider = house.paired()
    assert [one.name for one in house.pairing.screens(OF_A_TOWN)] == ["a"]
    with pytest.raises(LookupError):
        house.pairing.revoke(OF_A_TOWN, wider, NOW)


@pytest.mark.parametrize(
    ("name", "wall", "code"), [("", "main", "name"), ("a\0b", "main", "name"), ("x" * 65, "main", "name"), ("a", "nowhere", "wall")]
)
def test_a_name_or_wall_that_cannot_be_is_refused_and_the_code_stays_good(house: House, name: str, wall: str, code: str) -> None:
    _, ask = house.pairing.ask("", NOW)
    with pytest.raises(NotPaired) as refused:
        house.pairing.approve(OFFICER, ask.code, name, wall, EVERYTHING, NOW)
    assert refused.value.code == code and house.pairing.approve(OFFICER, ask.code, "a", "main", EVERYTHING, NOW)


def test_whoever_guesses_codes_has_to_wait_longer_and_longer(house: House) -> None:
    _, ask = house.pairing.ask("", NOW)
    for _ in range(10):
        with pytest.raises(NotPaired):
            house.pairing.look(OFFICER, "BBBBBB" if ask.code != "BBBBBB" else "CCCCCC", NOW, "10.0.0.5")
    with pytest.raises(TooManyAttempts):
        house.pairing.look(OFFICER, ask.code, NOW, "10.0.0.5")
    assert house.pairing.look(OFFICER, ask.code, NOW + 2_000, "10.0.0.5") == ask


def test_one_address_cannot_fill_the_list_and_expired_codes_are_forgotten(house: House) -> None:
    for _ in range(Limits().codes_per_address):
        house.pairing.ask("", NOW, "10.0.0.6")
    with pytest.raises(TooManyAsks):
        house.pairing.ask("", NOW, "10.0.0.6")
    assert house.pairing.ask("", NOW, "10.0.0.7") and house.pairing.ask("", NOW + 10 * MINUTE, "10.0.0.6")
    with house.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM screen_asks")).scalar_one() == 1


def test_all_addresses_together_cannot_fill_the_list(house: House) -> None:
    house.pairing.limits = replace_limit(codes_in_all=3)
    for n in range(3):
        house.pairing.ask("", NOW, f"10.0.1.{n}")
    with pytest.raises(TooManyAsks):
        house.pairing.ask("", NOW, "10.0.1.9")


def test_a_screen_does_not_run_out_while_it_is_used_and_ends_after_half_a_year_without(house: House) -> None:
    secret, _ = house.paired()
    for month in range(1, 25):
        assert house.pairing.actor_of(secret, NOW + month * 30 * DAY), month
    last = NOW + 24 * 30 * DAY
    assert house.other.actor_of(secret, last + 180 * DAY) is None


def test_a_revoked_screen_is_nobody_at_once_here_and_within_two_seconds_in_another_worker(house: House) -> None:
    secret, screen_id = house.paired()
    assert house.other.actor_of(secret, NOW)
    house.pairing.revoke(OFFICER, screen_id, NOW + 10)
    assert house.pairing.actor_of(secret, NOW + 10) is None
    assert house.other.actor_of(secret, NOW + 2_010) is None
    with pytest.raises(LookupError):
        house.pairing.revoke(OFFICER, screen_id, NOW + 20)


def test_the_open_stream_of_a_revoked_screen_is_ended_at_the_next_look(house: House) -> None:
    ended: list[tuple[Any, str]] = []
    stream: Any = object()
    fanout: Any = type("Streams", (), {"closed": True, "end": lambda self, streams, why: ended.extend((one, why) for one in streams)})()
    secret, screen_id = house.paired()
    sessions = LiveSessions(house.accounts.actor_of, fanout, lambda: NOW)
    actor = house.accounts.actor_of(secret, NOW)
    assert actor
    sessions.watch(stream, secret, actor)
    sessions.look()
    assert not ended
    house.pairing.revoke(OFFICER, screen_id, NOW)
    sessions.look()
    assert ended == [(stream, "signed out")]


def replace_limit(**values: int) -> Limits:
    return Limits()._replace(**values)
