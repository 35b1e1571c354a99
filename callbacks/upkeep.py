"""The page `/upkeep`: lists and details every few seconds and when something is chosen, and the deeds on an order."""

from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor, Forbidden
from domain.upkeep import NotPossible
from layouts import feed_health, upkeep, upkeep_orders
from layouts.marks import empty
from layouts.words import Words

RIGHT = "read_operations"


def register(app: Dash, faces: Faces) -> None:
    """What is chosen, what is shown of it, the deeds, and the desk's count."""
    _choosing(app)
    _showing(app, faces)
    _acting(app, faces)
    _counting(app, faces)


def _choosing(app: Dash) -> None:
    for name in ("feed", "order", "reject"):

        @app.callback(
            Output(upkeep.chosen(name), "data"),
            Input({"type": "upkeep-pick", "name": name, "key": ALL}, "n_clicks"),
            prevent_initial_call=True,
        )
        def choose(_clicks: list[int]) -> Any:
            return ctx.triggered_id["key"] if any(one["value"] for one in ctx.triggered) else no_update


def _showing(app: Dash, faces: Faces) -> None:
    @app.callback(
        *(Output(upkeep.part(name), "children") for name in upkeep.PARTS),
        *(Output({"type": "upkeep-note", "name": name}, "children") for name in upkeep.PARTS),
        Output({"type": "upkeep-deeds"}, "children"),
        Input({"type": "tick", "of": "upkeep"}, "n_intervals"),
        *(Input(upkeep.chosen(name), "data") for name in ("feed", "order", "reject")),
        Input({"type": "toast", "page": "upkeep"}, "children"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def show(_tick: int | None, feed: str, order: str, reject: str, _done: Any, moment: Any, search: str | None) -> Any:
        actor, at = faces.actor(), past(moment)
        if actor is None or not actor.may(RIGHT):
            return (no_update,) * 9
        return shown(faces, actor, faces.words(search), (feed, order or asked(search), reject), at or now_ms(), at is None)


def asked(search: str | None) -> str:
    """The order that the page's address asks for, as notices do; empty for none."""
    return parse_qs((search or "").lstrip("?")).get("order", [""])[0]


def shown(faces: Faces, actor: Actor, words: Words, chosen: tuple[str, str, str], at: int, live: bool) -> tuple[Any, ...]:
    """The four parts, their notes, and the buttons: in a picture of the past there are none."""
    feed, order_id, reject = chosen
    healths, orders = faces.city.feed_health.listed(actor, at), faces.city.upkeep.listed(actor, at)
    feed = feed or (healths[0].feed if healths else "")
    order_id = order_id or (orders[0].order_id if orders else "")
    seen = _order(faces, actor, order_id, at)
    bad = sum(one.is_bad for one in healths)
    notes = [
        words("health.count", bad=bad, n=len(healths)),
        "",
        words("upkeep.count", n=sum(one.state != "closed" for one in orders)),
        "",
    ]
    parts = [
        feed_health.rows(words, healths, at, feed),
        _feed(faces, actor, words, feed, reject, at),
        upkeep_orders.rows(words, orders, at, order_id),
        upkeep_orders.whole(words, seen, at) if seen else empty(words, "upkeep.none"),
    ]
    return *parts, *notes, upkeep_orders.buttons(words, seen) if seen and live else []


def _order(faces: Faces, actor: Actor, order_id: str, at: int) -> Any:
    try:
        return faces.city.upkeep.one(actor, order_id, at) if order_id else None
    except LookupError:
        return None


def _feed(faces: Faces, actor: Actor, words: Words, feed: str, reject: str, at: int) -> Any:
    try:
        found = faces.city.feed_health.whole(actor, feed, at)
    except LookupError:
        return empty(words, "feeds.none")
    try:
        examples = faces.city.feed_health.examples(actor, feed, reject, at) if reject else []
    except Forbidden:
        examples = None
    return feed_health.whole(words, found, at, examples, reject)


def _acting(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "toast", "page": "upkeep"}, "children"),
        Output({"type": "upkeep-say"}, "value"),
        Input({"type": "upkeep-act", "deed": ALL}, "n_clicks"),
        State(upkeep.chosen("order"), "data"),
        State({"type": "upkeep-say"}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(_clicks: list[int], order_id: str, note: str | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not any(one["value"] for one in ctx.triggered):
            return no_update, no_update
        return done(faces, actor, faces.words(search), order_id or asked(search), ctx.triggered_id["deed"], note or "")


def done(faces: Faces, actor: Actor, words: Words, order_id: str, deed: str, note: str) -> tuple[str, Any]:
    """Do something with an order: what to tell the person, and what then stands in the field."""
    now = now_ms()
    try:
        orders = faces.city.upkeep.listed(actor, now)
        after = faces.city.upkeep.act(actor, order_id or (orders[0].order_id if orders else ""), deed, note, now)
    except NotPossible as error:
        return words(f"upkeep.not.{error}"), no_update
    except (Forbidden, LookupError):
        return words("upkeep.not.right"), no_update
    return words("upkeep.done", number=after.number, state=words(f"upkeep.state.{after.state}")), ""


def _counting(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "feeds-bad", "page": "desk"}, "children"),
        Output({"type": "feeds-bad", "page": "desk"}, "className"),
        Input({"type": "tick", "of": "feeds-bad"}, "n_intervals"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def count(_tick: int | None, moment: Any, search: str | None) -> Any:
        actor, words = faces.actor(), faces.words(search)
        if actor is None or not actor.may(RIGHT):
            return no_update, no_update
        bad = sum(one.is_bad for one in faces.city.feed_health.listed(actor, past(moment) or now_ms()))
        return feed_health.count(words, bad), f"bar-link feeds-bad{' is-bad' if bad else ''}"
