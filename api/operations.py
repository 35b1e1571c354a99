"""/api/v1/feeds/health and /api/v1/upkeep: what each feed is worth, and the operations work orders. Views parse, call a service, answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import flask

from api.problems import Problem
from api.requests import identifier, json_object, now, query, query_time, text, uuid
from api.session import private, signed_in
from domain.feed_health import Health
from domain.upkeep import NotPossible, Rate
from services.city import City
from services.feed_health import Whole
from services.feed_ports import RejectedMessage


def blueprint(city: City) -> flask.Blueprint:
    """Everything about operations."""
    pages = flask.Blueprint("api_operations", __name__, url_prefix="/api/v1")
    _feeds(pages, city)
    _orders(pages, city)
    return pages


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except LookupError as error:
        raise Problem(404, "You see nothing of that name.") from error


def _feeds(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/feeds/health")
    def healths() -> flask.Response:
        at = query_time("at") or now()
        return private({"at": at, "items": [health_of(one) for one in city.feed_health.listed(signed_in(), at)]})

    @pages.get("/feeds/<feed>/health")
    def health(feed: str) -> flask.Response:
        actor, at = signed_in(), query_time("at") or now()
        with _known():
            return private(_whole(city.feed_health.whole(actor, identifier(feed), at)))

    @pages.get("/feeds/<feed>/rejected")
    def rejected(feed: str) -> flask.Response:
        actor, at, reason = signed_in(), query_time("at") or now(), query("reason")
        if not reason:
            raise Problem(400, "`reason` is missing.")
        with _known():
            return private({"items": [_message(one) for one in city.feed_health.examples(actor, identifier(feed), reason, at)]})


def _orders(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/upkeep")
    def orders() -> flask.Response:
        return private({"items": [one._asdict() for one in city.upkeep.listed(signed_in(), query_time("at") or now())]})

    @pages.get("/upkeep/<order_id>")
    def order(order_id: str) -> flask.Response:
        actor, at = signed_in(), query_time("at") or now()
        with _known():
            seen = city.upkeep.one(actor, uuid(order_id), at)
        events = [{key: value for key, value in one._asdict().items() if key != "order_id"} for one in seen.events]
        return private({**seen.order._asdict(), "history": events, "online": _rates(seen.rates), "deeds": list(seen.deeds)})

    @pages.post("/upkeep/<order_id>/deeds")
    def act(order_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        try:
            with _known():
                done = city.upkeep.act(actor, uuid(order_id), text(document, "deed"), text(document, "note", ""), now())
        except NotPossible as error:
            raise Problem(409, f"Not done: {error}.", code=str(error)) from error
        return private(done._asdict())


def health_of(one: Health) -> dict[str, Any]:
    """A feed's health as JSON: what cannot be known is null, and `unknown` says why."""
    facts = one.facts
    numbers = {name: getattr(one, name) for name in ("rate", "expected_rate", "error_share", "suspect_share", "lag_ms", "lag_p95_ms")}
    return {
        "feed": one.feed,
        "state": one.state,
        "problems": [{"code": each.code, "state": each.state, "params": dict(each.params)} for each in one.problems],
        "last_at": facts.last_at,
        "window_ms": facts.window_ms,
        **numbers,
        "counts": {name: getattr(facts.counts, name) for name in ("stored", "duplicate", "rejected", "reports", "due", "suspect")},
        "devices": facts.expected._asdict(),
        "ways": [each._asdict() for each in facts.ways],
        "unknown": dict(one.unknown),
    }


def _whole(found: Whole) -> dict[str, Any]:
    losses = [{"since": one.since, "until": one.until, "why": one.why} for one in found.losses]
    return {
        **health_of(found.health),
        "adapter": found.plan.adapter,
        "rejects": [{"reason": one.reason, "n": one.n, "last_at": one.last_at} for one in found.rejects],
        "losses": losses,
        "online": _rates(found.rates),
        "quiet": None if found.quiet is None else [one._asdict() for one in found.quiet],
    }


def _rates(rates: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: {"share": one.share, "unknown_share": one.unknown_share} for name, one in rates.items()}


def _message(one: RejectedMessage) -> dict[str, Any]:
    return {**one._asdict(), "payload": one.payload.decode("utf-8", errors="replace")}
