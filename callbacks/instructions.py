"""The page of leaders' instructions, and the forms by which they are given, answered and closed (also on the office and the incident)."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.duty import Look
from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.said import moment_of, text_of
from callbacks.sheet import Said, Sheets
from domain.access import Forbidden
from domain.instructions import DEEDS
from layouts import instructions, sheet
from layouts.incidents.fields import Choice
from layouts.instructions import Naming
from layouts.marks import empty
from layouts.office import is_major
from services.duty_ports import NotTaken
from services.instructions import Given

INCIDENTS = 60
"""So many open incidents, the major ones first, are offered to instruct about."""


def register(app: Dash, faces: Faces) -> None:
    """One callback keeps what was chosen, one shows the ledger and it."""

    @app.callback(
        Output(instructions.CHOSEN, "data"),
        Input({"type": "instruction-pick", "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def choose(_clicks: list[int]) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return ctx.triggered_id["id"] if pressed else no_update

    @app.callback(
        Output(instructions.LIST, "children"),
        Output(instructions.DETAIL, "children"),
        Input({"type": "tick", "of": "instructions"}, "n_intervals"),
        Input(instructions.CHOSEN, "data"),
        Input(sheet.store("kept"), "data"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def look(_tick: int | None, chosen: Any, _kept: Any, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_duty"):
            return no_update, no_update
        asked = parse_qs((search or "").lstrip("?")).get("id", [""])[0]
        return shown(Look(faces, actor, search, past(moment)), chosen if isinstance(chosen, str) else asked)


def shown(look: Look, chosen: str) -> tuple[Any, Any]:
    """The ledger, and the chosen one: the first of the city's own where none is chosen, or the chosen one is not to be seen."""
    naming = Naming(look.naming.words, look.naming.units)
    ledger = look.city.instructions.ledger(look.actor, look.now, look.at)
    own = [one.instruction_id for one in ledger if one.about != "incident"]
    wanted = chosen if chosen in own else next(iter(own), "")
    listed = instructions.listing(naming, ledger, wanted, look.now)
    if not wanted:
        return listed, [empty(naming.words, "instructions.unchosen")]
    return listed, instructions.detail(naming, look.city.instructions.one(look.actor, wanted, look.at), look.now)


# ---- forms ----


def _objects(look: Look) -> list[Choice]:
    """What may be instructed about: anything, open incidents, towns, indicators."""
    words, city = look.naming.words, look.city
    found = [("matter:", words("instruct.about.matter"))]
    open_ones = sorted(city.picture.snapshot(look.actor).incidents, key=lambda one: (not is_major(one), -one["reported_at"]))
    seen = {one["incident_id"]: f"{words('instruct.about.incident')} {one['number']} {one['title']}" for one in open_ones[:INCIDENTS]}
    found += [(f"incident:{code}", label) for code, label in seen.items()]
    found += [(f"region:{code}", f"{words('instruct.about.region')} {look.naming.unit(code)}") for code in city.register.regions()]
    known = city.vital_signs.indicators(look.actor)
    return found + [(f"indicator:{one.code}", f"{words('instruct.about.indicator')} {words.pick(one.zh, one.en)}") for one in known]


def _departments(look: Look) -> list[Choice]:
    codes = [*look.city.register.departments(), *look.city.register.regions()]
    return [(code, look.naming.unit(code)) for code in codes]


def _open(look: Look, thing: str) -> Component:
    """`thing`: about:object:region, or empty. Raises Forbidden."""
    if not look.actor.may("give_instruction"):
        raise Forbidden("give_instruction")
    about, code, _ = _parts(thing)
    values = {"object": f"{about}:{code}", "department": _answers_for(look, about, code)} if about else {}
    return instructions.form(
        look.naming.words, thing, _objects(look), _departments(look), {name: value for name, value in values.items() if value}
    )


def _answers_for(look: Look, about: str, code: str) -> str:
    """Who answers for the thing: an incident's lead, an indicator's owner, the town itself."""
    if about == "region":
        return code
    if about == "incident":
        return str(look.city.incident_desk.mine(look.actor, code).lead)
    owners = {one.code: one.owner for one in look.city.vital_signs.indicators(look.actor)}
    return str(owners.get(code, ""))


def _send(look: Look, thing: str, said: Said) -> None:
    about, code, _ = _parts(text_of(said, "object"))
    region = _parts(thing)[2] or look.city.vital_signs.home(look.actor)
    due = moment_of(said, "due_at")
    look.city.instructions.give(look.actor, Given(about, code, text_of(said, "department"), text_of(said, "text"), due, region), look.now)


def _parts(thing: str) -> Sequence[str]:
    return [*thing.split(":"), "", "", ""][:3]


def _open_deed(deed: str) -> Callable[[Look, str], Component]:
    def open_form(look: Look, thing: str) -> Component:
        seen = look.city.instructions.one(look.actor, thing)
        if deed not in seen.deeds:
            raise NotTaken("gone_on", value=deed)
        return instructions.deed_form(look.naming.words, deed, seen.instruction)

    return open_form


def _send_deed(deed: str) -> Callable[[Look, str, Said], None]:
    def send(look: Look, thing: str, said: Said) -> None:
        look.city.instructions.act(look.actor, thing, deed, {"text": text_of(said, "text"), "due_at": moment_of(said, "due_at")}, look.now)

    return send


SHEETS = Sheets(
    {"instruct": _open, **{f"instruction_{deed}": _open_deed(deed) for deed in DEEDS}},
    {"instruct": _send, **{f"instruction_{deed}": _send_deed(deed) for deed in DEEDS}},
)
