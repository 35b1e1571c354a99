"""Anomalies against the learnt normal, on the labelled road and building series of the Numenta benchmark.

    python bench/anomalies_nab.py --dir DIR

DIR holds `labels.json` (file -> windows) and the series (`timestamp,value`). Each series is rolled up to hours as the product rolls up
readings (the mean of an hour, told when the hour is over); its first 15 % are the training part, in which nothing is told. What is then
told is the product's: domain/normal.py, which at each hour knows only what came before.

- precision: of the anomalies told, the share told inside a window. recall: of the windows, the share in which one was told.
- lead: minutes from the first anomaly told in a window to the window's end (the longer the better); after_start: minutes from the
  window's start to it. Medians over the windows found.
- fixed: a fixed threshold, the quantiles of the series' own training part, widened by a share of their distance.

The knobs of both (KNOBS, FIXED) are chosen by the best F1 on the other series, never on the labels of the series shown: `chosen` says
which. `all` adds the four up. `product`: the knobs that are best on all four together, those of config/vital_signs.yaml; its figure
knows the labels, and is there to be compared with `all`. `width_alone`: only the width is chosen on the other series, the rest is the
product's: it knows the labels in part.

`forecast`: the product's forecast (data_adapters/forecasting.py) made at 12 moments of each series' second half outside the windows:
share of the next 12 hours inside its 90 % band, and its mean error against that of saying yesterday's value of the hour again.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from data_adapters.forecasting import BAND, Forecaster
from domain.normal import LearningRules, Memory, calm_values, spells

ZONE = ZoneInfo("UTC")
HOUR_MS = 3_600_000
TRAINING = 0.15
LEAST_DAYS = 3
KNOBS: dict[str, Sequence[float]] = {
    "days": (28, 56),
    "pooled": (4, 10, 20),
    "width": (3, 4, 5, 6, 7, 8, 10, 12),
    "hold": (1, 2, 3),
    "calm_h": (6, 24),
}
FIXED: dict[str, Sequence[float]] = {"quantile": (0.0, 0.01, 0.05), "wider": (0.0, 0.1, 0.25, 0.5), "hold": (1, 2, 3), "calm_h": (6, 24)}
ORIGINS, AHEAD, SEASON = 12, 12, 24


class Series(NamedTuple):
    """Hours (epoch ms of their begin) with their means, where the training part ends, and the labelled windows (epoch ms)."""

    name: str
    hours: Sequence[int]
    values: Sequence[float]
    training: int
    windows: Sequence[tuple[int, int]]


class Told(NamedTuple):
    """What one way told of one series: anomalies, those inside a window, and per window found the minutes to its end and from its start."""

    anomalies: int
    right: int
    windows: int
    found: Sequence[tuple[float, float]]


def read(folder: Path) -> list[Series]:
    """All series of the labels."""
    labels = json.loads((folder / "labels.json").read_text())
    return [_series(folder / name, one["windows"]) for name, one in sorted(labels.items())]


def _series(path: Path, windows: Sequence[Sequence[str]]) -> Series:
    raw = pd.read_csv(path, parse_dates=["timestamp"]).set_index("timestamp")["value"]
    until = raw.index[int(len(raw) * TRAINING)]
    hours = raw.resample("h").mean().dropna()
    spans = [(_ms(pd.Timestamp(start)), _ms(pd.Timestamp(end))) for start, end in windows]
    return Series(path.stem, [_ms(at) for at in hours.index], list(hours), int((hours.index < until).sum()), spans)


def _ms(moment: pd.Timestamp) -> int:
    return round(moment.timestamp() * 1000)


def distances(series: Series, days: float, pooled: float) -> list[float | None]:
    """How many spreads each value lies from the middle that was normal then; None where no normal was known."""
    memory = Memory(LearningRules(days, LEAST_DAYS, pooled, 0, 1, 0), ZONE, lambda day: day.weekday() < 5)
    found: list[float | None] = []
    for at, value in zip(series.hours, series.values, strict=True):
        normal = memory.normal(at)
        found.append(None if normal is None else abs(value - normal.middle) / normal.spread)
        memory.add(at, value)
    return found


def told(series: Series, outside: Sequence[bool], hold: int, calm_h: float) -> Told:
    """What is told, hour by hour, after the training part."""
    kept = [odd and place >= series.training for place, odd in enumerate(outside)]
    calm = calm_values(LearningRules(0, 0, 0, 0, hold, calm_h), HOUR_MS)
    moments = [series.hours[spell.told] + HOUR_MS for spell in spells(kept, hold, calm)]
    found = []
    for start, end in series.windows:
        first = next((at for at in moments if start <= at <= end), None)
        if first is not None:
            found.append(((end - first) / 60_000, (first - start) / 60_000))
    right = sum(any(start <= at <= end for start, end in series.windows) for at in moments)
    return Told(len(moments), right, len(series.windows), found)


def learnt(every: Sequence[Series]) -> dict[tuple[float, ...], dict[str, Told]]:
    """Every choice of KNOBS -> what is told of each series."""
    found: dict[tuple[float, ...], dict[str, Told]] = {}
    for days, pooled in itertools.product(KNOBS["days"], KNOBS["pooled"]):
        far = {series.name: distances(series, days, pooled) for series in every}
        for width, hold, calm_h in itertools.product(KNOBS["width"], KNOBS["hold"], KNOBS["calm_h"]):
            odd = {name: [one is not None and one > width for one in ones] for name, ones in far.items()}
            found[days, pooled, width, hold, calm_h] = {one.name: told(one, odd[one.name], int(hold), calm_h) for one in every}
    return found


def fixed(every: Sequence[Series]) -> dict[tuple[float, ...], dict[str, Told]]:
    """Every choice of FIXED -> what a fixed threshold tells of each series."""
    found: dict[tuple[float, ...], dict[str, Told]] = {}
    for quantile, wider, hold, calm_h in itertools.product(*FIXED.values()):
        found[quantile, wider, hold, calm_h] = {
            one.name: told(one, list(_beyond(one, quantile, wider)), int(hold), calm_h) for one in every
        }
    return found


def _beyond(series: Series, quantile: float, wider: float) -> Iterator[bool]:
    known = pd.Series(series.values[: series.training])
    low, high = known.quantile(quantile), known.quantile(1 - quantile)
    low, high = low - wider * (high - low), high + wider * (high - low)
    return (not low <= value <= high for value in series.values)


def figures(ones: Sequence[Told]) -> dict[str, Any]:
    """Precision, recall, F1 and lead of several series together; null where nothing was told or found."""
    anomalies, right, windows = (sum(getattr(one, name) for one in ones) for name in ("anomalies", "right", "windows"))
    found = [pair for one in ones for pair in one.found]
    precision, recall = right / anomalies if anomalies else None, len(found) / windows
    f1 = 2 * precision * recall / (precision + recall) if precision else 0.0
    return {
        "told": anomalies,
        "precision": None if precision is None else round(precision, 3),
        "windows": windows,
        "recall": round(recall, 3),
        "f1": round(f1, 3),
        "lead_min": round(median(pair[0] for pair in found)) if found else None,
        "after_start_min": round(median(pair[1] for pair in found)) if found else None,
    }


def best(choices: Mapping[tuple[float, ...], Mapping[str, Told]], names: Sequence[str]) -> tuple[float, ...]:
    """The choice with the best F1 on these series; the fewest false ones break a tie, then the order of the knobs."""

    def worth(choice: tuple[float, ...]) -> tuple[float, int]:
        ones = [choices[choice][name] for name in names]
        return figures(ones)["f1"], -sum(one.anomalies - one.right for one in ones)

    return max(choices, key=worth)


def shown(choices: Mapping[tuple[float, ...], Mapping[str, Told]], knobs: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Each series with the knobs chosen on the others, and all of them together."""
    chosen = {name: best(choices, [other for other in names if other != name]) for name in names}
    ones = {name: choices[chosen[name]][name] for name in names}
    per = {name: {**figures([ones[name]]), "chosen": dict(zip(knobs, chosen[name], strict=True))} for name in names}
    return {"series": per, "all": figures(list(ones.values()))}


def forecasts(series: Series) -> dict[str, Any]:
    """How the forecast did on a series."""
    inside, ours, naive = [], [], []
    for start in _origins(series):
        known = list(zip(series.hours[:start], series.values[:start], strict=True))
        for step, one in enumerate(Forecaster().forecast("hour", known, AHEAD)):
            real = series.values[start + step]
            inside.append(one.low <= real <= one.high)
            ours.append(abs(one.value - real))
            naive.append(abs(series.values[start + step - SEASON] - real))
    if not inside:
        return {"points": 0, "band": BAND, "inside": None, "error": None, "naive_error": None}
    mean = {"error": sum(ours) / len(ours), "naive_error": sum(naive) / len(naive)}
    return {"points": len(inside), "band": BAND, "inside": round(sum(inside) / len(inside), 3), **{k: round(v, 3) for k, v in mean.items()}}


def _origins(series: Series) -> list[int]:
    """Places of the second half from which the next hours are there without a gap, outside the windows, evenly spread."""
    many = len(series.hours)
    held = [
        place
        for place in range(many // 2, many - AHEAD)
        if series.hours[place + AHEAD - 1] - series.hours[place - SEASON] == (SEASON + AHEAD - 1) * HOUR_MS
        and not any(start <= series.hours[place + step] <= end for start, end in series.windows for step in (0, AHEAD - 1))
    ]
    return held[:: max(1, len(held) // ORIGINS)][:ORIGINS]


def main() -> int:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser(description="Anomalies against the learnt normal, on labelled series.")
    parser.add_argument("--dir", type=Path, required=True, help="the folder with labels.json and the series")
    every = read(parser.parse_args().dir)
    names = [series.name for series in every]
    ours, theirs = learnt(every), fixed(every)
    product = best(ours, names)
    place = list(KNOBS).index("width")
    by_width = {one: ours[one] for one in ours if one[:place] + one[place + 1 :] == product[:place] + product[place + 1 :]}
    print(
        json.dumps(
            {
                "bench": "anomalies_nab",
                "learnt": shown(ours, list(KNOBS), names),
                "fixed": shown(theirs, list(FIXED), names),
                "width_alone": shown(by_width, list(KNOBS), names)["all"],
                "product": {**dict(zip(KNOBS, product, strict=True)), **figures(list(ours[product].values()))},
                "forecast": {series.name: forecasts(series) for series in every},
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
