"""Learning themes and departments from closed appeals: logistic regression (scikit-learn) over data_adapters/appeals/features.py.

Newer cases count more: offices change their names and their tasks. A model is judged on the newest part of the history, which it has
not seen, before it learns from all of it.
"""

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from data_adapters.appeals.features import EVERY, Shape, features, weighed, whole
from data_adapters.appeals.model import Model
from domain.suggesting import Judged, Learnt, plainest

YEAR_MS = 365.25 * 86_400_000
HEATS = tuple(round(0.7 * 1.1**step, 3) for step in range(20))
"""By how much confidence may have to be taken back: 0.7 to 4.3."""
LEAST = 1e-4


class Training(NamedTuple):
    """`strength`: how closely it follows the history (C of the regression); `half_life_years`: a case so much older counts half;
    `rounds`: the most steps of the solver; `most_features`: the commonest are kept."""

    strength: float = 10.0
    half_life_years: float = 2.0
    rounds: int = 300
    most_features: int = 60_000


def learn(version: str, target: str, shape: Shape, history: Sequence[Learnt], how: Training, by: str, share: float) -> tuple[Model, Judged]:
    """A model of the whole history, and how one of its older part did on the newest `share`; what that one was too sure of tempers
    the confidence of the other. Raises ValueError as `train` does."""
    older, newest = held_out(history, share)
    trial = train(version, target, shape, older, how)
    return train(version, target, shape, history, how).tempered(heat(trial, newest)), judge(trial, newest, older, by)


def heat(model: Model, cases: Sequence[Learnt]) -> float:
    """By what confidence must be divided to be honest on cases that the model has not seen: least mean surprise at what was right.

    Answers that it has never seen are left out: no confidence would be right for them."""
    cases = [case for case in cases if case.label in model.labels]
    return min(HEATS, key=lambda heat: _surprise(model.tempered(heat), cases)) if cases else 1.0


def _surprise(model: Model, cases: Sequence[Learnt]) -> float:
    return -sum(log(max(model.share(case.intake, case.label), LEAST)) for case in cases)


def train(version: str, target: str, shape: Shape, history: Sequence[Learnt], how: Training) -> Model:
    """A model of the whole history. Raises ValueError for fewer than two different answers."""
    labels = sorted({one.label for one in history})
    if len(labels) < 2:
        raise ValueError("a history with two different answers at least")
    cutter = whole().only(one.intake.text for one in history)
    found = [features(shape, one.intake, cutter) for one in history]
    rareness = _rareness(found, how.most_features)
    row = {name: at for at, name in enumerate(rareness)}
    until = max(one.intake.at for one in history)
    counted = np.array([0.5 ** ((until - one.intake.at) / YEAR_MS / how.half_life_years) for one in history])
    table = _table([weighed(one, rareness) for one in found], row)
    learner = LogisticRegression(C=how.strength, max_iter=how.rounds, tol=1e-3)
    learner.fit(table, np.array([labels.index(one.label) for one in history]), sample_weight=counted)
    weights, offsets = learner.coef_.T, learner.intercept_
    if len(labels) == 2:
        weights, offsets = np.hstack([np.zeros_like(weights), weights]), np.array([0.0, *offsets])
    return Model(version, target, shape, tuple(labels), rareness, weights.astype(np.float32), offsets.astype(np.float32), until, cutter)


def _rareness(found: Sequence[dict[str, float]], most: int) -> dict[str, float]:
    """What is there at least twice, with its factor: words and letters weigh the more the rarer they are."""
    counts = Counter(name for one in found for name in one)
    kept = [name for name, n in counts.most_common(most) if n >= EVERY]
    cases = len(found)
    return {name: 1 + log((1 + cases) / (1 + counts[name])) if name[:2] in ("w:", "c:") else 1.0 for name in kept}


def _table(cases: Sequence[dict[str, float]], row: dict[str, int]) -> csr_matrix:
    places = np.cumsum([0, *map(len, cases)])
    columns = np.fromiter((row[name] for one in cases for name in one), np.int32, places[-1])
    values = np.fromiter((value for one in cases for value in one.values()), np.float32, places[-1])
    return csr_matrix((values, columns, places), shape=(len(cases), len(row)))


def judge(model: Model, cases: Sequence[Learnt], history: Sequence[Learnt], by: str) -> Judged:
    """How `model` does on cases it has not seen, against the most frequent answer of the field `by` in the history."""
    plain = plainest(history, by)
    firsts, threes, plains, plain_threes = 0, 0, 0, 0
    for one in cases:
        told = [likely.label for likely in model.likely(one.intake)]
        rule = plain.get(one.intake.fields.get(by, ""), plain[""])
        firsts, threes = firsts + (one.label == told[0]), threes + (one.label in told)
        plains, plain_threes = plains + (one.label == rule[0]), plain_threes + (one.label in rule)
    n = max(len(cases), 1)
    return Judged(len(cases), firsts / n, threes / n, plains / n, plain_threes / n)


def held_out(history: Sequence[Learnt], share: float) -> tuple[list[Learnt], list[Learnt]]:
    """The older part to learn from, and the newest `share` to judge by."""
    ordered = sorted(history, key=lambda one: one.intake.at)
    cut = round(len(ordered) * (1 - share))
    return ordered[:cut], ordered[cut:]
