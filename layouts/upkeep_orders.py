"""Operations work orders 运维工单 on the page `/upkeep`: the list, and one in full with its history and what may be done."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.upkeep import Order
from layouts.feed_health import rates, reason_of
from layouts.marks import empty
from layouts.origins import feed_name
from layouts.upkeep import pick
from layouts.words import Words
from services.upkeep import Seen
from services.upkeep_ports import Told

COLUMNS = ("number", "thing", "state", "down", "due", "owner")


def rows(words: Words, found: Sequence[Order], at: int, current: str) -> Any:
    """One line an order, those that wait for somebody first."""
    if not found:
        return empty(words, "upkeep.none")
    head = html.Tr([html.Th(words(f"upkeep.col.{name}")) for name in COLUMNS])
    return html.Table([html.Thead(head), html.Tbody([_row(words, one, at, current) for one in found])], className="health-table")


def _row(words: Words, one: Order, at: int, current: str) -> html.Tr:
    button = html.Button(one.number, id=pick("order", one.order_id), className="health-pick", n_clicks=0)
    down = words.age((one.recovered_at or at) - one.down_since)
    cells = [button, thing(words, one), order_state(words, one), html.Span(down, title=words.full(one.down_since)), due(words, one, at)]
    chosen = " is-chosen" if one.order_id == current else ""
    return html.Tr([html.Td(cell) for cell in (*cells, owner(words, one))], className=f"is-{one.state}{chosen}")


def thing(words: Words, one: Order) -> str:
    """What it is about: kind and name."""
    name = feed_name(words, one.name) if one.kind == "feed" else one.name
    return words("upkeep.thing", kind=words(f"upkeep.kind.{one.kind}"), name=name)


def order_state(words: Words, one: Order) -> html.Span:
    """Shape, word and colour; a recovered thing says so."""
    again = words("upkeep.recovered_mark") if one.recovered_at is not None and one.state != "closed" else ""
    label = words(f"upkeep.state.{one.state}")
    return html.Span([html.I(className=f"order-mark order-{one.state}"), label, again], className=f"order-state is-{one.state}")


def owner(words: Words, one: Order) -> str:
    """The role's word, or the person's name."""
    kind, _, name = one.owner.partition(":")
    return words(f"role.{name}") if kind == "role" else words.person(name)


def due(words: Words, one: Order, at: int) -> Any:
    """The deadline; overdue in words too."""
    if one.due_at is None:
        return html.Span(words("value.no_data"), title=one.due_note, className="is-unknown")
    over = one.state != "closed" and one.recovered_at is None and at > one.due_at
    return html.Span(words("upkeep.overdue", time=words.day_clock(one.due_at)) if over else words.day_clock(one.due_at),
                     className="is-overdue" if over else "")  # fmt: skip


def whole(words: Words, seen: Seen, at: int) -> list[Component]:
    """One order in full."""
    one = seen.order
    now = seen.standing
    standing = unknown_standing(words) if now is None else words(f"upkeep.now.{now.state}", since=words.day_clock(now.since))
    lines = [
        ("why", reason_of(words, one.why)),
        ("down", words.full(one.down_since)),
        ("now", standing),
        ("due", due(words, one, at)),
        ("owner", owner(words, one)),
        ("vendor", one.vendor or words("upkeep.no_vendor")),
        ("online", rates(words, seen.rates)),
        ("relapses", words.number(one.relapses)),
    ]
    return [
        html.H3([one.number, " ", thing(words, one), order_state(words, one)]),
        html.Dl([part for name, value in lines for part in (html.Dt(words(f"upkeep.label.{name}")), html.Dd(value))]),
        html.H4(words("upkeep.history")),
        html.Ol([_event(words, each) for each in seen.events], className="upkeep-history"),
    ]


def unknown_standing(words: Words) -> str:
    """Nobody knows how the thing does."""
    return words("value.no_data")


def _event(words: Words, one: Told) -> html.Li:
    note = str(one.data.get("note", ""))
    why = reason_of(words, str(one.data["why"])) if one.data.get("why") else ""
    parts = [
        html.Time(words.day_clock(one.at)),
        html.B(words(f"upkeep.deed.{one.deed}")),
        html.Span(words.person(one.actor)),
        html.Span(note or why),
    ]
    return html.Li(parts)


def buttons(words: Words, seen: Seen) -> list[Component]:
    """What the actor may do now."""
    return [
        html.Button(words(f"upkeep.act.{deed}"), id={"type": "upkeep-act", "deed": deed}, className="button", n_clicks=0)
        for deed in seen.deeds
    ]
