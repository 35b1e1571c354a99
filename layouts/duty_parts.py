"""What stands in the parts of the duty page; each function gives the children of one part."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.duty import POSTS, Gap, Shift
from domain.notices import Calling
from domain.plans import Task
from layouts.duty import act
from layouts.marks import empty
from layouts.words import Words
from services.duty_ports import Change, HandOver, LogEntry, PhoneCall

DAY_MS = 86_400_000
MIDNIGHTS = ("00:00", "00:00")
CALENDAR_DAYS = 92
Children = list[Component]
MATTERS = 40
ROLLS = ("roll_call", "duty_check")


class Naming(NamedTuple):
    """Words, and the names of units."""

    words: Words
    units: Mapping[str, str]

    def unit(self, code: str) -> str:
        """A unit's name; the center's own where there is no code."""
        return self.units.get(code, code) if code else self.words("duty.center")


def now_on(naming: Naming, shifts: Sequence[Shift], gaps: Sequence[Gap]) -> Children:
    """Who is on now, post by post, and what is missing."""
    missing = [html.Div(_gap(naming, gap), className="duty-gap", role="alert") for gap in gaps]
    rows = [
        html.Tr(
            [html.Td(naming.unit(one.department)), html.Td(_post(naming, one.post)), html.Td(html.Strong(one.name)), html.Td(one.phone),
             html.Td(naming.words("duty.until", time=naming.words.day_clock(one.ends)))]
        )
        for one in shifts
    ]  # fmt: skip
    return [*missing, html.Table(rows)] if rows else [*missing, empty(naming.words, "duty.nobody")]


def week(
    naming: Naming, shifts: Sequence[Shift], gaps: Sequence[Gap], days: Sequence[int], me: str, may: Callable[[str], bool] = lambda _: False
) -> Children:
    """Posts by days, `days` being midnights (epoch ms). A shift is a button: for those who `may` change its unit's roster, and one's own,
    to be given away."""
    head = html.Tr([html.Th(""), *(html.Th(naming.words.day_clock(day)[:5]) for day in days)])
    rows = [
        html.Tr([html.Th(_post(naming, post)), *(html.Td(_day(naming, shifts, gaps, post, day, me, may)) for day in days)])
        for post in POSTS
    ]  # fmt: skip
    return [html.Table([head, *rows], className="duty-roster")]


def _day(
    naming: Naming, shifts: Sequence[Shift], gaps: Sequence[Gap], post: str, day: int, me: str, may: Callable[[str], bool]
) -> Children:
    there = [one for one in shifts if one.post == post and day <= one.starts < day + DAY_MS]
    short = [gap for gap in gaps if gap.post == post and gap.starts < day + DAY_MS and gap.ends > day]
    people = [_shift(naming, one, me, may) for one in there]
    return [*people, *(html.Div(_short(naming, gap), className="duty-gap") for gap in short)]


def _shift(naming: Naming, one: Shift, me: str, may: Callable[[str], bool]) -> Component:
    said = [
        html.Small(_span(naming.words, one)),
        " ",
        html.Span(one.name, className="duty-name"),
        " ",
        html.Small(_elsewhere(naming, one)),
    ]
    tone = "is-mine" if one.username == me else ""
    form = "shift" if may(one.department) else "swap" if one.username == me else ""
    if not form:
        return html.Div(said, className=tone)
    about = {"data-sheet-form": form, "data-thing": one.shift_id, "aria-haspopup": "dialog"}
    return html.Button(said, className=f"duty-shift {tone}".strip(), title=naming.words(f"sheet.{form}"), **about)


def _span(words: Words, shift: Shift) -> str:
    """From when to when; a day from midnight to midnight is all of it."""
    ends = (words.clock(shift.starts), words.clock(shift.ends))
    return words("duty.all_day") if ends == MIDNIGHTS and shift.ends - shift.starts == DAY_MS else "–".join(ends)


def calendars(naming: Naming, since: int, me: str) -> html.Div:
    """One's own shifts, and everybody's, as iCalendar for other programs: from this day on for three months."""
    span = f"/api/v1/duty/roster.ics?since={since}&until={since + CALENDAR_DAYS * DAY_MS}"
    mine = html.A(naming.words("duty.calendar.mine"), href=f"{span}&username={quote(me)}", download="duty-mine.ics", className="bar-link")
    return html.Div(
        [mine, html.A(naming.words("duty.calendar.all"), href=span, download="duty.ics", className="bar-link")], className="duty-calendars"
    )


def _elsewhere(naming: Naming, shift: Shift) -> str:
    return naming.unit(shift.department) if shift.department else ""


def _gap(naming: Naming, gap: Gap) -> str:
    span = f"{naming.words.day_clock(gap.starts)}–{naming.words.day_clock(gap.ends)}"
    return naming.words("duty.gap", post=_post(naming, gap.post), span=span, n=gap.owed - gap.there)


def _short(naming: Naming, gap: Gap) -> str:
    """A gap in the cell of its post and day."""
    clock = naming.words.clock
    return naming.words("duty.gap.cell", span=f"{clock(gap.starts)}–{clock(gap.ends)}", n=gap.owed - gap.there)


def _post(naming: Naming, post: str) -> str:
    return naming.words(f"post.{post}")


def changes(naming: Naming, found: Sequence[Change], actor: Actor) -> Children:
    """Swaps and stand-ins that wait, with what the actor may do about them."""
    lines = []
    for one in found:
        ours = actor.username in (one.asked_by, one.asked_of)
        answers = (one.state == "asked" and actor.username == one.asked_of) or (one.state == "agreed" and not ours)
        mine = one.state in ("asked", "agreed") and actor.username == one.asked_by
        deeds = ["change_yes", "change_no"] if answers else ["change_withdraw"] if mine else []
        buttons = [_button(naming, deed, one.change_id) for deed in deeds]
        text = naming.words(f"duty.change.{one.kind}", by=naming.words.person(one.asked_by), of=naming.words.person(one.asked_of))
        lines.append(html.Li([text, html.Small(f" {naming.words(f'duty.state.{one.state}')} {one.reason}"), *buttons]))
    return [html.Ul(lines)] if lines else [empty(naming.words, "duty.no_changes")]


def log(naming: Naming, found: Sequence[LogEntry]) -> Children:
    """The log, newest first."""
    return _lines(naming, [(one.recorded_at, naming.words.person(one.username), one.text, []) for one in found])


def calls(naming: Naming, found: Sequence[PhoneCall], may: bool) -> Children:
    """The telephone log; a call that is none yet can become an incident."""
    rows: list[tuple[int, str, str, Children]] = []
    for one in found:
        told = naming.words("duty.told", told=one.told) if one.told else ""
        text = " · ".join(part for part in (f"{one.caller} {one.phone}".strip(), one.text, one.address, told) if part)
        link = [html.A(naming.words("duty.its_incident"), href=f"/desk?incident={one.incident_id}&lang={naming.words.lang}")]
        rows.append(
            (
                one.at,
                naming.words.person(one.username),
                text,
                link if one.incident_id else [_button(naming, "to_incident", one.call_id)] if may else [],
            )
        )
    return _lines(naming, rows)


def handover(naming: Naming, matters: Sequence[Mapping[str, Any]], found: Sequence[HandOver], actor: Actor) -> Children:
    """What would be handed over now, and the hand-overs with who signed."""
    words = naming.words
    listed = [html.Li([html.Small(words(f"duty.matter.{one['kind']}")), " ", _matter(words, one)]) for one in matters[:MATTERS]]
    more = [html.Li(words("duty.more", n=len(matters) - MATTERS))] if len(matters) > MATTERS else []
    done = []
    for one in found:
        signed = (
            words("duty.signed", by=words.person(one.signed_by), time=words.day_clock(one.signed_at))
            if one.signed_at
            else words("duty.unsigned")
        )
        may = not one.signed_at and one.by_username != actor.username and actor.may("keep_log")
        text = words("duty.handed", by=words.person(one.by_username), n=len(one.open_matters), note=one.note)
        done.append((one.at, "", f"{text} · {signed}", [_button(naming, "sign", one.handover_id)] if may else []))
    return [html.Details([html.Summary(words("duty.open", n=len(matters))), html.Ul([*listed, *more])]), *_lines(naming, done)]


def _matter(words: Words, one: Mapping[str, Any]) -> Component:
    text = f"{one['number']} {one['title']}".strip()
    drill: list[Any] = [drilled(words), " "] if one.get("exercise") else []
    return html.Span([*drill, html.A(text, href=one["link"]) if one["link"] else text])


def drilled(words: Words) -> html.Strong:
    """The mark of an exercise."""
    return html.Strong(words("flag.exercise"), className="tag is-exercise")


def callings(naming: Naming, found: Sequence[tuple[Calling, Mapping[str, Any]]], now: int, me: str) -> Children:
    """The chains that go on: who is called now, which call it is, who did not answer."""
    lines = [html.Li(chain(naming.words, calling, params, now, me)) for calling, params in found]
    return [html.Ul(lines, className="chains")] if lines else [empty(naming.words, "duty.no_callings")]


def chain(words: Words, calling: Calling, params: Mapping[str, Any], now: int, me: str) -> Children:
    """One chain in one line, with a button for those whom it waits for."""
    about = f"{params.get('number', '')} {params.get('title', '')}".strip()
    about = words(f"notice.{calling.template}.title") if calling.template in ROLLS and not about else about
    passed = [html.S(words.person(name)) for name in calling.not_reached]
    here = {
        "calling": lambda: words(
            "chain.calling", who=words.person(calling.person), n=calling.call, left=words.span(max(0, calling.next_at - now))
        ),
        "answered": lambda: words("chain.answered", who=words.person(calling.answered_by), time=words.clock(calling.answered_at or now)),
        "exhausted": lambda: words("chain.exhausted", superior=words.person(calling.superior)),
        "ended": lambda: words("chain.ended"),
    }[calling.state]()
    following = list(calling.chain[calling.position + 1 :]) if calling.state == "calling" else []
    waits = calling.state in ("calling", "exhausted") and me in calling.people
    button = [html.Button(words("notices.answer"), id={"type": "notice-answer", "thing": calling.thing}, className="button", n_clicks=0)]
    link = [html.A(about, href=str(params.get("link", "")), className="chain-about")] if params.get("link") else [html.Span(about)]
    drill = [drilled(words)] if params.get("exercise") else []
    parts = [*drill, *link, *_joined(passed), html.Strong(here), *(html.Small(f" → {words.person(name)}") for name in following)]
    return [*parts, *(button if waits else [])]


def _joined(parts: Sequence[Component]) -> list[Any]:
    return [one for part in parts for one in (part, " → ")]


def tasks(naming: Naming, found: Sequence[Task], actor: Actor, now: int) -> Children:
    """Open tasks, the most urgent first."""
    words = naming.words
    rows = []
    for one in found:
        deeds = (["task_acknowledge"] if one.state == "assigned" else []) + ["task_finish"] if actor.may("act_on_incident") else []
        late = one.due_at is not None and one.due_at < now
        due = words("duty.due", time=words.day_clock(one.due_at)) if one.due_at is not None else ""
        about = [words.pick(one.zh, one.en), html.Small(f" {one.number} {one.title} "), *([drilled(words)] if one.exercise else [])]
        rows.append(
            html.Tr(
                [html.Td(about), html.Td(naming.unit(one.department)),
                 html.Td(words(f"task.{one.state}")), html.Td(due, className="is-late" if late else ""),
                 html.Td([_button(naming, deed, one.task_id) for deed in deeds])]
            )
        )  # fmt: skip
    return [html.Table(rows)] if rows else [empty(words, "duty.no_tasks")]


def _button(naming: Naming, deed: str, thing: str) -> html.Button:
    return html.Button(naming.words(f"duty.act.{deed}"), id=act(deed, thing), className="button button-quiet", n_clicks=0)


def _lines(naming: Naming, rows: Sequence[tuple[int, str, str, Children]]) -> Children:
    lines = [html.Li([html.Time(naming.words.day_clock(at)), html.Strong(f" {who} "), text, *more]) for at, who, text, more in rows]
    return [html.Ul(lines, className="duty-lines")] if lines else [empty(naming.words, "duty.nothing")]
