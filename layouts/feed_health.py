"""Feed health on the page `/upkeep`: one line a feed with shape, word and colour; one feed in full, each reason with its examples."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.feed_health import Health, Problem, Way
from domain.feed_tally import BEYOND_MS, STEPS_MS
from domain.upkeep import Rate, Standing
from layouts.marks import empty
from layouts.origins import feed_name
from layouts.upkeep import pick
from layouts.words import Words
from services.feed_health import Quiet, Whole
from services.feed_ports import RejectCount, RejectedMessage

COLUMNS = ("feed", "state", "last", "rate", "lag", "errors", "suspect", "why")
QUIET_SHOWN = 20
MINUTE_S = 60
Spell = Callable[[Words, Any], str]
SPELL: Mapping[str, Spell] = {
    "quiet_ms": lambda words, value: words.age(value),
    "limit_ms": lambda words, value: words.age(value),
    "since": lambda words, value: words.day_clock(value),
    "next_at": lambda words, value: words.clock(value, seconds=True),
    "share": lambda words, value: percent(value),
    "lag_ms": lambda words, value: lateness(words, value),
    "error": lambda words, value: said(words, value),
}
"""How a figure of a problem is written; any other is a number."""


def said(words: Words, error: str) -> str:
    """An error in the page's language where it is one of ours, else as the other system said it."""
    return words(f"feed_error.{error}") if words.has(f"feed_error.{error}") else error


def percent(share: float) -> str:
    """`3.2 %`; what is above nothing is never written as nothing, nor what is less than all as all."""
    return "< 0.1 %" if 0 < share < 0.001 else "> 99.9 %" if 0.9995 <= share < 1 else f"{share * 100:.1f} %"


def lateness(words: Words, ms: int) -> str:
    """`≤ 2 s`: it is known to a step."""
    if ms >= BEYOND_MS:
        return f"> {words.age(STEPS_MS[-1])}"
    return f"≤ {ms / 1000:g} s" if ms < 60_000 else f"≤ {words.age(ms)}"


def state(words: Words, name: str) -> html.Span:
    """Shape, word and colour."""
    return html.Span([html.I(className=f"health-mark health-{name}"), words(f"health_state.{name}")], className=f"health-state is-{name}")


def count(words: Words, bad: int) -> list[Any]:
    """How many feeds are bad, for a bar: shape and words; no number while all are good."""
    label = words("health.bar", n=bad) if bad else words("health.bar_good")
    mark = html.I(className=f"health-mark health-{'poor' if bad else 'good'}", title=label, **{"aria-label": label}, role="img")
    return [mark, html.Span(words("health.bar_short", n=bad) if bad else words("health.bar_name"), title=label)]


def problem(words: Words, one: Problem) -> str:
    """What is wrong, with its figures."""
    values = {
        key: SPELL[key](words, value) if key in SPELL else words.number(value) for key, value in one.params.items() if value is not None
    }
    return words(f"feed_problem.{one.code}", **values)


def unknown(words: Words, why: str) -> html.Span:
    """暂无数据, and why."""
    return html.Span(words("value.no_data"), title=words(f"unknown.{why}"), className="is-unknown")


def rows(words: Words, found: Sequence[Health], now: int, current: str) -> Any:
    """One line a feed, the worst first."""
    if not found:
        return empty(words, "feeds.none")
    head = html.Tr([html.Th(words(f"health.col.{name}")) for name in COLUMNS])
    return html.Table([html.Thead(head), html.Tbody([_row(words, one, now, current) for one in found])], className="health-table")


def _row(words: Words, one: Health, now: int, current: str) -> html.Tr:
    first = problem(words, one.problems[0]) if one.problems else words(f"unknown.{why}") if (why := one.unknown.get("state")) else ""
    more = f" +{len(one.problems) - 1}" if len(one.problems) > 1 else ""
    button = html.Button(feed_name(words, one.feed), id=pick("feed", one.feed), className="health-pick", n_clicks=0)
    last = one.facts.last_at
    cells = [
        button,
        state(words, one.state),
        unknown(words, one.unknown["last_at"]) if last is None else html.Span(words.age(now - last), title=words.full(last)),
        rate(words, one),
        unknown(words, one.unknown["lag"]) if one.lag_ms is None else lateness(words, one.lag_p95_ms or one.lag_ms),
        unknown(words, one.unknown["error_share"]) if one.error_share is None else percent(one.error_share),
        unknown(words, one.unknown["suspect_share"]) if one.suspect_share is None else percent(one.suspect_share),
        html.Span(first + more, title=first),
    ]
    chosen = " is-chosen" if one.feed == current else ""
    return html.Tr([html.Td(cell) for cell in cells], className=f"is-{one.state}{chosen}", **{"data-feed": one.feed})


def rate(words: Words, one: Health) -> Any:
    """Reports a minute, of how many that are owed."""
    if one.rate is None:
        return unknown(words, one.unknown["rate"])
    came = _number(words, one.rate * MINUTE_S)
    if one.expected_rate is None:
        return html.Span([came, " / ", unknown(words, one.unknown["expected_rate"])])
    return f"{came} / {_number(words, one.expected_rate * MINUTE_S)}"


def _number(words: Words, value: float) -> str:
    return words.number(value, 0 if value >= 100 or not value else 1 if value >= 1 else 2)


def whole(words: Words, found: Whole, at: int, examples: Sequence[RejectedMessage] | None, reason: str) -> list[Component]:
    """One feed in full. `examples` of `reason`, where one is opened; None where the actor may not read them."""
    health = found.health
    problems = html.Ul([html.Li([html.I(className=f"health-mark health-{one.state}"), problem(words, one)]) for one in health.problems])
    why = words(f"unknown.{health.unknown['state']}") if "state" in health.unknown else words("health.no_problem")
    parts = [
        html.H3([feed_name(words, health.feed), html.Code(found.plan.adapter), state(words, health.state)]),
        problems if health.problems else html.P(why, className="is-quiet"),
        _facts(words, found),
        _ways(words, found, at),
        _rejects(words, found.rejects, examples, reason),
        _losses(words, found.losses, at),
        _quiet(words, found.quiet, at),
    ]
    return [one for one in parts if one is not None]


def _facts(words: Words, found: Whole) -> html.Dl:
    health, counts, expected = found.health, found.health.facts.counts, found.health.facts.expected
    lag = unknown(words, health.unknown["lag"]) if health.lag_ms is None or health.lag_p95_ms is None else words(
        "health.lag", median=lateness(words, health.lag_ms), p95=lateness(words, health.lag_p95_ms)
    )  # fmt: skip
    devices = words("health.devices", n=expected.with_interval, change=expected.on_change, waiting=expected.unadopted)
    window = words("health.window", span=words.span(health.facts.window_ms), messages=words.number(counts.messages))
    last = health.facts.last_at
    lines = [
        ("last", unknown(words, health.unknown["last_at"]) if last is None else words.full(last)),
        ("window", window),
        ("rate", rate(words, health)),
        ("lag", lag),
        ("outcomes", words("health.outcomes", stored=counts.stored, duplicate=counts.duplicate, rejected=counts.rejected)),
        ("devices", devices),
        ("online", rates(words, found.rates)),
    ]
    return html.Dl([part for name, value in lines for part in (html.Dt(words(f"health.{name}_label")), html.Dd(value))])


def rates(words: Words, found: Mapping[str, Rate]) -> html.Span:
    """The online rate by period, with how much of it nobody knows."""
    return html.Span([html.Span(_rate(words, name, one), className="health-rate") for name, one in found.items()])


def _rate(words: Words, name: str, one: Rate) -> str:
    share = words("value.no_data") if one.share is None else percent(one.share)
    known = words("health.unknown_part", share=percent(one.unknown_share)) if one.share is not None and one.unknown_share > 0.0005 else ""
    return f"{words(f'health.period.{name}')} {share}{known}"


def _ways(words: Words, found: Whole, at: int) -> Component | None:
    lines = [_way(words, one, at) for one in found.health.facts.ways]
    if not lines and found.plan.asked:
        lines = [html.Li(words("health.never_asked"))]
    return html.Div([html.H4(words("health.ways")), html.Ul(lines)]) if lines else None


def _way(words: Words, one: Way, at: int) -> html.Li:
    answered = words("value.no_data") if one.answered_at is None else words.day_clock(one.answered_at)
    parts = [words(f"health.way.{one.way}", asked=words.day_clock(one.asked_at), answered=answered)]
    if one.failing_since is not None:
        parts.append(words("health.failing", since=words.day_clock(one.failing_since), n=one.failures, error=said(words, one.error)))
    if one.way == "poll" and one.next_at is not None and one.next_at > at:
        parts.append(words("health.next", time=words.clock(one.next_at, seconds=True)))
    return html.Li(" · ".join(parts))


def _rejects(words: Words, found: Sequence[RejectCount], examples: Sequence[RejectedMessage] | None, reason: str) -> Component | None:
    if not found:
        return None
    lines = []
    for one in found:
        opened = one.reason == reason
        button = html.Button(
            [html.Code(one.reason), html.B(words.number(one.n))], id=pick("reject", one.reason), className="health-pick", n_clicks=0
        )
        body = _examples(words, examples) if opened else []
        lines.append(html.Li([button, *body], className="is-chosen" if opened else ""))
    return html.Div([html.H4(words("health.rejects")), html.Ul(lines, className="health-rejects")])


def _examples(words: Words, examples: Sequence[RejectedMessage] | None) -> list[Component]:
    """What was refused, escaped as text always is here, its personal data masked by the service."""
    if examples is None:
        return [html.P(words("health.whole_city_only"), className="is-quiet")]
    if not examples:
        return [html.P(words("health.none_kept"), className="is-quiet")]
    return [
        html.Div(
            [
                html.Div(" · ".join(part for part in (words.full(one.received_at), one.topic, one.detail) if part)),
                html.Pre(one.payload.decode("utf-8", errors="replace") or words("health.empty_payload"), className="health-payload"),
            ],
            className="health-example",
        )
        for one in examples
    ]


def _losses(words: Words, losses: Sequence[Standing], at: int) -> Component | None:
    if not losses:
        return None
    lines = [
        words(
            "health.loss" if one.until is not None else "health.loss_now",
            since=words.day_clock(one.since),
            span=words.span((one.until or at) - one.since),
            why=reason_of(words, one.why),
        )
        for one in losses
    ]
    return html.Div([html.H4(words("health.losses")), html.Ul([html.Li(line) for line in lines])])


def reason_of(words: Words, why: str) -> str:
    """Why something is down, as a word."""
    return words(f"down.{why}") if words.has(f"down.{why}") else why


def _quiet(words: Words, quiet: Sequence[Quiet] | None, at: int) -> Component | None:
    if quiet is None:
        return html.P(words("health.quiet_no_right"), className="is-quiet")
    if not quiet:
        return None
    lines = [
        html.Li([html.Code(one.device_id), " ", words("value.no_data") if one.last_at is None else words.age(at - one.last_at)])
        for one in quiet[:QUIET_SHOWN]
    ]
    return html.Div([html.H4(words("health.quiet", n=len(quiet))), html.Ul(lines, className="health-quiet")])
