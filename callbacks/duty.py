"""The duty page: its parts, looked at again after each deed and every ten seconds, and the deeds by a table."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor, Forbidden
from domain.incidents import Refused
from layouts import duty, duty_parts, duty_people, duty_warnings, sheet
from layouts.duty_parts import DAY_MS, Naming
from layouts.marks import unavailable
from services.duty import Wrong
from services.duty_ports import NotTaken
from services.duty_scope import may

log = logging.getLogger(__name__)
CENTER = ""
DAYS = 7
SENT = 12


class Look:
    """What one person sees at one moment."""

    def __init__(self, faces: Faces, actor: Actor, search: str | None, at: int | None = None) -> None:
        """`at`: a past moment to look at, None for now."""
        self.city, self.actor, self.at, words = faces.city, actor, at, faces.words(search)
        self.catalogue = faces.catalogues[words.lang]
        self.now = now_ms() if at is None else at
        names = [*self.city.register.departments().values(), *self.city.register.regions().values()]
        self.naming = Naming(words, {one.code: words.pick(one.name, one.name_en) for one in names})

    @property
    def midnight(self) -> int:
        """The beginning of this day in the city's zone, epoch ms."""
        local = datetime.fromtimestamp(self.now / 1000, ZoneInfo(self.naming.words.zone))
        return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def may_edit(look: Look) -> Callable[[str], bool]:
    """Whether the actor may write rosters and numbers of a unit; in a picture of the past nobody may."""
    regions = look.city.register.regions()
    return lambda unit: look.at is None and may(look.actor, "edit_roster", unit, regions)


def _week(look: Look) -> Any:
    since, until = look.midnight, look.midnight + DAYS * DAY_MS
    roster, days = look.city.roster, [look.midnight + day * DAY_MS for day in range(DAYS)]
    shifts, gaps = roster.shifts(look.actor, since, until, look.at), roster.gaps(look.actor, look.now, until, look.at)
    table = duty_parts.week(look.naming, shifts, gaps, days, look.actor.username, may_edit(look))
    return [*table, duty_parts.calendars(look.naming, look.midnight, look.actor.username)]


def _gaps(look: Look) -> Any:
    ahead = look.midnight + (1 + look.city.roster.rules.ahead_days) * DAY_MS
    found = look.city.roster.gaps(look.actor, look.now, ahead, look.at)
    return duty_people.gaps(look.naming, found, look.now, may_edit(look)(CENTER), look.city.roster.rules.severities)


def _rolls(look: Look) -> Any:
    found = look.city.duty_book.rolls(look.actor, look.now, look.at)
    return duty_people.rolls(look.naming, found, look.now, look.actor.username if look.at is None else "")


def _reached(look: Look) -> Any:
    return duty_people.reached(look.naming.words, look.city.notices.addresses(look.actor), look.city.outbox.tests(look.actor))


def _sent(look: Look) -> Any:
    return duty_people.sent(look.naming.words, look.catalogue, look.city.outbox.sent(look.actor)[:SENT])


def _handover(look: Look) -> Any:
    room = look.city.duty_room
    matters = room.open_matters(look.actor, CENTER, look.now) if look.at is None else []
    found = room.hand_overs(look.actor, CENTER, look.now, look.at)[:5]
    return duty_parts.handover(look.naming, matters, found, look.actor)


def _now(look: Look) -> Any:
    gaps = look.city.roster.gaps(look.actor, look.now, look.now + 1, look.at)
    return duty_parts.now_on(look.naming, look.city.roster.on_duty(look.actor, look.now, look.at), gaps)


def _callings(look: Look) -> Any:
    return duty_parts.callings(look.naming, look.city.notices.people_called(look.actor), look.now, look.actor.username)


def _calls(look: Look) -> Any:
    found = look.city.duty_room.calls(look.actor, CENTER, look.now, look.at)[:20]
    return duty_parts.calls(look.naming, found, look.at is None and look.actor.may("keep_log"))


def _warnings(look: Look) -> Any:
    may = look.at is None and look.actor.may("issue_warning")
    return duty_warnings.warnings(look.naming, look.city.warnings.active(look.actor, look.now), may)


RENDER: dict[str, Callable[[Look], Any]] = {
    "gaps": _gaps,
    "now": _now,
    "warnings": _warnings,
    "week": _week,
    "changes": lambda look: duty_parts.changes(look.naming, look.city.duty_changes.open(look.actor), look.actor),
    "log": lambda look: duty_parts.log(look.naming, look.city.duty_room.log(look.actor, CENTER, look.now, look.at)[:20]),
    "calls": _calls,
    "handover": _handover,
    "book": lambda look: duty_people.book(look.naming, look.city.duty_book.pages(look.actor, look.now, look.at), may_edit(look)),
    "rolls": _rolls,
    "reached": _reached,
    "sent": _sent,
    "callings": _callings,
    "tasks": lambda look: duty_parts.tasks(look.naming, look.city.tasks.open(look.actor), look.actor, look.now),
}
"""Part of the page -> its children."""
OF_NOW = frozenset({"changes", "callings", "tasks", "reached", "sent"})
"""Parts that a picture of the past does not have."""
Said = Mapping[str, str]


def _take_call(look: Look, _thing: str, said: Said) -> None:
    fields = {"text": said["call_text"], **{name: said[name] for name in ("caller", "phone", "address", "told")}}
    look.city.duty_room.take_call(look.actor, CENTER, fields, look.now)


def wrong_rows(look: Look, wrong: Sequence[Wrong]) -> str | None:
    """Which rows of a file could not be taken, and why; None where all were."""
    words = look.naming.words
    lines = "; ".join(words("duty.wrong_row", line=one.line, why=why(look, one.code), value=one.value) for one in wrong[:5])
    return lines or None


def _change(yes: bool) -> "Deed":
    def do(look: Look, thing: str, _said: Said) -> None:
        look.city.duty_changes.answer(look.actor, thing, yes, "", look.now)

    return do


Deed = Callable[[Look, str, Said], Any]
DEEDS: dict[str, Deed] = {
    "write_log": lambda look, thing, said: look.city.duty_room.write(look.actor, CENTER, said["log_text"], look.now),
    "take_call": _take_call,
    "to_incident": lambda look, thing, said: look.city.duty_room.to_incident(look.actor, thing, {}, look.now),
    "hand_over": lambda look, thing, said: look.city.duty_room.hand_over(look.actor, CENTER, said["handover_note"], look.now),
    "sign": lambda look, thing, said: look.city.duty_room.sign(look.actor, thing, "", look.now),
    "test": lambda look, thing, said: look.city.outbox.test(look.actor, look.now),
    "change_yes": _change(True),
    "change_no": _change(False),
    "change_withdraw": _change(False),
    "task_acknowledge": lambda look, thing, said: look.city.tasks.act(look.actor, thing, "acknowledge", "", look.now),
    "task_finish": lambda look, thing, said: look.city.tasks.act(look.actor, thing, "finish", said["task_answer"], look.now),
}
"""Button -> what it does; what it returns as a text is said, else that it is done."""


def register(app: Dash, faces: Faces) -> None:
    """One callback renders the parts, one does the deeds."""

    @app.callback(
        [Output(duty.part(name), "children") for name in duty.PARTS],
        Input({"type": "tick", "of": "duty"}, "n_intervals"),
        Input({"type": "duty-done", "page": "duty"}, "data"),
        Input(sheet.store("kept"), "data"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def look(_tick: int | None, _done: Any, _kept: Any, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_duty"):
            return [no_update] * len(duty.PARTS)
        seen = Look(faces, actor, search, past(moment))
        return [rendered(seen, name) for name in duty.PARTS]

    @app.callback(
        Output({"type": "duty-answer", "page": "duty"}, "children"),
        Output({"type": "duty-done", "page": "duty"}, "data"),
        Output({"type": "duty-field", "name": ALL}, "value"),
        Input({"type": "duty-act", "deed": ALL, "thing": ALL}, "n_clicks"),
        State({"type": "duty-field", "name": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(_clicks: list[int], values: list[str], search: str | None) -> Any:
        actor, names = faces.actor(), [one["id"]["name"] for one in ctx.states_list[0]]
        if actor is None or not isinstance(ctx.triggered_id, dict) or not any(one["value"] for one in ctx.triggered):
            return no_update, no_update, [no_update] * len(names)
        seen = Look(faces, actor, search)
        deed = ctx.triggered_id["deed"]
        answer, done = do(seen, deed, ctx.triggered_id["thing"], dict(zip(names, values, strict=True)))
        return answer, seen.now if done else no_update, ["" if done and name in duty.fields_of(deed) else no_update for name in names]


def rendered(look: Look, name: str) -> Any:
    """One part; a broken one says so, the others go on."""
    try:
        return [] if look.at is not None and name in OF_NOW else RENDER[name](look)
    except LookupError:
        return []
    except Exception:
        log.exception("part %s of the duty page could not be rendered", name)
        return unavailable(look.naming.words)


def do(look: Look, deed: str, thing: str, said: Said) -> tuple[str, bool]:
    """Do it; what to say, and whether it was done (then its fields are emptied)."""
    held = dict.fromkeys(("log_text", "call_text", "caller", "phone", "address", "told", "handover_note", "task_answer"), "")
    return tried(look, lambda: DEEDS[deed](look, thing, {**held, **{name: value or "" for name, value in said.items()}}))


def tried(look: Look, work: Callable[[], Any]) -> tuple[str, bool]:
    """Do it; what to say, and whether it was done. A text that comes of it says why it was not."""
    try:
        answer = work()
    except Forbidden:
        return look.naming.words("duty.forbidden"), False
    except (NotTaken, Refused) as error:
        return why(look, error.code, str(error.params.get("value", ""))), False
    except LookupError:
        return look.naming.words("duty.unknown"), False
    return (answer, False) if isinstance(answer, str) else (look.naming.words("duty.done"), True)


def why(look: Look, code: str, value: str = "") -> str:
    """Why something was not written down, in words; `value` names the field or the person."""
    words, message = look.naming.words, f"duty.not.{code}"
    known = (f"{part}.field.{value}" for part in ("plans", "duty"))
    named = next((words(name) for name in known if words.has(name)), value)
    return words(message, value=named) if words.has(message) else words("duty.not", code=code)
