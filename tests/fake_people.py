"""Accounts, an audit log and a house for tests of the pages: they remember what was done and answer as the services do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.access import ROLES, Actor, Forbidden
from services.account_ports import Account, AuditEntry, AuditQuery, Person, Scope, Session
from services.operations import FeedState, Setting, Sizes, WorkerState
from services.user_desk import NotTaken

NOW = 1_795_326_000_000


def make_session(number: int, kind: str = "web") -> Session:
    """Session `number` of somebody."""
    mark = bytes([number]) * 32
    label = "大屏取数" if kind == "token" else ""
    return Session(mark, "x", kind, label, NOW - 3_600_000, NOW - 60_000 * number, NOW + 10**9, "all", "10.0.0.1", "Mozilla/5.0 (X11)")


@dataclass
class FakeUserDesk:
    """An account of every role, and one that waits for its rights."""

    done: list[tuple[Any, ...]] = field(default_factory=list)

    def people(self, actor: Actor, at: int) -> Sequence[Person]:
        if not (actor.may("create_user") or actor.may("manage_users")):
            raise Forbidden("manage_users")
        held = [Person(Account(role, role, "", False), Scope(frozenset({role})), False, NOW, NOW, None, 1, 0) for role in ROLES]
        return [*held, Person(Account("zhang", "张三", "", True), Scope(regions=frozenset({"441900121"})), False, NOW, None, None, 0, 0)]

    def create(self, actor: Actor, username: str, name: str, password: str | None, now: int, address: str = "") -> str:
        if username in ROLES:
            raise NotTaken("taken", "taken")
        self.done.append((actor.username, "create", username, name))
        return "initial-Password-1"

    def reset_password(self, actor: Actor, username: str, password: str | None, now: int, address: str = "") -> str:
        self.done.append((actor.username, "reset", username))
        return "initial-Password-2"

    def set_scope(self, actor: Actor, username: str, scope: Scope, now: int, address: str = "") -> None:
        if not username:
            raise LookupError
        self.done.append((actor.username, "set_scope", username, scope))

    def set_active(self, actor: Actor, username: str, active: bool, now: int, address: str = "") -> None:
        self.done.append((actor.username, "set_active", username, active))

    def unlock(self, actor: Actor, username: str, now: int, address: str = "") -> None:
        self.done.append((actor.username, "unlock", username))

    def sessions_of(self, actor: Actor, username: str, at: int) -> Sequence[Session]:
        return [make_session(1), make_session(2, "token")]

    def end_session(self, actor: Actor, username: str, session_id: str, now: int, address: str = "") -> None:
        self.done.append((actor.username, "end_session", username, session_id))

    def end_sessions(self, actor: Actor, username: str, now: int, address: str = "") -> int:
        self.done.append((actor.username, "end_sessions", username))
        return 2


@dataclass
class FakeOwnAccount:
    """Two browsers and the tokens that were made."""

    held: list[Session] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def sessions(self, actor: Actor, at: int) -> Sequence[Session]:
        return [one for one in (make_session(1), make_session(2)) if one.token_id not in self.ended]

    def end_session(self, actor: Actor, session_id: str, now: int, address: str = "") -> None:
        self.ended.append(session_id)

    def is_this(self, session: Session, token: str) -> bool:
        return session.session_hash[0] == 1

    def tokens(self, actor: Actor, at: int) -> Sequence[Session]:
        return self.held

    def make_token(self, actor: Actor, label: str, days: int, now: int, address: str = "", scope: str = "all") -> tuple[str, Session]:
        if not label:
            raise NotTaken("label", "label")
        made = make_session(9 + len(self.held), "token")._replace(label=label, scope=scope)
        self.held.append(made)
        return "the-secret-of-the-token", made

    def revoke_token(self, actor: Actor, token_id: str, now: int, address: str = "") -> None:
        self.held = [one for one in self.held if one.token_id != token_id]


@dataclass
class FakeAudit:
    """Three hundred entries; remembers what it was asked."""

    asked: list[AuditQuery] = field(default_factory=list)

    def search(
        self, actor: Actor, query: AuditQuery, now: int, offset: int = 0, limit: int = 100, address: str = ""
    ) -> tuple[Sequence[AuditEntry], int]:
        if not actor.may("read_audit"):
            raise Forbidden("read_audit")
        self.asked.append(query)
        entries = [AuditEntry(NOW - 60_000 * n, f"user{n}", "sign_in", f"object{n}", "ok", "10.0.0.1", {"n": n}) for n in range(300)]
        fitting = [one for one in entries if query.actor in one.actor]
        return fitting[offset : offset + limit], len(fitting)

    def actions(self, actor: Actor) -> Sequence[str]:
        return ["create_user", "sign_in"]


class FakeOperations:
    """A house whose disk is full; `broken` makes one panel fail."""

    broken = False

    def failing(self, actor: Actor) -> dict[str, str]:
        return {"disk": "only 1.0 GB of 50 GB are free"}

    def feeds(self, actor: Actor) -> Sequence[FeedState]:
        if self.broken:
            raise RuntimeError("the database is gone")
        return [FeedState("native", NOW, 1_284_331, 12, 3)]

    def workers(self, actor: Actor) -> Sequence[WorkerState]:
        return [WorkerState(0, 0.4, NOW)]

    def sizes(self, actor: Actor) -> Sizes:
        return Sizes(4_000_000_000, 20_000_000, 1_000_000_000, 50_000_000_000)

    def versions(self, actor: Actor) -> Mapping[str, str]:
        return {"CityDeck": "abc", "PostgreSQL": "18.1"}

    def settings(self, actor: Actor) -> Sequence[Setting]:
        return [Setting("CITYDECK_PORT", "8050", False), Setting("CITYDECK_DATABASE_URL", "postgresql://city:•••@db/city", True)]
