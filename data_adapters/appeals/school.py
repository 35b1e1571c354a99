"""Trains models and keeps them under the data directory, a file a version; older files are removed once a new one is in use."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from data_adapters.appeals.features import Shape
from data_adapters.appeals.model import BadModel, Model, load
from domain.suggesting import Judged, Learnt

log = logging.getLogger("citydeck.appeals")
SHAPES: Mapping[str, Shape] = {
    "theme": Shape(("region", "source"), letters=(2, 3)),
    "department": Shape(("class", "region", "source"), pairs=(("class", "region"),), drifting=("class",), letters=(2, 3)),
}
"""What each target looks at; a theme never at the class that it is to find."""
PLAIN = {"theme": "source", "department": "class"}
"""The field by whose most frequent answer a model is measured."""
KEPT = 3
FILE = re.compile(r"[a-z]+-[0-9]+\.npz\Z")


class School:
    """The School port. `file_of(target)`: the newest model's file, as the database says."""

    def __init__(self, folder: Path, file_of: Callable[[str], str], held_out: float, half_life_years: float) -> None:
        self._folder, self._file_of, self._held_out, self._half_life = folder, file_of, held_out, half_life_years
        self._held: dict[str, tuple[str, Model | None]] = {}

    def learn(self, version: str, target: str, history: Sequence[Learnt]) -> tuple[Judged, str] | None:
        """Judge and keep a model; its file's name. None where the history, or its older part, has fewer than two answers."""
        from data_adapters.appeals.training import Training, learn  # scikit-learn takes a second: only whoever learns waits for it

        how = Training(half_life_years=self._half_life)
        try:
            model, judged = learn(version, target, SHAPES[target], history, how, PLAIN[target], self._held_out)
        except ValueError as error:
            log.warning("%s: nothing can be learnt: %s", version, error)
            return None
        model.save(self._folder / f"{version}.npz")
        self._forget(target)
        return judged, f"{version}.npz"

    def _forget(self, target: str) -> None:
        old = sorted(self._folder.glob(f"{target}-*.npz"), key=lambda file: file.stat().st_mtime)[:-KEPT]
        for file in old:
            file.unlink(missing_ok=True)

    def model(self, target: str) -> Model | None:
        """The newest model; read once. One that can't be read is said once, and counts as none."""
        file = self._file_of(target)
        if not FILE.match(file):
            return None
        if self._held.get(target, ("", None))[0] != file:
            self._held[target] = (file, self._read(file))
        return self._held[target][1]

    def _read(self, file: str) -> Model | None:
        try:
            return load(self._folder / file)
        except BadModel as error:
            log.warning("nothing is suggested: %s", error)
            return None
