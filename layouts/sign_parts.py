"""What wall, office and page share about vital signs: scores, and a figure with its unit, time, source and quality."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from domain.comparison import Change
from domain.figures import signed
from domain.indicators import LIVE, formula
from domain.periods import Period
from domain.vital_signs import Band, Rolled
from layouts.marks import empty as nothing
from layouts.marks import mark
from layouts.value import Origin, Value, look, now, state_of, why
from layouts.value import normal as bounds_in_words
from layouts.words import Words
from services.vital_signs import Sign

Names = Mapping[str, str]


class Naming(NamedTuple):
    """The words, and what departments, regions and libraries are called."""

    words: Words
    departments: Names
    regions: Names
    libraries: Mapping[str, tuple[str, str]]

    def indicator(self, sign: Sign) -> str:
        """The indicator's name."""
        return self.words.pick(sign.indicator.zh, sign.indicator.en)

    def source(self, sign: Sign) -> str:
        """The library's name; the city itself for live roll-ups."""
        library = sign.indicator.made.library
        if library == LIVE:
            return self.words("signs.live")
        zh, en = self.libraries.get(library, (library, library))
        return self.words.pick(zh, en)


def unit(words: Words, sign: Sign) -> str:
    """The unit in the reader's language."""
    raw = sign.indicator.unit
    return words(f"unit.{raw}") if words.has(f"unit.{raw}") else raw


def number(words: Words, sign: Sign, value: float | None) -> str:
    """The number without its unit."""
    return words.number(value, sign.indicator.decimals)


def figure(words: Words, sign: Sign) -> str:
    """`92.5 %`; what stands there where there is no value."""
    if sign.value is None:
        return words("value.no_data")
    if sign.value.value is None:
        return words("signs.nothing")
    return f"{number(words, sign, sign.value.value)} {unit(words, sign)}".strip()


def normal(words: Words, sign: Sign) -> str:
    """What is normal, in words."""
    if sign.band is None:
        return words("signs.not_learnt")
    bounds = band_of(sign.band)
    return bounds_in_words(words, bounds, [number(words, sign, end) for end in bounds])


def period(words: Words, sign: Sign) -> str:
    """The name of the value's period: `2026-11-22 14:00`, `2026-11`."""
    if sign.value is None:
        return ""
    return Period(sign.indicator.cycle, sign.value.at, sign.value.ends_at).name(ZoneInfo(words.zone))


def quality(words: Words, sign: Sign) -> str:
    """The quality in one word: late and missing before what the value says of itself."""
    if sign.value is None or sign.state != "ok":
        return words(f"signs.state.{sign.state}")
    said = words(f"signs.quality.{sign.value.quality}")
    return f"{said} · {words('signs.came_late')}" if sign.value.late else said


def about(naming: Naming, sign: Sign) -> str:
    """Time, source and quality of a figure, in one line."""
    parts = [period(naming.words, sign), naming.source(sign), quality(naming.words, sign)]
    return " · ".join(part for part in parts if part)


def value(naming: Naming, sign: Sign) -> Value:
    """The figure as a value: a late one is stale, and one that nothing could be made of is missing."""
    words, held = naming.words, sign.value
    at = None if held is None or held.value is None else held.ends_at
    return Value(
        text=number(words, sign, held.value if held else None),
        unit=unit(words, sign),
        state=state_of(at, sign.state != "ok", held.quality if held else "good"),
        at=at,
        off=sign.outside,
        normal=normal(words, sign),
        origin=origin(naming, sign),
    )


def origin(naming: Naming, sign: Sign) -> Origin:
    """Where the figure comes from: library, formula, owner and period; its page tells the rest."""
    words, made, held = naming.words, sign.indicator.made, sign.value
    usual = "" if held is None else words("signs.rows_of", rows=words.number(held.rows), usual=words.number(held.usual))
    facts = {
        "source": f"{naming.source(sign)} · {made.library}.{made.query}",
        "formula": formula(made),
        "inputs": " · ".join(filter(None, [period(words, sign), usual])),
        "owner": naming.departments.get(sign.indicator.owner, sign.indicator.owner),
        "quality": quality(words, sign),
        "normal": " · ".join(filter(None, [normal(words, sign), words.basis(sign.indicator.source)])),
    }
    page = f"/vitals?indicator={sign.indicator.code}&region={sign.region}&lang={words.lang}"
    return Origin(naming.indicator(sign), facts, None if held is None else held.computed_at, page)


def state_class(naming: Naming, sign: Sign) -> str:
    """How a line with it looks: outside normal, stale, missing."""
    return look(value(naming, sign))


def score(words: Words, rolled: Rolled, name: str = "sign-score") -> html.Span:
    """A score as a whole number; a dash where too little is known."""
    off = rolled.score is not None and rolled.score < 60
    return html.Span("–" if rolled.score is None else words.number(rolled.score), className=f"{name}{' is-off' if off else ''}")


def bar(rolled: Rolled) -> html.Div:
    """The score as a bar."""
    return html.Div(html.I(style={"width": f"{rolled.score or 0:.0f}%"}), className="bar")


def tally(words: Words, signs: Sequence[Sign], rolled: Rolled) -> str:
    """How many are outside normal, how many could not be scored; nothing is called normal where nothing has a score."""
    outside = sum(one.outside for one in signs)
    said = [words("signs.outside", n=outside)] if outside else []
    said += [words("signs.unscored", n=len(rolled.missing))] if rolled.missing else []
    return " · ".join(said) or words("signs.all_normal" if rolled.score is not None else "value.no_data")


def worst(signs: Sequence[Sign]) -> list[Sign]:
    """Those outside normal, the worst first."""
    return sorted((one for one in signs if one.outside), key=lambda one: (one.scored.score or 0.0, -one.indicator.weight))


def lowest(signs: Sequence[Sign]) -> list[Sign]:
    """Those that were scored, the lowest first."""
    return sorted((one for one in signs if one.scored.score is not None), key=lambda one: (one.scored.score or 0.0, -one.indicator.weight))


def since(sign: Sign) -> int | None:
    """Since when it is anomalous; None where it isn't, or isn't known any more."""
    return sign.value.anomaly_since if sign.value is not None and sign.state == "ok" else None


class Said(Enum):
    """What stands beside a figure; the rest comes on a touch."""

    NOTHING = ()
    NORMAL = ("normal",)
    SINCE = ("normal", "since")
    ALL = ("normal", "since", "about")


def line(naming: Naming, sign: Sign, said: Said = Said.ALL) -> Component:
    """One figure in a line whose name leads to its page: what is normal, since when it is anomalous, its time and source."""
    words, began, shown = naming.words, since(sign), value(naming, sign)
    page = f"/vitals?indicator={sign.indicator.code}&lang={words.lang}"
    beside = {
        "normal": normal(words, sign),
        "since": words("signs.since", time=words.day_clock(began)) if began else "",
        "about": about(naming, sign),
    }
    parts = [
        mark("major", words("signs.anomaly" if began else "signs.outside_normal")) if began or sign.outside else html.Span(),
        html.A(naming.indicator(sign), href=page, className="sign-name"),
        now(words, shown),
        html.Span(" · ".join(filter(None, map(beside.get, said.value))), className="sign-about"),
        *why(words, shown),
    ]
    return html.Div(parts, className=f"sign-line {look(shown)}", title=about(naming, sign))


def change(words: Words, one: Change | None, decimals: int = 1) -> str:
    """`+3.2 %`, `−0.4 points`, the latter with `decimals`; why there is none."""
    if one is None:
        return "–"
    if one.change is None:
        return words(f"signs.no_base.{one.why_not}")
    return f"{signed(one.change, decimals)} {words('signs.points')}" if one.in_points else f"{signed(one.change)} %"


def change_note(words: Words, one: Change | None) -> str:
    """Other days or working days than the base has."""
    if one is None or one.base is None:
        return ""
    said = [words("signs.more_days", n=signed(one.days, 0))] if one.days else []
    said += [words("signs.more_working", n=signed(one.working, 0))] if one.working else []
    return " · ".join(said)


def band_of(band: Band | None) -> tuple[float | None, float | None]:
    """The ends of a band for charts."""
    return (None, None) if band is None else (band.low, band.high)


def empty(words: Words) -> Any:
    """Nothing has been reckoned."""
    return nothing(words, "signs.none")
