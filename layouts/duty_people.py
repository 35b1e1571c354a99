"""Parts of the duty page about people: gaps in cover as alarms, numbers, roll calls, where one is reached, and what one told others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.duty import Gap, state_of
from domain.notices import CHANNELS
from layouts import sheet
from layouts.duty_parts import Children, Naming
from layouts.marks import empty, mark
from layouts.words import Words
from services.duty_book import Called, Page, RollSeen, answer_times
from services.duty_ports import Contact
from services.notice_ports import Notice
from services.notice_words import said
from services.outbox import Sent

ROLLS_SHOWN = 5
Catalogue = Mapping[str, str]


def gaps(naming: Naming, found: Sequence[Gap], now: int, may: bool, severities: Mapping[str, str]) -> Children:
    """Each gap as an alarm, as severe as the city says of its state; those who may fill it by one click."""
    words = naming.words
    if not found:
        return [empty(words, "duty.covered")]
    named = [(gap, severities[state_of(gap, now)]) for gap in found]
    return [html.Div(_gap(naming, gap, now, may, how), className=f"duty-alarm is-{how}", role="alert") for gap, how in named]


def _gap(naming: Naming, gap: Gap, now: int, may: bool, severity: str) -> Children:
    words = naming.words
    span = f"{words.day_clock(gap.starts)}–{words.day_clock(gap.ends)}"
    text = words("duty.gap", post=words(f"post.{gap.post}"), span=span, n=gap.owed - gap.there)
    state = words("duty.gap.ahead" if state_of(gap, now) == "coming" else "duty.gap.now")
    fill = [sheet.button(words, "sheet.shift", "shift", f"gap:{gap.post}:{gap.starts}:{gap.ends}")] if may else []
    return [mark(severity, words(f"severity.{severity}")), html.Strong(text), html.Span(state), *fill]


def book(naming: Naming, pages: Sequence[Page], may: Callable[[str], bool] = lambda _: False) -> Children:
    """Every unit with who is on duty there now, and its numbers."""
    rows = []
    for page in pages:
        people = [html.Div([html.Strong(one.name), f" {naming.words(f'post.{one.post}')} ", _number(one.phone)]) for one in page.on_duty]
        numbers = [_contact(naming, one, may(page.code)) for one in page.contacts]
        nobody = html.Small(naming.words("duty.nobody_there"))
        rows.append(html.Tr([html.Td(naming.unit(page.code)), html.Td(people or nobody), html.Td(numbers)]))
    return [html.Table(rows, className="duty-units")]


def _number(phone: str) -> Component:
    return html.A(phone, href=f"tel:{phone}") if phone else html.Span("")


def _contact(naming: Naming, one: Contact, may: bool) -> html.Div:
    words = naming.words
    tools = [sheet.button(words, f"duty.act.{deed}", deed, one.contact_id) for deed in ("contact", "contact_remove")] if may else []
    return html.Div([f"{one.name} {one.post} ".replace("  ", " "), _number(one.phone), *tools], className="duty-number")


def rolls(naming: Naming, found: Sequence[RollSeen], now: int = 0, me: str = "") -> Children:
    """Roll calls with who was called, who answered when and after how long; whoever is being called answers here."""
    words, parts = naming.words, list[Component]()
    for seen in found[:ROLLS_SHOWN]:
        took = answer_times(seen)
        title = words(f"duty.{seen.roll.kind}", by=seen.roll.asked_by, time=words.day_clock(seen.roll.asked_at))
        longest = words("duty.roll.longest", time=words.age(max(took.values()))) if took else ""
        tally = words("duty.roll.tally", n=len(took), all=len(seen.called)) + longest
        head = html.Summary([title, " ", html.Small(tally)])
        rows = [_answer(naming, seen, one, took.get(one.department), now, me) for one in seen.called]
        heading = html.Tr([html.Th(words(f"duty.roll.head.{name}")) for name in ("unit", "state", "person", "answered", "took")])
        parts.append(html.Details([head, html.Table([heading, *rows])], open=seen is found[0]))
    return parts or [empty(words, "duty.no_rolls")]


def _answer(naming: Naming, seen: RollSeen, one: Called, took: int | None, now: int, me: str) -> html.Tr:
    words = naming.words
    waits = one.state == "calling"
    answered = words.clock(one.answered_at) if one.answered_at is not None else ""
    since = (
        words.age(took) if took is not None else words("duty.roll.waits", time=words.age(max(0, now - seen.roll.asked_at))) if waits else ""
    )
    button = {"type": "notice-answer", "thing": f"roll:{seen.roll.roll_id}:{one.department}"}
    mine = [html.Button(words("notices.answer"), id=button, className="button", n_clicks=0)] if waits and me == one.person else []
    return html.Tr(
        [html.Td(naming.unit(one.department)), html.Td(words(f"duty.roll.{one.state}"), className=f"is-{one.state}"),
         html.Td([words.person(one.answered_by or one.person), *mine]), html.Td(answered), html.Td(since)]
    )  # fmt: skip


def reached(words: Words, addresses: Mapping[str, str], tests: Sequence[Notice]) -> Children:
    """Over which channels the reader is reached, and what became of the newest test message."""
    found = {one.channel: one for one in tests}
    rows = [
        html.Tr(
            [
                html.Th(words(f"duty.channel.{name}")),
                html.Td(words("duty.channel.always") if name == "app" else addresses.get(name) or words("duty.channel.none")),
                html.Td(_delivery(words, found.get(name)), className=_tone(found.get(name))),
            ]
        )
        for name in CHANNELS
    ]
    tested = [html.Small(words("duty.tested", time=words.day_clock(tests[0].created_at)))] if tests else []
    language = html.P(words("duty.reached_in", lang=words(f"duty.lang.{addresses.get('lang', 'zh')}")))
    return [html.Table(rows), language, *tested]


def _tone(one: Notice | None) -> str:
    return "is-late" if one is not None and one.state in ("failed", "unsure") else ""


def _delivery(words: Words, one: Notice | None) -> str:
    """How a notice stands: read, arrived, or why not."""
    if one is None:
        return ""
    if one.read_at is not None:
        return words("delivery.read", time=words.clock(one.read_at))
    state = words(f"delivery.{one.state}" if one.channel != "app" else "delivery.unread")
    return f"{state} {one.error}".strip() if one.state in ("failed", "unsure") else state


def sent(words: Words, catalogue: Catalogue, found: Sequence[Sent]) -> Children:
    """What the reader's deeds told others: how many have read it, and each person with every channel."""
    if not found:
        return [empty(words, "duty.nothing_sent")]
    return [html.Div([_sent(words, catalogue, one) for one in found], className="duty-told")]


def _sent(words: Words, catalogue: Catalogue, one: Sent) -> html.Details:
    here = [each for each in one.notices if each.channel == "app"]
    read = sum(each.read_at is not None for each in here)
    failed = sum(each.state in ("failed", "unsure") for each in one.notices)
    tally = words("duty.sent.tally", read=read, all=len(here))
    bad = [html.Span(words("duty.sent.failed", n=failed), className="is-late")] if failed else []
    title, _ = said(catalogue, one.template, one.notices[0].params)
    head = html.Summary([html.Time(words.day_clock(one.created_at)), f" {title} ", html.Small(tally), *bad])
    people: dict[str, list[Any]] = {}
    for each in one.notices:
        state = html.Span(f" {words(f'duty.channel.{each.channel}')} {_delivery(words, each)}", className=_tone(each))
        people.setdefault(each.username, []).append(state)
    return html.Details([head, html.Ul([html.Li([html.Strong(name), *states]) for name, states in people.items()])])
