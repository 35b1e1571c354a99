"""/api/v1/vital-signs and /api/v1/indicators: scores, and each figure explained down to its rows. Views parse, call a service, answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import flask

from api.problems import Problem
from api.requests import identifier, now, query, query_time
from api.session import private, signed_in
from domain.access import Actor
from domain.comparison import Change
from domain.vital_signs import Rolled
from services.city import City
from services.explaining import Explained
from services.indicator_ports import Value
from services.vital_signs import Overview, Sign

VALUE = ("at", "ends_at", "computed_at", "value", "quality", "late", "anomaly_since")


def blueprint(city: City) -> flask.Blueprint:
    """Everything about indicators; reads only."""
    pages = flask.Blueprint("api_indicators", __name__, url_prefix="/api/v1")
    _signs(pages, city)
    _figures(pages, city)
    return pages


@contextmanager
def _found() -> Iterator[None]:
    try:
        yield
    except LookupError as error:
        raise Problem(404, "You see no indicator of that name.") from error


def _region() -> str | None:
    region = query("region")
    return identifier(region) if region else None


def _signs(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/vital-signs")
    def signs() -> flask.Response:
        return private(overview(city.vital_signs.overview(signed_in(), now(), _region(), query_time("at"))))

    @pages.get("/vital-signs/towns")
    def towns() -> flask.Response:
        found = city.vital_signs.towns(signed_in(), now(), query_time("at"))
        items = [
            {"region": one.region, **rolled(one.city), "domains": {name: rolled(it) for name, it in one.domains.items()}} for one in found
        ]
        return private({"items": items})

    @pages.get("/indicators")
    def indicators() -> flask.Response:
        seen = city.vital_signs.overview(signed_in(), now(), _region(), query_time("at"))
        wanted = query("domain")
        return private({"items": [sign(one) for one in seen.signs if not wanted or one.indicator.domain == wanted]})


def _figures(pages: flask.Blueprint, city: City) -> None:
    def figure(answer: Callable[..., Any]) -> Callable[[str], flask.Response]:
        def view(indicator: str) -> flask.Response:
            with _found():
                return private(answer(signed_in(), identifier(indicator), _region(), now(), query_time("at")))

        return view

    def explain(*asked: Any) -> dict[str, Any]:
        return explained(city.explaining.explain(*asked))

    def rows(*asked: Any) -> dict[str, Any]:
        found = city.explaining.rows(*asked)
        return {"items": [dict(row) for row in found.rows], "total": found.total, "away": found.away}

    def values(actor: Actor, indicator: str, region: str | None, moment: int, at: int | None) -> dict[str, Any]:
        one, seen, held, ahead = city.explaining.series(actor, indicator, region, moment, at, query_time("since"))
        steps = [{"at": step.at, "made_at": step.made_at, **step.ahead._asdict()} for step in ahead]
        return {"indicator": one.code, "region": seen, "unit": one.unit, "items": [value(it) for it in held], "forecast": steps}

    def places(actor: Actor, indicator: str, _region: Any, moment: int, at: int | None) -> dict[str, Any]:
        return {"items": [sign(one) for one in city.vital_signs.places(actor, indicator, moment, at)]}

    for name, answer in (("", explain), ("rows", rows), ("values", values), ("places", places)):
        pages.add_url_rule(f"/indicators/<indicator>{'/' + name if name else ''}", name or "indicator", figure(answer))


def rolled(one: Rolled) -> dict[str, Any]:
    """A score with its coverage, and what it lacks."""
    missing = [{"name": part.name, "weight": part.weight, "why": part.scored.why_not} for part in one.missing]
    return {"score": one.score, "coverage": one.coverage, "missing": missing}


def value(one: Value | None) -> dict[str, Any] | None:
    """A value as JSON takes it."""
    return None if one is None else {name: getattr(one, name) for name in VALUE}


def sign(one: Sign) -> dict[str, Any]:
    """An indicator with its value, what is normal, and its score."""
    it = one.indicator
    about = {name: getattr(it, name) for name in ("zh", "en", "unit", "domain", "cycle", "level", "direction", "target", "weight", "owner")}
    normal = None if one.band is None else {"low": one.band.low, "high": one.band.high, "days": one.band.days, "basis": one.band.basis}
    made = {"source": f"{it.made.library}.{it.made.query}", "state": one.state, "score": one.scored.score, "why_not": one.scored.why_not}
    return {"indicator": it.code, "region": one.region, **about, **made, "normal": normal, "value": value(one.value)}


def overview(one: Overview) -> dict[str, Any]:
    """The vital signs of a region."""
    domains = {name: rolled(it) for name, it in one.domains.items()}
    return {"region": one.region, "at": one.at, **rolled(one.city), "domains": domains, "anomalies": [sign(it) for it in one.anomalies]}


def change(one: Change) -> dict[str, Any]:
    """同比 or 环比."""
    base = None if one.base is None else one.base.starts
    return {**{name: held for name, held in one._asdict().items() if name != "base"}, "base_at": base}


def explained(one: Explained) -> dict[str, Any]:
    """A figure with where it comes from."""
    held, made = one.sign.value, one.sign.indicator.made
    inputs: Mapping[str, Any] = (
        {} if held is None else {name: getattr(held, name) for name in ("rows", "usual", "numerator", "denominator")}
    )
    return {
        **sign(one.sign),
        "formula": one.formula,
        "library": made.library,
        "query": made.query,
        "parameters": dict(made.parameters),
        "inputs": inputs,
        "rule": one.sign.indicator.source,
        "age_ms": one.age_ms,
        "changes": {kind: change(it) for kind, it in one.changes.items()},
        "versions": [value(it) for it in one.versions],
    }
