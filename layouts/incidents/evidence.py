"""What hangs on an incident: alarms, pictures, figures, returns and disputes, hand-overs, merges."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_life import Incident
from domain.incident_states import SAID_DONE
from layouts.incidents.naming import Naming
from layouts.marks import mark
from services.incident_ports import Attachment

SIDE_BY_SIDE = ("before", "after", "check")
OTHERS = ("report", "other")


def section(naming: Naming, name: str, content: list[Any], tone: str = "", heading: str = "") -> list[Component]:
    """A part with its heading, `heading` where it isn't its name's; nothing where there is nothing to say."""
    if not content:
        return []
    return [html.Section([html.H3(naming.words(f"incident.{heading or name}")), *content], className=f"incident-part part-{name} {tone}")]


def alarms(naming: Naming, incident: Incident, known: Mapping[str, Mapping[str, Any]]) -> list[Component]:
    """The alarms that bore it or were tied to it; one that has left the picture has been normal for long."""
    return section(naming, "alarms", [_alarm(naming, known.get(one), one) for one in incident.alarms])


def _alarm(naming: Naming, alarm: Mapping[str, Any] | None, alarm_id: str) -> html.Div:
    words = naming.words
    if alarm is None:
        return html.Div([html.Span(words("incident.alarm_gone")), html.Small(alarm_id[-12:])], className="part-line")
    state = words("alarm.cleared") if alarm["state"] == "cleared" else words("alarm.active")
    parts = [
        mark(alarm["severity"], words(f"severity.{alarm['severity']}")),
        html.Span(alarm["text"]),
        html.Small(f"{alarm['number']} · {state}"),
    ]
    return html.Div(parts, className="part-line part-alarm", tabIndex=0, **{"data-alarm": alarm_id, "data-device": alarm["device_id"]})


def contradiction(naming: Naming, incident: Incident, known: Mapping[str, Mapping[str, Any]]) -> list[Component]:
    """Said to be done while a sensor of it is not normal: which sensor, which value now, since when."""
    active = [known[one] for one in incident.alarms if one in known and known[one]["state"] == "active"]
    if incident.state not in SAID_DONE or not active:
        return []
    lines = [html.Strong(naming.words("incident.contradicted")), *(_still(naming, alarm) for alarm in active)]
    return [html.Div(lines, className="incident-contradicted", role="alert")]


def _still(naming: Naming, alarm: Mapping[str, Any]) -> html.Div:
    words = naming.words
    since = words("contradicted.since", time=words.day_clock(alarm["raised_at"]))
    parts = [mark(alarm["severity"], words(f"severity.{alarm['severity']}")), html.Span(alarm["text"])]
    value = [html.B([words("contradicted.now"), " ", *alarm["now"]])] if alarm["now"] else []
    return html.Div([*parts, *value, html.Small(since)], className="part-line")


def pictures(naming: Naming, incident: Incident, attachments: Sequence[Attachment], withheld: Collection[str] = ()) -> list[Component]:
    """Before, after and check side by side, each with time and place; whatever else was handed in below. Of what is `withheld` only why."""
    if not attachments:
        return []
    columns = [
        html.Div(
            [html.H4(naming.words(f"phase.{phase}")), *_files(naming, incident, attachments, (phase,), withheld)],
            className="pictures-column",
        )
        for phase in SIDE_BY_SIDE
    ]
    more = _files(naming, incident, attachments, OTHERS, withheld)
    content: list[Any] = [html.Div(columns, className="pictures")] if any(one.phase in SIDE_BY_SIDE for one in attachments) else []
    return section(naming, "pictures", [*content, *([html.Div(more, className="pictures-more")] if more else [])])


def _files(
    naming: Naming, incident: Incident, attachments: Sequence[Attachment], phases: tuple[str, ...], withheld: Collection[str]
) -> list[Component]:
    found: list[Component] = [_file(naming, incident, one, one.attachment_id in withheld) for one in attachments if one.phase in phases]
    return found if found or phases == OTHERS else [html.Div(naming.words("incident.no_picture"), className="picture-none")]


def _file(naming: Naming, incident: Incident, one: Attachment, withheld: bool) -> html.Figure:
    words, address = naming.words, f"/api/v1/incidents/{incident.incident_id}/attachments/{one.attachment_id}"
    when = (
        words("picture.taken", time=words.day_clock(one.taken_at))
        if one.taken_at
        else words("picture.added", time=words.day_clock(one.added_at))
    )
    where = f"{one.lon:.4f}, {one.lat:.4f}" if one.lon is not None and one.lat is not None else words("picture.no_place")
    shown = html.Img(src=address, alt=one.name) if one.media_type.startswith("image/") else html.Span(one.name, className="picture-file")
    about = html.Figcaption([html.Span(when), html.Span(where), html.Span(one.added_by)])
    given = html.Div(words("picture.withheld"), className="picture-none") if withheld else html.A(shown, href=address, target="_blank")
    return html.Figure([given, about], key=one.attachment_id)


def figures(naming: Naming, incident: Incident) -> list[Component]:
    """The agreed figure with version and confirmer; sources that disagree side by side until one is confirmed."""
    return section(naming, "figures", [_figure(naming, what, known) for what, known in incident.figures.items()])


def _claim(naming: Naming, source: str, one: Mapping[str, Any]) -> html.Div:
    who = f"{naming.words.person(one['by'])} · {naming.words.day_clock(one['at'])}"
    return html.Div([html.B(f"{one['value']:g}"), html.Span(naming.source(source)), html.Small(who)], className="figure-claim")


def _figure(naming: Naming, what: str, known: Mapping[str, Any]) -> html.Div:
    words, agreed, claims = naming.words, known["agreed"], known["claims"]
    head: list[Component] = [html.Span(words(f"figure_of.{what}"), className="figure-name")]
    if agreed:
        about = words("figure.agreed", version=agreed["version"], by=words.person(agreed["confirmer"]), time=words.day_clock(agreed["at"]))
        head += [html.B(f"{agreed['value']:g}"), html.Small(about)]
    else:
        head += [html.Span(words("figure.unconfirmed"), className="tag")]
    differing = {source: one for source, one in claims.items() if not agreed or one["value"] != agreed["value"]}
    said = [_claim(naming, source, one) for source, one in differing.items()]
    return html.Div(
        [html.Div(head, className="figure-head"), *([html.Div(said, className="figure-claims")] if said else [])], className="figure-of"
    )


RETURNED = {"order": "returned_orders"}
"""A case is returned 回退, an order 退单: each its own word."""


def chains(naming: Naming, incident: Incident) -> list[Component]:
    """Who passed it on, why, in order (推诿扯皮 traced); disputes with their answers."""
    words = naming.words
    returned = [
        html.Li(
            [
                html.Strong(naming.department(one["lead"])),
                f" {one['reason']}",
                html.Small(f"{words.person(one['by'])} · {words.day_clock(one['at'])}"),
            ]
        )
        for one in incident.returns
    ]
    name, times = RETURNED.get(incident.spine, "returns"), len(incident.returns)
    warned = [html.P(words("incident.passed_on", n=times), className="part-warning")] if times > 1 else []
    disputed = [_dispute(naming, one) for one in incident.disputes]
    return [
        *section(naming, "returns", [*warned, html.Ol(returned, className="chain")] if returned else [], heading=name),
        *section(naming, "disputes", disputed),
    ]


def _dispute(naming: Naming, one: Mapping[str, Any]) -> html.Div:
    words = naming.words
    asked = html.Div([html.Strong(words.person(one["by"])), f" {one['reason']}", html.Small(words.day_clock(one["at"]))])
    answer = (
        f"{words('incident.answer')} {words.person(one['answer_by'] if 'answer_by' in one else one.get('answered_by'))}: {one['answer']}"
    )
    return html.Div(
        [asked, html.Div(answer) if one["answer"] else html.Div(words("incident.unanswered"), className="part-warning")],
        className="part-line is-block",
    )


def instructions(naming: Naming, incident: Incident) -> list[Component]:
    """Leaders' instructions 批示 with their answers, those that still owe one marked."""
    return section(naming, "instructions", [_instruction(naming, one) for one in incident.instructions.values()])


def _instruction(naming: Naming, one: Mapping[str, Any]) -> html.Div:
    words = naming.words
    lead = [html.Small(naming.department(one["lead"]))] if one["lead"] else []
    asked = html.Div([html.Strong(words.person(one["by"])), f" {one['text']} ", *lead, " ", html.Small(words.day_clock(one["at"]))])
    if one["ended"]:
        said = words(f"instruction.{one['ended']}", by=words.person(one["answered_by"]), time=words.day_clock(one["answered_at"]))
        return html.Div([asked, html.Div([html.Small(said), f" {one['answer']}"])], className="part-line is-block")
    due = [f" · {words('instruction.due', time=words.day_clock(one['until']))}"] if one["until"] else []
    owed = html.Div([words("instruction.owed"), *due], className="part-warning")
    return html.Div([asked, owed], className="part-line is-block")


def links(naming: Naming, incident: Incident, others: Mapping[str, str]) -> list[Component]:
    """Hand-overs with their receipts, and what was merged."""
    words = naming.words
    over = [_handover(naming, one, others) for one in incident.handovers]
    if incident.handed_from:
        over.insert(0, html.Div([words("incident.handed_from"), " ", opens(incident.handed_from, others)], className="part-line"))
    merged = [html.Div([words("incident.absorbed"), " ", opens(one, others)], className="part-line") for one in incident.merged_from]
    if incident.merged_into:
        merged.insert(0, html.Div([words("incident.merged_into"), " ", opens(incident.merged_into, others)], className="part-line"))
    return [*section(naming, "handovers", over), *section(naming, "merges", merged)]


def _handover(naming: Naming, one: Mapping[str, Any], others: Mapping[str, str]) -> html.Div:
    words = naming.words
    if one.get("refused"):
        state = words("incident.handed_back", reason=one["refused"], by=one["received_by"])
    elif one["receipt"]:
        state = words("incident.received", by=one["received_by"], time=words.day_clock(one["received_at"]))
    else:
        state = words("incident.no_receipt")
    head = [
        words("incident.handed_to", spine=words(f"spine.{one['spine']}")),
        " ",
        opens(one["incident_id"], others),
        html.Small(words.day_clock(one["at"])),
    ]
    return html.Div([html.Div(head), html.Div(state, className="" if one["receipt"] else "part-warning")], className="part-line is-block")


def opens(incident_id: str, others: Mapping[str, str]) -> html.Button:
    """A button that opens another incident on the desk."""
    return html.Button(others.get(incident_id, incident_id[-12:]), className="bar-link", **{"data-open-incident": incident_id})
