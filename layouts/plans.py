"""The page of plans `/plans` 预案: every plan with its versions, its steps by response level; drafting and approval for those who may."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.duty import POSTS
from domain.incident_states import RESPONSE_LEVELS
from domain.plans import KINDS, Plan, PlanStep, step_changes
from layouts import notices, sheet
from layouts.incidents.fields import Choice, Field
from layouts.marks import bar, empty, loading
from layouts.words import Words

LIST, DETAIL, CHOSEN = ({"type": "plans", "part": part} for part in ("list", "detail", "chosen"))
LOOK_MS = 10_000
GIVEN = "config"
"""Drafted by nobody: it came with the city's configuration."""


class Naming(NamedTuple):
    """Words, and how departments and what a plan may be for (classes, sections, groups) are called."""

    words: Words
    departments: Mapping[str, str]
    classes: Mapping[str, str]

    def plan(self, one: Plan) -> str:
        """A plan's name."""
        return self.words.pick(one.zh, one.en)

    def department(self, code: str) -> str:
        """A department's name; the center's where a step names none."""
        return self.departments.get(code, code) if code else self.words("duty.center")


def pick(plan_id: str) -> dict[str, str]:
    """The id of the button that chooses a version."""
    return {"type": "plan-pick", "plan": plan_id}


def build(words: Words, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    top = bar(words, city, "plans")
    top.children.insert(-1, notices.bell(words, "plans"))
    new = [sheet.button(words, "plans.new", "plan")] if actor is not None and actor.may("draft_plan") else []
    head = html.Div([html.H2(words("plans.title"), className="panel-title"), *new], className="duty-head")
    listed = html.Section(
        [head, html.Div(loading(words), id=LIST, className="plans-list", **{"data-scroll": "y"})], className="panel plans-all"
    )
    shown = html.Section(html.Div(loading(words), id=DETAIL, className="plans-detail", **{"data-scroll": "y"}), className="panel plans-one")
    held = [dcc.Interval(id={"type": "tick", "of": "plans"}, interval=LOOK_MS), dcc.Store(id=CHOSEN)]
    return html.Main(
        [top, html.Div([listed, shown], className="plans-parts"), *held, *sheet.frame(words)],
        className="face face-plans",
        **{"data-face": "plans", "data-lang": words.lang},
    )


def listing(naming: Naming, plans: Sequence[Plan], chosen: str) -> list[Component]:
    """Plan by plan its versions, the newest first; the chosen one marked."""
    words, codes = naming.words, dict.fromkeys(plan.code for plan in plans)
    if not plans:
        return [empty(words, "plans.none")]
    found: list[Component] = []
    for code in codes:
        own = sorted((plan for plan in plans if plan.code == code), key=lambda plan: -plan.version)
        versions = [_version(words, plan, plan.plan_id == chosen) for plan in own]
        found.append(
            html.Div([html.Strong(naming.plan(own[0])), html.Small(words(f"plans.kind.{own[0].kind}")), *versions], className="plans-code")
        )
    return found


def _version(words: Words, plan: Plan, chosen: bool) -> html.Button:
    said = [
        words("plans.version", n=plan.version),
        html.Span(words(f"plans.state.{plan.state}"), className=f"tag plan-state is-{plan.state}"),
    ]
    return html.Button(
        said, id=pick(plan.plan_id), className="plans-version", n_clicks=0, **{"aria-pressed": "true" if chosen else "false"}
    )


def detail(naming: Naming, plan: Plan, before: Plan | None, actor: Actor, may_act: bool) -> list[Component]:
    """One version: what it is for, through whose hands it went, its steps by level; what is other than in `before`, the approved one."""
    words = naming.words
    state = html.Span(words(f"plans.state.{plan.state}"), className=f"tag plan-state is-{plan.state}")
    head = html.Div(
        [html.H2(naming.plan(plan)), html.Span(words("plans.version", n=plan.version)), state, *_tools(words, plan, actor, may_act)],
        className="plans-head",
    )
    hands = _drafted(words, plan)
    if plan.approved_at is not None:
        hands += " → " + words("plans.approved", by=_whom(words, plan.approved_by or ""), time=words.day_clock(plan.approved_at))
    what = words("plans.for", classes=words("list.comma").join(naming.classes.get(code, code) for code in plan.classes))
    other = step_changes(before, plan) if before is not None and plan.state == "draft" else {}
    gone = [one for one in before.steps if other.get(one.code) == "removed"] if before is not None else []
    rows = [*(_step(naming, one, other.get(one.code, "")) for one in plan.steps), *(_step(naming, one, "removed") for one in gone)]
    legend = [html.P(words("plans.compared", n=before.version), className="plans-note")] if other and before is not None else []
    running = [html.P(words("plans.running"), className="plans-note")]
    table = html.Table([_heading(words, plan), *rows], className="plans-steps")
    return [head, html.P(hands, className="plans-note"), html.P(what), *legend, table, *running]


def _drafted(words: Words, plan: Plan) -> str:
    by, time = words("list.comma").join(dict.fromkeys(_whom(words, one) for one in (*plan.authors, plan.drafted_by))), plan.drafted_at
    return words("plans.delivered" if plan.drafted_by == GIVEN else "plans.drafted", by=by, time=words.day_clock(time))


def _whom(words: Words, account: str) -> str:
    """Whose hand it was; plans that the city was given at its start have none, and say where they came from."""
    return words(f"plans.by.{account}") if words.has(f"plans.by.{account}") else words.person(account)


def _tools(words: Words, plan: Plan, actor: Actor, may_act: bool) -> list[Component]:
    if not may_act:
        return []
    draft: list[Component] = (
        [sheet.button(words, "plans.edit" if plan.state == "draft" else "plans.again", "plan", plan.plan_id)]
        if actor.may("draft_plan")
        else []
    )
    if plan.state != "draft" or not actor.may("approve_plan"):
        return draft
    own = actor.username in (plan.drafted_by, *plan.authors)
    approve = (
        html.Small(words("plans.own")) if own else sheet.button(words, "sheet.plan_approve", "plan_approve", plan.plan_id, quiet=False)
    )
    return [*draft, approve]


def _heading(words: Words, plan: Plan) -> html.Tr:
    each = [sum(level in step.levels for step in plan.steps) for level in RESPONSE_LEVELS]
    levels = [
        html.Th([words(f"response.{level}"), html.Small(words("plans.steps", n=n))], className="plans-level")
        for level, n in zip(RESPONSE_LEVELS, each, strict=True)
    ]
    return html.Tr([html.Th(words("plans.col.step")), html.Th(words("plans.col.who")), html.Th(words("plans.col.within")), *levels])


def _step(naming: Naming, step: PlanStep, change: str) -> html.Tr:
    words = naming.words
    marks = [html.Span(words(f"plans.change.{change}"), className="tag")] if change else []
    who = f"{naming.department(step.department)} · {words(f'post.{step.post}')}" if step.post else naming.department(step.department)
    levels = [
        html.Td(
            html.Span(className="plans-dot", role="img", **{"aria-label": words(f"response.{level}")}) if level in step.levels else "",
            className="plans-level",
        )
        for level in RESPONSE_LEVELS
    ]
    within = words("plans.within", n=f"{step.within_min:g}")
    return html.Tr(
        [html.Td([words.pick(step.zh, step.en), " ", *marks]), html.Td(who), html.Td(within), *levels],
        className=f"is-{change}" if change else "",
    )


FIELDS = (
    Field("zh", "text", "plans.field.zh", True),
    Field("en", "text", "plans.field.en"),
    Field("kind", "select", "plans.field.kind", True),
    Field("classes", "checks", "plans.field.classes", True),
)
CODE = Field("code", "text", "plans.field.code", True, "plans.hint.code")


def form(naming: Naming, plan: Plan | None, departments: Sequence[Choice]) -> html.Div:
    """A draft: what the plan is called and for, and its steps, each in a row that plans.js makes, moves and removes."""
    words = naming.words
    values = {"zh": plan.zh, "en": plan.en, "kind": plan.kind, "classes": list(plan.classes)} if plan else {"kind": KINDS[1]}
    chosen = sorted(naming.classes.items(), key=lambda one: plan is None or one[0] not in plan.classes)
    options = {"kind": [(kind, words(f"plans.kind.{kind}")) for kind in KINDS], "classes": chosen}
    steps = [{**step._asdict(), "levels": list(step.levels)} for step in plan.steps] if plan else []
    lists = {
        "steps": steps,
        "departments": [["", words("duty.center")], *map(list, departments)],
        "posts": [["", "–"], *([post, words(f"post.{post}")] for post in POSTS)],
        "levels": [[level, words(f"response.{level}")] for level in RESPONSE_LEVELS],
        "words": {
            name: words(f"plans.editor.{name}")
            for name in ("zh", "en", "department", "post", "within", "levels", "up", "down", "remove", "add", "steps")
        },
    }
    editor = html.Div(className="plan-editor", **{"data-plan": json.dumps(lists, ensure_ascii=False)})
    fields = FIELDS if plan else (CODE, *FIELDS)
    return sheet.form(words, "plan", plan.plan_id if plan else "", fields, options, values, more=[editor])


def approval(naming: Naming, plan: Plan) -> html.Div:
    """Whether it is meant: from then on responses begin with this version."""
    words = naming.words
    lead = html.P(words("sheet.plan_approve.lead", plan=naming.plan(plan), n=plan.version))
    return sheet.form(words, "plan_approve", f"{plan.plan_id}@{plan.drafted_at}", (), {}, {}, [lead])
