"""The rules' figures on the desk: over the days that are chosen, of a past moment too."""

from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor
from layouts import rules
from services.alarm_quality import RuleFigures

KEPT_MS = 60_000
DAY_MS = 86_400_000


def register(app: Dash, faces: Faces) -> None:
    """The figures once a minute, and when another time is chosen."""

    @app.callback(
        Output({"type": "rules"}, "children"),
        Output({"type": "rules-total"}, "children"),
        Input({"type": "rules-tick"}, "n_intervals"),
        Input({"type": "rules-days"}, "value"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def shown(_tick: int | None, days: str | None, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_picture") or days not in {str(n) for n in rules.DAYS}:
            return no_update, no_update
        words, found = faces.words(search), figures(faces, actor, int(days), past(moment) or now_ms())
        return rules.rows(words, faces.names, found), rules.total(words, found)


def figures(faces: Faces, actor: Actor, days: int, at: int) -> list[RuleFigures]:
    """Each rule's figures of so many days before `at`; shared for a minute by everyone of the scope."""
    key = f"rules:{sorted(actor.regions)}:{sorted(actor.departments)}:{days}:{at // KEPT_MS}"
    held = faces.memo.get(key)
    if held is None:
        held = [list(one) for one in faces.city.alarm_quality.rules(actor, at - days * DAY_MS, at)]
        faces.memo.set(key, held, timeout=KEPT_MS // 1000)
    return [RuleFigures(*one) for one in held]
