"""The page of plans: its versions, the one that is looked at, and the forms by which a draft is written and approved."""

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.duty import Look
from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.sheet import Said, Sheets
from domain.access import Forbidden
from domain.incident_classes import GROUPS, ClassCatalogue
from domain.plans import Plan, PlanStep
from layouts import plans, sheet
from layouts.plans import Naming
from layouts.words import Words
from services.duty_ports import NotTaken

SHOWN_FIRST = ("draft", "approved", "retired")


def register(app: Dash, faces: Faces) -> None:
    """One callback keeps what was chosen, one shows the list and the chosen version."""

    @app.callback(Output(plans.CHOSEN, "data"), Input({"type": "plan-pick", "plan": ALL}, "n_clicks"), prevent_initial_call=True)
    def choose(_clicks: list[int]) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return ctx.triggered_id["plan"] if pressed else no_update

    @app.callback(
        Output(plans.LIST, "children"),
        Output(plans.DETAIL, "children"),
        Input(plans.CHOSEN, "data"),
        Input(sheet.store("kept"), "data"),
        Input({"type": "tick", "of": "plans"}, "n_intervals"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def show(chosen: Any, _kept: Any, _tick: int | None, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_duty"):
            return no_update, no_update
        return shown(Look(faces, actor, search, past(moment)), faces.classes, chosen)


def shown(look: Look, classes: ClassCatalogue, chosen: Any) -> tuple[Any, Any]:
    """The list and the chosen version; a draft first where nothing is chosen yet."""
    naming, found = naming_of(look, classes), look.city.plans.all(look.actor, look.at)
    ranked = sorted(found, key=lambda plan: (SHOWN_FIRST.index(plan.state), plan.code, -plan.version))
    plan = next((one for one in found if one.plan_id == chosen), ranked[0] if ranked else None)
    listed = plans.listing(naming, found, plan.plan_id if plan else "")
    return listed, plans.detail(naming, plan, approved_of(found, plan), look.actor, look.at is None) if plan else []


def naming_of(look: Look, classes: ClassCatalogue) -> Naming:
    """What the page needs to call things by name."""
    words = look.naming.words
    departments = {one.code: words.pick(one.name, one.name_en) for one in look.city.register.departments().values()}
    return Naming(words, departments, class_names(words, classes))


def class_names(words: Words, classes: ClassCatalogue) -> dict[str, str]:
    """Every class, section and group that a plan may be for, by its name; the widest first."""
    groups = {code: words.pick(*names) for code, names in GROUPS.items()}
    sections = {code: words.pick(one.zh, one.en) for code, one in classes.sections.items()}
    return {**groups, **sections, **{one.code: words.pick(one.zh, one.en) for one in classes}}


def approved_of(found: Sequence[Plan], plan: Plan | None) -> Plan | None:
    """The version that holds now, of the same plan."""
    return next((one for one in found if plan is not None and one.code == plan.code and one.state == "approved"), None)


def _plan(look: Look, plan_id: str) -> Plan:
    found = next((one for one in look.city.plans.all(look.actor) if one.plan_id == plan_id), None)
    if found is None:
        raise LookupError(plan_id)
    held: Plan = found
    return held


def _step(raw: Any) -> PlanStep:
    if not isinstance(raw, dict) or isinstance(raw.get("within_min"), bool) or not isinstance(raw.get("within_min"), int | float):
        raise NotTaken("bad_field", value="within_min")
    said = {name: str(raw.get(name) or "").strip() for name in ("code", "zh", "en", "department", "post")}
    levels = raw.get("levels")
    return PlanStep(
        **said, levels=tuple(str(one) for one in levels) if isinstance(levels, list) else (), within_min=float(raw["within_min"])
    )


def _send_plan(look: Look, thing: str, said: Said) -> None:
    code = _plan(look, thing).code if thing else str(said.get("code") or "").strip()
    names = str(said.get("zh") or "").strip(), str(said.get("en") or "").strip()
    raw, classes = said.get("steps"), said.get("classes")
    if not isinstance(raw, list) or not isinstance(classes, list):
        raise NotTaken("bad_field", value="steps")
    steps = [_step(one) for one in raw]
    look.city.plans.draft(look.actor, code, names, str(said.get("kind") or ""), [str(one) for one in classes], steps, look.now)


def sheets(faces: Faces) -> Sheets:
    """The forms of /plans."""

    def open_plan(look: Look, thing: str) -> Component:
        if not look.actor.may("draft_plan"):
            raise Forbidden("draft_plan")
        naming = naming_of(look, faces.classes)
        return plans.form(naming, _plan(look, thing) if thing else None, list(naming.departments.items()))

    def open_approval(look: Look, thing: str) -> Component:
        return plans.approval(naming_of(look, faces.classes), _plan(look, thing))

    def approve(look: Look, thing: str, _said: Said) -> None:
        plan_id, _, seen = thing.partition("@")
        look.city.plans.approve(look.actor, plan_id, look.now, int(seen) if seen.isdecimal() else None)

    return Sheets({"plan": open_plan, "plan_approve": open_approval}, {"plan": _send_plan, "plan_approve": approve})
