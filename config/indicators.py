"""Reads indicators.yaml and vital_signs.yaml: the indicators, and how vital signs are reckoned. Strictly, as config/strict.py says."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.files import load_catalogue, load_kinds
from config.incident_files import load_departments
from config.strict import (
    FOLDER,
    REQUIRED,
    Field,
    above_zero,
    at_least_one,
    bounds,
    decimals,
    not_negative,
    number,
    one_of,
    read_entries,
    read_values,
    wrong,
)
from config.strict import text as some_text
from config.strict import unit as any_unit
from config.topics import load_topics
from domain.indicators import DIRECTIONS, FOLDS, LEARNING_CYCLES, LIVE, From, Indicator
from domain.live_roll_ups import ROLL_UPS
from domain.metrics import DOMAINS
from domain.normal import LearningRules
from domain.periods import CYCLES
from domain.vital_signs import SignRules

LEVELS = ("city", "town")
DUE_H = {"hour": 1.5, "day": 30.0, "week": 48.0, "month": 240.0, "quarter": 480.0, "year": 1440.0}
LEARNT = "learnt"


def _mapping(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) and isinstance(one, str | int | float) for key, one in raw.items()):
        raise ValueError("names with values")
    return raw


def _normal(raw: Any) -> tuple[float | None, float | None] | None:
    if raw == LEARNT:
        return None
    try:
        return bounds(raw)
    except ValueError as error:
        raise ValueError(f"learnt, or {error}") from None


def _optional(raw: Any) -> float | None:
    return None if raw is None else number(raw)


def fields(departments: Collection[str] = ()) -> dict[str, Field]:
    """The keys of an indicator."""
    return {
        "zh": (some_text, REQUIRED),
        "en": (some_text, REQUIRED),
        "unit": (any_unit, REQUIRED),
        "decimals": (decimals, REQUIRED),
        "domain": (one_of(*DOMAINS), REQUIRED),
        "from": (some_text, REQUIRED),
        "fold": (one_of(*FOLDS), REQUIRED),
        "value": (some_text, REQUIRED),
        "of": (some_text, ""),
        "where": (_mapping, {}),
        "parameters": (_mapping, {}),
        "cycle": (one_of(*CYCLES), REQUIRED),
        "level": (one_of(*LEVELS), REQUIRED),
        "normal": (_normal, REQUIRED),
        "target": (_optional, REQUIRED),
        "direction": (one_of(*DIRECTIONS), REQUIRED),
        "weight": (above_zero, REQUIRED),
        "owner": (one_of(*departments), REQUIRED),
        "due_h": (not_negative, None),
        "possible": (bounds, None),
        "source": (some_text, REQUIRED),
    }


def load_indicators(kinds: Collection[str], folder: Path = FOLDER) -> list[Indicator]:
    """The indicators, in the order of the file; `kinds` are those of libraries (data_adapters/topics/registry.py). Raises ConfigError."""
    path, known = folder / "indicators.yaml", fields(load_departments(folder))
    queries = {library.code: {query.name: query for query in library.queries} for library in load_topics(kinds, True, folder)}
    measured = {"kind": set(load_kinds(folder)), "metric": {metric.name for metric in load_catalogue(folder)}}
    found = [_indicator(code, **one) for code, one in read_entries(path, lambda _: known).items()]
    for one in found:
        _check_live(path, one, measured) if one.made.library == LIVE else _check_query(path, one, queries)
        if bool(one.made.of) != FOLDS[one.made.fold].over:
            raise wrong(path, one.code, "of", one.made.of, "a column for share and ratio, and none for the others")
        _check_aim(path, one)
    return found


def _indicator(code: str, fold: str, value: str, of: str, where: Any, parameters: Any, due_h: Any, possible: Any, **said: Any) -> Indicator:
    library, _, query = said.pop("from").partition(".")
    made = From(library, query, value, fold, of, where, parameters)
    if possible is None:
        possible = (0.0, 100.0) if fold == "share" else (None, None)
    return Indicator(code=code, made=made, due_h=DUE_H[said["cycle"]] if due_h is None else due_h, possible=possible, **said)


def _check_query(path: Path, one: Indicator, queries: Mapping[str, Mapping[str, Any]]) -> None:
    said = f"{one.made.library}.{one.made.query}"
    if one.made.query not in queries.get(one.made.library, {}):
        raise wrong(path, one.code, "from", said, "library.query of topics.yaml, or live. and one of " + ", ".join(ROLL_UPS))
    query = queries[one.made.library][one.made.query]
    if query.time is None:
        raise wrong(path, one.code, "from", said, "a query that names its time")
    if odd := sorted(set(one.made.parameters) ^ set(query.parameters)):
        raise wrong(path, one.code, "parameters", odd[0], f"exactly those of the query: {', '.join(query.parameters) or 'none'}")


def _check_live(path: Path, one: Indicator, measured: Mapping[str, Collection[str]]) -> None:
    made = one.made
    if made.query not in ROLL_UPS:
        raise wrong(path, one.code, "from", f"{LIVE}.{made.query}", f"live. and one of {', '.join(ROLL_UPS)}")
    roll_up = ROLL_UPS[made.query]
    for key, column in (("value", made.value), ("of", made.of), *(("where", name) for name in made.where)):
        if column and column not in roll_up.columns:
            raise wrong(path, one.code, key, column, f"one of {', '.join(roll_up.columns)}")
    if set(made.parameters) != set(roll_up.parameters):
        raise wrong(path, one.code, "parameters", dict(made.parameters), f"exactly {', '.join(roll_up.parameters) or 'none'}")
    for name in roll_up.parameters if "metric" in roll_up.parameters else ():
        if made.parameters[name] not in measured[name]:
            raise wrong(path, one.code, f"parameters: {name}", made.parameters[name], f"a {name} that the city knows")


def _check_aim(path: Path, one: Indicator) -> None:
    """A fixed normal says enough to be scored by, and the target lies on its good side."""
    if one.normal is None:
        if one.cycle not in LEARNING_CYCLES:
            raise wrong(
                path, one.code, "normal", LEARNT, f"a fixed range, for only a cycle of {' or '.join(LEARNING_CYCLES)} can be learnt"
            )
        return
    low, high = one.normal
    if one.direction == "range":
        if low is None or high is None or one.target is not None:
            raise wrong(path, one.code, "normal", list(one.normal), "both ends, and no target, where the direction is range")
        return
    edge = low if one.direction == "higher" else high
    if edge is None or one.target is None:
        raise wrong(
            path, one.code, "target", one.target, f"a target, and the normal's {'low' if one.direction == 'higher' else 'high'} end"
        )
    if (one.target - edge) * (1 if one.direction == "higher" else -1) <= 0:
        raise wrong(path, one.code, "target", one.target, f"a better value than the edge of normal, {edge:g}")


class Reckoning(NamedTuple):
    """What vital_signs.yaml says."""

    signs: SignRules
    learning: LearningRules
    normal_width: float
    keep_hours_d: float


def _share(raw: Any) -> float:
    if not 0 <= number(raw) <= 1:
        raise ValueError("a number from 0 to 1")
    return float(raw)


ENTRIES = {
    **{f"weight_{domain}": above_zero for domain in DOMAINS},
    "least_coverage": _share,
    **dict.fromkeys(("normal_width", "anomaly_width", "anomaly_hold", "learn_days", "learn_least", "keep_hours"), at_least_one),
    **dict.fromkeys(("anomaly_calm", "learn_pooled"), not_negative),
}
UNITS = {
    **dict.fromkeys(ENTRIES, "1"),
    **dict.fromkeys(("normal_width", "anomaly_width"), "spreads"),
    **dict.fromkeys(("learn_days", "learn_least", "learn_pooled", "keep_hours"), "d"),
    "anomaly_hold": "values",
    "anomaly_calm": "h",
}


def load_reckoning(folder: Path = FOLDER) -> Reckoning:
    """How vital signs are reckoned. Raises ConfigError."""
    said = read_values(folder / "vital_signs.yaml", ENTRIES, UNITS)
    weights = {domain: said[f"weight_{domain}"] for domain in DOMAINS}
    learning = LearningRules(
        days=said["learn_days"],
        least_days=round(said["learn_least"]),
        pooled=said["learn_pooled"],
        width=said["anomaly_width"],
        hold=round(said["anomaly_hold"]),
        calm_h=said["anomaly_calm"],
    )
    return Reckoning(SignRules(weights, said["least_coverage"]), learning, said["normal_width"], said["keep_hours"])
