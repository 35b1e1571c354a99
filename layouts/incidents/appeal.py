"""What hangs on a hotline order: its number and state at the other desk, who appeals (masked), what was told back, what is suggested."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_decisions import Move
from domain.incident_life import Incident
from domain.suggesting import TARGETS, Likely, Suggestion
from layouts.incidents.naming import Naming
from services.appeal_desk import Advice, AppealSeen
from services.appeal_learning import OUTCOME_DAYS, Kept

FIELDS = {"theme": "class_code", "department": "lead"}
"""Target -> the field that it is filled into."""
INTAKE = {"theme": "intake"}
"""Target -> the form, while a report is typed: whoever takes it in gives it to nobody yet."""
FACTS = ("number", "channel", "theme", "department", "status", "deadline", "reminders")


def contradiction(naming: Naming, seen: AppealSeen | None) -> list[Component]:
    """Both sides as they are, where they don't agree."""
    if seen is None or not seen.contradicts:
        return []
    return [html.Div(html.Strong(naming.words(f"appeal.contradicts.{seen.contradicts}")), className="incident-contradicted", role="alert")]


def build(naming: Naming, seen: AppealSeen | None, forms: Mapping[str, str] | None = None) -> list[Component]:
    """Parts of the incident's page; none for what is no order. `forms`: see `advice`."""
    return [] if seen is None else [*_order(naming, seen), *advice(naming, seen.advice, seen.made, forms or {})]


def forms_of(incident: Incident, moves: Sequence[Move]) -> dict[str, str]:
    """Target -> the open deed in whose form it is said: the dispatch, or for what has a class already its correction."""
    found = {move.deed for move in moves}
    theme = "correct" if incident.class_code else "dispatch"
    return {target: deed for target, deed in (("theme", theme), ("department", "dispatch")) if deed in found}


def _order(naming: Naming, seen: AppealSeen) -> list[Component]:
    order, words = seen.order, naming.words
    if order is None:
        return []
    status = words(f"outside.{order.status}")
    said = f"{status} · {order.said}" if order.said and order.said != status else status
    facts = {**order._asdict(), "status": f"{said} · {words.day_clock(order.status_at)}", "reminders": order.reminders or ""}
    pairs = [part for name in FACTS if facts[name] for part in (html.Dt(words(f"appeal.{name}")), html.Dd(str(facts[name])))]
    person = " ".join(seen.person.values())
    reveal = html.Button(words("appeal.reveal"), className="bar-link", **{"data-appellant": order.incident_id})
    pairs += [html.Dt(words("appeal.person")), html.Dd([html.Span(person), reveal])] if person else []
    lines = [_told(naming, notice) for notice in seen.told]
    told = [html.H4(words("appeal.told")), *lines] if lines else []
    return [html.Section([html.H3(words("appeal.title")), html.Dl(pairs, className="incident-facts"), *told], className="incident-part")]


def _told(naming: Naming, notice: Any) -> html.Div:
    words = naming.words
    what = words("appeal.told_line", word=notice.params["word"], time=words.day_clock(notice.sent_at or notice.created_at))
    state = html.Small(words(f"appeal.delivery.{notice.state}"), className=f"tag is-{notice.state}", title=notice.error)
    return html.Div([html.Span(what), state], className="part-line")


def advice(naming: Naming, told: Advice, made: Mapping[str, Kept], forms: Mapping[str, str]) -> list[Component]:
    """The suggestions with confidence and words, and what people decided; before there is enough history that there is none.

    `forms`: target -> the form that a button fills a suggestion into, `intake` or a deed; without one there is no button."""
    words = naming.words
    lines: list[Component] = []
    for target in (one for one in TARGETS if one in told.suggestions):
        lines += _target(naming, told.suggestions[target], made.get(target), forms.get(target, ""))
    if not lines:
        lines = [
            html.Div(
                words("suggest.too_little", closed=told.closed, least=told.least) if told.closed < told.least else words("suggest.not_yet")
            )
        ]
    if told.rule:
        lines.append(html.Div(words("suggest.rule", lead=naming.department(told.rule.lead)), className="part-line"))
    notes = [html.Small(_model(naming, known)) for known in told.models]
    notes += [html.Small(_taken(naming, target, told.outcomes[target])) for target in TARGETS if target in told.outcomes]
    return [html.Section([html.H3(words("suggest.title")), *lines, *notes], className="incident-part part-suggested")]


def similar(naming: Naming, found: Sequence[Any]) -> list[Component]:
    """Open incidents that an order may be (services.incident_board.Alike), likeliest first."""
    if not found:
        return []
    lines = [
        html.Button(
            naming.words("appeal.similar_line", number=one.row.number, title=one.row.title, share=round(one.likeness.share * 100)),
            className="move",
            **{"data-open-incident": one.row.incident_id},
        )
        for one in found
    ]
    return [html.Section([html.H3(naming.words("appeal.similar")), *lines], className="incident-part")]


def _target(naming: Naming, suggestion: Suggestion, kept: Kept | None, form: str) -> list[Component]:
    words = naming.words
    sure = [] if suggestion.sure else [html.Small(words("suggest.unsure"), className="tag is-unsure")]
    head = html.Div([html.Strong(words(f"suggest.{suggestion.target}")), *sure], className="part-line")
    decided = []
    if kept is not None and kept.outcome:
        chosen = _name(naming, suggestion.target, kept.chosen)
        decided = [html.Small(words(f"suggest.outcome.{kept.outcome}", chosen=chosen, by=kept.chosen_by))]
    form = "" if decided else form
    return [head, *(_likely(naming, suggestion.target, one, form) for one in suggestion.likely), *decided]


def _likely(naming: Naming, target: str, one: Likely, form: str) -> html.Div:
    words = naming.words
    said = json.dumps({"form": form, "field": FIELDS[target], "value": one.label})
    take = [html.Button(words("suggest.take"), className="move", **{"data-suggest": said})] if form else []
    share = words("suggest.line", label=_name(naming, target, one.label), share=round(one.confidence * 100))
    because = _because(naming, one.words)
    why = [html.Small(words("suggest.words", words=because))] if because else []
    return html.Div([html.Span(share), *why, *take], className="part-line")


def _because(naming: Naming, told: Sequence[str]) -> str:
    """The words as they were said; fields by the names that people know."""
    names = {"class": naming.class_name, "region": naming.region, "source": naming.source}
    found = [
        names[field](value) if (field := name.partition("=")[0]) in names and (value := name.partition("=")[2]) else name for name in told
    ]
    return naming.words("list.comma").join(one for one in found if "=" not in one)


def _name(naming: Naming, target: str, label: str) -> str:
    return naming.class_name(label) if target == "theme" else naming.department(label)


def _taken(naming: Naming, target: str, outcomes: Mapping[str, int]) -> str:
    """How many of the suggestions people decided about they took, in the last days."""
    accepted, of = outcomes.get("accepted", 0), outcomes.get("accepted", 0) + outcomes.get("changed", 0)
    said = {"target": naming.words(f"suggest.{target}"), "days": OUTCOME_DAYS, "accepted": accepted, "of": of}
    return naming.words("suggest.taken", **said, share=round(accepted / of * 100)) if of else naming.words("suggest.taken_none", **said)


def _model(naming: Naming, known: Any) -> str:
    shares = {"top1": known.judged.top1, "top3": known.judged.top3, "plain": known.judged.plain1}
    told = {name: round(share * 100) for name, share in shares.items()}
    return naming.words("suggest.model", version=known.version, cases=known.cases, **told)
