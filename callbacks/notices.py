"""The bell of each page: what is unread, reading it, answering a calling."""

from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from domain.access import Actor
from layouts import notices


def register(app: Dash, faces: Faces) -> None:
    """The bell of whichever page is open: one callback looks, one answers."""

    @app.callback(
        Output({"type": "notice-count", "page": MATCH}, "children"),
        Output({"type": "notice-list", "page": MATCH}, "children"),
        Output({"type": "notice-seen", "page": MATCH}, "data"),
        Input({"type": "notice-tick", "page": MATCH}, "n_intervals"),
        Input({"type": "notice-read", "page": MATCH}, "n_clicks"),
        Input({"type": "notice-done", "page": MATCH}, "data"),
        State("url", "search"),
        State({"type": "notice-seen", "page": MATCH}, "data"),
    )
    def look(_tick: int | None, _read: int | None, _done: Any, search: str | None, held: Any) -> Any:
        actor = faces.actor()
        if actor is None:
            return [no_update] * 3
        if isinstance(ctx.triggered_id, dict) and ctx.triggered_id["type"] == "notice-read" and ctx.triggered[0]["value"]:
            faces.city.notices.read(actor, [one.notice_id for one in faces.city.notices.mine(actor, True)], now_ms())
        return look_at(faces, actor, search, held)

    @app.callback(
        Output({"type": "notice-done", "page": ALL}, "data"),
        Input({"type": "notice-answer", "thing": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def answer_one(_clicks: list[int]) -> list[Any]:
        actor, pages = faces.actor(), len(ctx.outputs_list)
        if actor is None or not isinstance(ctx.triggered_id, dict) or not any(one["value"] for one in ctx.triggered):
            return [no_update] * pages
        answer(faces, actor, ctx.triggered_id["thing"])
        return [now_ms()] * pages


def answer(faces: Faces, actor: Actor, thing: str) -> bool:
    """Answer a calling and mark its notices read; False where nobody waits for it."""
    service = faces.city.notices
    service.read(actor, [one.notice_id for one in service.mine(actor, True) if one.thing == thing], now_ms())
    try:
        return bool(service.answer(actor, thing, now_ms()))
    except LookupError:
        return False


def look_at(faces: Faces, actor: Actor, search: str | None, held: Any = None) -> tuple[str, Any, Any]:
    """The number of unread notices (empty for none), the list where it has changed since `held`, and what it shows now."""
    words, found = faces.words(search), faces.city.notices.mine(actor)[: notices.SHOWN]
    waiting = [calling.thing for calling, _ in faces.city.notices.people_called(actor) if actor.username in calling.people]
    unread = sum(one.read_at is None for one in found)
    seen = [words.lang, *waiting, *(f"{one.notice_id}{one.read_at or 0}" for one in found)]
    listed = no_update if seen == held else notices.listing(words, faces.catalogues[words.lang], found, waiting)
    return (str(unread) if unread else ""), listed, no_update if seen == held else seen
