"""What the panels of the leader's office share: numbers that lead to towns, lists and cases, what is counted, and time left in words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html

from domain.incident_states import GRADES
from domain.portfolio import Portfolio
from layouts.incidents.tabs import FLAGS
from layouts.view import View
from layouts.words import Words

MAJOR_GRADES = frozenset(GRADES[:2])
DRILL, CHOSEN = ({"type": "office", "part": part} for part in ("drill", "chosen"))
LEDGER = "/instructions"
Record = Mapping[str, Any]


def is_major(one: Record) -> bool:
    """An emergency of a high grade or answered at a level, and anything critical (as domain/brief.py has it)."""
    return one["grade"] in MAJOR_GRADES or bool(one["response_level"]) or one["urgency"] == "critical"


WHAT: dict[str, Callable[[Record, int], bool]] = {
    "open": lambda one, at: True,
    "major": lambda one, at: is_major(one),
    "overdue": FLAGS["overdue"],
    "near_due": FLAGS["near_due"],
    "supervised": FLAGS["supervised"],
}
"""What a number of the office counts among the open incidents."""
THEME = "theme:"
"""`theme:<class>`: the appeals of a theme that are open."""


def pick(what: str, region: str = "", where: str = "now") -> dict[str, str]:
    """The id of a number that leads on: to the towns, or to the list of one. `where`: the panel that has it."""
    return {"type": "office-pick", "what": what, "region": region, "where": where}


def held_by(view: View, held: Portfolio) -> list[Record]:
    """The open incidents of the towns that the leader answers for, without exercises."""
    known = dict(view.regions)
    return [one for one in view.snapshot.incidents if not one.get("exercise") and held.has_region(one["region"], known)]


def found(view: View, held: Portfolio, what: str, region: str = "") -> list[Record]:
    """Those of them that a number counts, in a town where one is named; what is due first comes first."""
    theme = what.removeprefix(THEME) if what.startswith(THEME) else ""
    counts = (lambda one, at: one["class_code"] == theme) if theme else WHAT.get(what, WHAT["open"])
    at = view.snapshot.at
    fitting = [one for one in held_by(view, held) if counts(one, at) and (not region or view.home(one["region"]) == region)]
    return sorted(fitting, key=lambda one: (one["due_at"] is None, one["due_at"] or 0, -one["reported_at"]))


def by_town(view: View, incidents: Sequence[Record]) -> dict[str, int]:
    """Town -> how many, the most first."""
    return dict(Counter(view.home(one["region"]) for one in incidents).most_common())


def per_10k(view: View, region: str, n: int) -> str:
    """So many per ten thousand inhabitants; that nobody has counted them where the city pack does not say."""
    known = view.regions.get(region)
    if known is None or not known.population:
        return view.words("office.no_people")
    return view.words("office.per_10k", n=view.words.number(10_000 * n / known.population, 2))


def left(words: Words, due_at: int | None, at: int) -> html.Span:
    """Time left, or how long it is overdue; only what is overdue is coloured."""
    if due_at is None:
        return html.Span(words("office.no_deadline"), className="office-left")
    late = due_at < at
    text = words("office.late" if late else "office.left", time=words.age(abs(due_at - at)))
    return html.Span(text, className=f"office-left{' is-late' if late else ''}", title=words.full(due_at))


def call(name: str, phone: str) -> html.Span | html.A:
    """A person; one tap calls them where their number is known."""
    return html.A([name, " ", html.Span(phone)], href=f"tel:{phone}", className="office-call") if phone else html.Span(name)
