"""config/demo/libraries.yaml as typed values: libraries, their tables and how each column makes its figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FILE = Path(__file__).parents[3] / "config" / "demo" / "libraries.yaml"
STEPS = {"hour": ("at", "timestamptz"), "day": ("day", "date"), "month": ("month", "date")}
"""Step -> the table's time column and its type."""
KEYS = {"towns": "region"}
"""What the rows are for -> the key column, where the table doesn't name its own."""


class Column(NamedTuple):
    """One figure; the file's head says what each word does."""

    name: str
    zh: str
    unit: str = ""
    per_1000: float | None = None
    around: float | None = None
    of: str | None = None
    share: float = 1.0
    spread: float | None = None
    daily: float = 0.0
    weekly: float = 0.0
    yearly: float = 0.0
    growth: float = 0.0
    decimals: int = 0

    @property
    def comment(self) -> str:
        """Its Chinese name, with the unit where there is one."""
        return f"{self.zh}（{self.unit}）" if self.unit else self.zh


class Table(NamedTuple):
    """One table. `by`: towns, halls, departments, or `members` (name -> weight); `keep`: steps from the first row to now."""

    name: str
    zh: str
    by: str
    key: str
    step: str
    keep: int
    members: Mapping[str, float]
    columns: tuple[Column, ...]

    @property
    def time(self) -> str:
        """The time column."""
        return STEPS[self.step][0]


class Library(NamedTuple):
    """One library: a schema."""

    code: str
    zh: str
    tables: tuple[Table, ...]

    @property
    def schema(self) -> str:
        """Its schema in the city's database."""
        return f"lib_{self.code}"


def read_libraries(file: Path = FILE) -> list[Library]:
    """The demo's libraries; a file that doesn't fit raises TypeError or KeyError (it is part of the program)."""
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [Library(code, one["zh"], tuple(_table(name, **raw) for name, raw in one["tables"].items())) for code, one in tree.items()]


def _table(name: str, *, zh: str, by: str, step: str, keep: int, columns: Mapping[str, Any], **more: Any) -> Table:
    key = more.get("key") or KEYS[by]
    return Table(name, zh, by, key, step, keep, more.get("members", {}), tuple(Column(one, **said) for one, said in columns.items()))
