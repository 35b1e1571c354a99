"""A video alarm in full: how often it was stated, its pictures, or why there is none. Never drawn on a wall unless the city says so."""

from typing import Any

from dash import html

from domain.alarm_statements import STATED
from layouts.view import View
from services.alarm_pictures import Picture, Shown


def place(view: View, alarm: dict[str, Any], shown: Shown) -> html.Div:
    """For the device's page, on the desk and the phone."""
    words = view.words
    head = f"{view.names.rule(words, alarm['rule_id'])} · {view.names.metric(words, alarm['metric'])}"
    said = words("alarm.stated", n=shown.stated)
    none = _missing(view, "none_told" if shown.stated else "forgotten")
    pictures = [_picture(view, alarm["alarm_id"], one) for one in shown.pictures] or [none]
    return html.Div([html.H3(head), html.Div(said, className="value-notes"), html.Div(pictures, className="alarm-pictures")])


def address(alarm_id: str, picture_id: str = "") -> str:
    """Where a picture is fetched; without its id the alarm's first one."""
    return f"/api/v1/alarms/{alarm_id}/picture" + (f"s/{picture_id}" if picture_id else "")


def thumbnail(view: View, alarm: dict[str, Any]) -> list[html.Img]:
    """The alarm's first picture on its line, where this face shows pictures and this person may see them."""
    if not is_shown(view) or not alarm["metric"].startswith(STATED):
        return []
    return [html.Img(src=address(alarm["alarm_id"]), alt=view.words("alarm.picture_none"), className="line-picture")]


def is_shown(view: View) -> bool:
    """Whether pictures are drawn here at all."""
    return view.display.pictures and "view_video" in view.rights


def _picture(view: View, alarm_id: str, one: Picture) -> Any:
    if one.state != "kept":
        return _missing(view, one.reason or one.state)
    said = f"{view.words.clock(one.at, seconds=True)} {one.said}".strip()
    image = html.Img(src=address(alarm_id, one.picture_id), alt=said)
    return html.Figure([image, html.Figcaption(said)])


def _missing(view: View, reason: str) -> html.Div:
    return html.Div(view.words(f"alarm.picture_{reason}"), className="state")
