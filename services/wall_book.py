"""What is written about walls in the configuration, as the API tells it: their names, scenes, care, told scenes."""

from collections.abc import Mapping
from typing import Any

from domain.told import Told
from domain.wall_state import WallCare
from domain.walls import Scene, Wall

DEFAULT = "default"


class WallBook:
    """`cares` has an entry `default` for the walls that have none of their own."""

    def __init__(
        self, walls: Mapping[str, Wall], scenes: Mapping[str, Scene], cares: Mapping[str, WallCare], told: Mapping[str, Told]
    ) -> None:
        self._walls, self._scenes, self._cares, self._told = walls, scenes, cares, told

    @property
    def scenes(self) -> list[dict[str, str]]:
        """Every scene with its names."""
        return [{"scene": code, "zh": one.zh, "en": one.en} for code, one in self._scenes.items()]

    @property
    def told(self) -> list[dict[str, Any]]:
        """Every told scene with its captions."""
        return [self._said(one) for one in self._told.values()]

    def named(self, wall: str) -> dict[str, Any]:
        """A wall's names and its own scenes."""
        one = self._walls[wall]
        return {"zh": one.zh, "en": one.en, "scenes": list(one.scenes), "rotates": bool(one.playlist)}

    def care(self, wall: str) -> dict[str, Any]:
        """How a wall is looked after."""
        return self._cares.get(wall, self._cares[DEFAULT])._asdict() | {"code": wall}

    def captions(self, told: str) -> dict[str, Any] | None:
        """A told scene, or None where none runs."""
        return self._said(self._told[told]) if told in self._told else None

    def _said(self, one: Told) -> dict[str, Any]:
        return {**one._asdict(), "captions": [caption._asdict() for caption in one.captions]}
