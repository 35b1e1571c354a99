"""Tables of hotline orders on /catalogue: a file is looked at, and handed in once somebody says so; until then it stays in the browser."""

import base64
import binascii
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.imports import LONGEST_NAME, why
from callbacks.said import SHORT, text
from domain.access import Actor, Forbidden
from layouts import catalogue as page
from layouts import order_tables
from layouts.words import Words
from services.manual_import import NotImported
from services.order_tables import OrderTables


def register(app: Dash, faces: Faces) -> None:
    """One callback for the file and what is done about it."""

    @app.callback(
        Output(order_tables.SEEN, "children"),
        Output(order_tables.TOLD, "children"),
        Output(order_tables.FEED, "options"),
        Output(order_tables.FEED, "value"),
        Output(order_tables.UPLOAD, "contents"),
        Input(order_tables.UPLOAD, "contents"),
        Input({"type": "order-deed", "deed": ALL}, "n_clicks"),
        Input(page.TAB, "data"),
        State(order_tables.UPLOAD, "filename"),
        State(order_tables.FEED, "value"),
        State("url", "search"),
    )
    def act(contents: Any, _clicks: list[int], tab: Any, name: Any, feed: Any, search: str | None) -> Any:
        actor, asked = faces.actor(), ctx.triggered_id
        if actor is None or tab != "imports" or not page.may_steward(actor):
            return [no_update] * 5
        words, desk = faces.words(search), faces.city.order_tables
        feeds = desk.feeds(actor)
        chosen = text(feed, SHORT) or (feeds[0] if len(feeds) == 1 else "")
        if isinstance(asked, dict) and asked.get("type") == "order-deed":
            if not any(one["value"] for one in ctx.triggered):
                return [no_update] * 5
            return None, done(desk, actor, words, asked["deed"], chosen, contents), feeds, chosen or None, None
        if asked == order_tables.UPLOAD and contents:
            seen, told = looked(desk, actor, words, chosen, text(name, LONGEST_NAME), contents)
            return seen, told, feeds, chosen or None, no_update if seen else None
        return no_update, "" if feeds else words("orders.no_feed"), feeds, chosen or None, no_update


def looked(desk: OrderTables, actor: Actor, words: Words, feed: str, name: str, contents: Any) -> tuple[Any, str]:
    """The table as the feed reads it, or why it can't be read."""
    try:
        return order_tables.seen(words, desk.look(actor, feed, name, _bytes(contents), now_ms())), ""
    except LookupError:
        return None, words("orders.choose")
    except (NotImported, Forbidden, binascii.Error) as error:
        return None, why(words, error)


def done(desk: OrderTables, actor: Actor, words: Words, deed: str, feed: str, contents: Any) -> str:
    """What happened."""
    if deed == "drop":
        return words("import.done.drop")
    try:
        n = desk.hand_in(actor, feed, _bytes(contents), deed == "skipping", now_ms())
    except LookupError:
        return words("orders.choose")
    except (NotImported, Forbidden, binascii.Error) as error:
        return why(words, error)
    return words("orders.handed_in", n=n)


def _bytes(contents: Any) -> bytes:
    return base64.b64decode(str(contents).partition(",")[2], validate=True)
