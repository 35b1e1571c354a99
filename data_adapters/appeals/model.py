"""The model in use: weights as plain numbers, in a file without any code in it (numpy's .npz, read with pickle refused).

What is suggested is softmax(weights · features + offsets); the words that are named are those whose weight for the answer lies most
above their mean weight.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from data_adapters.appeals.features import Cutter, Shape, features, weighed
from domain.suggesting import Intake, Likely

FORMAT = 1
NAMED = 4


class BadModel(ValueError):
    """The file is no model of this program, or was cut short."""


class Model:
    """`weights`: feature x label; `rareness`: feature -> its factor, in the order of the rows; `until`: the newest case learnt from."""

    def __init__(
        self,
        version: str,
        target: str,
        shape: Shape,
        labels: tuple[str, ...],
        rareness: Mapping[str, float],
        weights: NDArray[np.float32],
        offsets: NDArray[np.float32],
        until: int,
        cutter: Cutter,
    ) -> None:
        """Raises BadModel where sizes don't fit each other."""
        if weights.shape != (len(rareness), len(labels)) or offsets.shape != (len(labels),) or not labels:
            raise BadModel("its sizes do not fit each other")
        self.version, self.target, self.shape, self.labels = version, target, shape, labels
        self.rareness, self.weights, self.offsets, self.until, self.cutter = dict(rareness), weights, offsets, until, cutter
        self._row = {name: at for at, name in enumerate(rareness)}

    def likely(self, intake: Intake, most: int = 3) -> tuple[Likely, ...]:
        """The likeliest answers first. A later time than it learnt of counts as the newest it knows."""
        known, values, rows = self._known(intake)
        shares = self._shares(values, rows)
        best = np.argsort(-shares, kind="stable")[:most]
        return tuple(Likely(self.labels[at], round(float(shares[at]), 4), _words(known, values, rows, int(at))) for at in best)

    def share(self, intake: Intake, label: str) -> float:
        """How likely this one answer is."""
        _, values, rows = self._known(intake)
        return float(self._shares(values, rows)[self.labels.index(label)]) if label in self.labels else 0.0

    def _known(self, intake: Intake) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
        known = weighed(features(self.shape, intake._replace(at=min(intake.at, self.until)), self.cutter), self.rareness)
        return list(known), np.fromiter(known.values(), np.float32, len(known)), self.weights[[self._row[name] for name in known]]

    def _shares(self, values: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
        scores = self.offsets + values @ rows
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), np.float32)

    def tempered(self, heat: float) -> "Model":
        """The same answers, said with less confidence (`heat` above 1) or more."""
        weights, offsets = (self.weights / heat).astype(np.float32), (self.offsets / heat).astype(np.float32)
        return Model(self.version, self.target, self.shape, self.labels, self.rareness, weights, offsets, self.until, self.cutter)

    def save(self, file: Path) -> None:
        """Write it whole or not at all."""
        told = {"format": FORMAT, "version": self.version, "target": self.target, "shape": self.shape._asdict(), "until": self.until}
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        with part.open("wb") as out:
            np.savez_compressed(
                out,
                told=np.frombuffer(json.dumps({**told, "labels": self.labels}).encode(), np.uint8),
                words=np.frombuffer(json.dumps([self.cutter.frequencies, self.cutter.total]).encode(), np.uint8),
                features=np.frombuffer(json.dumps(list(self.rareness)).encode(), np.uint8),
                rareness=np.fromiter(self.rareness.values(), np.float32, len(self.rareness)),
                weights=self.weights.astype(np.float32),
                offsets=self.offsets.astype(np.float32),
            )
        part.replace(file)


def load(file: Path) -> Model:
    """A saved model. Nothing in the file is ever executed. Raises BadModel."""
    try:
        with np.load(file, allow_pickle=False) as held:
            told, names, (words, total) = (json.loads(held[name].tobytes()) for name in ("told", "features", "words"))
            numbers = [held[name] for name in ("rareness", "weights", "offsets")]
        if told["format"] != FORMAT:
            raise BadModel(f"{file.name}: its format is {told['format']}, not {FORMAT}")
        rareness, weights, offsets = numbers
        return Model(
            told["version"],
            told["target"],
            _shape(told["shape"]),
            tuple(told["labels"]),
            dict(zip(names, map(float, rareness), strict=True)),
            weights,
            offsets,
            int(told["until"]),
            Cutter({str(word): int(n) for word, n in words.items()}, int(total)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        raise BadModel(f"{file.name}: {error}") from None


def _shape(raw: Mapping[str, Any]) -> Shape:
    low, high = raw["letters"]
    pairs = tuple((one, other) for one, other in raw["pairs"])
    return Shape(tuple(raw["fields"]), pairs, tuple(raw["drifting"]), (low, high), raw["field_weight"])


def _words(names: list[str], values: NDArray[np.float32], rows: NDArray[np.float32], label: int) -> tuple[str, ...]:
    spoke = values * (rows[:, label] - rows.mean(axis=1)) if names else values
    order = [at for at in np.argsort(-spoke, kind="stable") if spoke[at] > 0]
    return tuple(names[at][2:] for at in order if names[at][:2] in ("w:", "f:") and "|" not in names[at])[:NAMED]
