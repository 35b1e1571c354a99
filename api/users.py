"""Accounts and the audit log over HTTP, for the three administrators. services/user_desk.py and audit.py decide who may what."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import flask

from api.problems import Problem
from api.requests import identifier, json_object, now, query, query_limit, query_time, text, texts, whole_query, yes_or_no
from api.session import acting_in_person, address, no_content, private, shown, signed_in
from services.account_ports import AuditEntry, AuditQuery, Person, Scope
from services.city import City
from services.user_desk import NotTaken

COLUMNS = ("at", "actor", "action", "object", "outcome", "address", "detail")
ASKED = ("actor", "action", "object", "outcome", "address", "text")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by spreadsheets; a quote before it keeps it a text (OWASP, CSV injection)."""


def blueprint(city: City) -> flask.Blueprint:
    """/api/v1/users and /api/v1/audit."""
    pages = flask.Blueprint("api_users", __name__, url_prefix="/api/v1")
    _users(pages, city)
    _rights(pages, city)
    _sessions(pages, city)
    _audit(pages, city)
    return pages


def _users(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/users")
    def users() -> flask.Response:
        return private({"items": [described(one, now()) for one in city.user_desk.people(signed_in(), now())]})

    @pages.post("/users")
    def create() -> flask.Response:
        actor, document = acting_in_person(), json_object()
        username, name = text(document, "username"), text(document, "name")
        with _told():
            password = city.user_desk.create(actor, username, name, _password(document), now(), address())
        return private({"username": username, "password": password}, 201)

    @pages.get("/users/<username>")
    def user(username: str) -> flask.Response:
        with _told():
            return private(described(city.user_desk.person(signed_in(), identifier(username), now()), now()))

    @pages.post("/users/<username>/password")
    def reset_password(username: str) -> flask.Response:
        actor, document = acting_in_person(), json_object()
        with _told():
            password = city.user_desk.reset_password(actor, identifier(username), _password(document), now(), address())
        return private({"username": username, "password": password})


def _rights(pages: flask.Blueprint, city: City) -> None:
    @pages.put("/users/<username>/scope")
    def set_scope(username: str) -> flask.Response:
        actor, document = acting_in_person(), json_object()
        scope = Scope(*(frozenset(texts(document, name)) for name in ("roles", "regions", "departments")))
        with _told():
            city.user_desk.set_scope(actor, identifier(username), scope, now(), address())
        return no_content()

    @pages.put("/users/<username>/active")
    def set_active(username: str) -> flask.Response:
        actor, active = acting_in_person(), yes_or_no(json_object(), "active")
        with _told():
            city.user_desk.set_active(actor, identifier(username), active, now(), address())
        return no_content()

    @pages.post("/users/<username>/unlock")
    def unlock(username: str) -> flask.Response:
        with _told():
            city.user_desk.unlock(acting_in_person(), identifier(username), now(), address())
        return no_content()


def _sessions(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/users/<username>/sessions")
    def sessions(username: str) -> flask.Response:
        with _told():
            return private({"items": [shown(one) for one in city.user_desk.sessions_of(signed_in(), identifier(username), now())]})

    @pages.delete("/users/<username>/sessions")
    def end_sessions(username: str) -> flask.Response:
        with _told():
            city.user_desk.end_sessions(acting_in_person(), identifier(username), now(), address())
        return no_content()

    @pages.delete("/users/<username>/sessions/<session_id>")
    def end_session(username: str, session_id: str) -> flask.Response:
        with _told():
            city.user_desk.end_session(acting_in_person(), identifier(username), identifier(session_id), now(), address())
        return no_content()


def _audit(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/audit")
    def audit() -> flask.Response:
        actor, asked, limit = signed_in(), _asked(), query_limit()
        found, total = city.audit.search(actor, asked, now(), whole_query("offset"), limit, address())
        return private({"items": [{**entry._asdict(), "detail": dict(entry.detail)} for entry in found], "total": total})

    @pages.get("/audit.csv")
    def export() -> flask.Response:
        entries = city.audit.export(signed_in(), _asked(), now(), address())
        answer = flask.Response("\ufeff" + as_csv(entries), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="audit-{now()}.csv"'
        answer.headers["Cache-Control"] = "no-store"
        return answer


def described(person: Person, at: int) -> dict[str, Any]:
    """An account as its administrators see it; `waits_until` is set while failed sign-ins are being slowed down."""
    account, scope = person.account, person.scope
    waits = person.blocked_until if person.blocked_until and person.blocked_until > at else None
    return {
        "username": account.username,
        "name": account.name,
        "active": account.active,
        "initial_password": account.initial,
        "password_set_at": account.set_at,
        "roles": sorted(scope.roles),
        "regions": sorted(scope.regions),
        "departments": sorted(scope.departments),
        "suspended": person.suspended,
        "created_at": person.created_at,
        "last_seen_at": person.last_seen_at,
        "waits_until": waits,
        "sessions": person.sessions,
        "tokens": person.tokens,
    }


def as_csv(entries: Any) -> str:
    """Entries as RFC 4180 has it, times in UTC, nothing that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_cell(part) for part in _row(entry)])
    return out.getvalue()


def _row(entry: AuditEntry) -> tuple[str, ...]:
    at = datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds")
    detail = json.dumps(dict(entry.detail), ensure_ascii=False) if entry.detail else ""
    return (at, *entry[1:6], detail)


def _cell(part: str) -> str:
    return f"'{part}" if part.startswith(FORMULA) else part


def _asked() -> AuditQuery:
    """The search that the query parameters describe."""
    words: dict[str, Any] = {name: value for name in ASKED if (value := query(name))}
    times = {name: at for name in ("since", "until") if (at := query_time(name)) is not None}
    return AuditQuery(**words | times)


def _password(document: dict[str, Any]) -> str | None:
    return None if document.get("password") is None else text(document, "password")


@contextmanager
def _told() -> Iterator[None]:
    """What a service refuses, as problem documents."""
    try:
        yield
    except NotTaken as error:
        raise Problem(422, f"Not taken: {error}.", code=error.code) from error
    except LookupError as error:
        raise Problem(404, "You look after no account, and no session of one, of that name.") from error
