"""units.csv and resources.csv: who can be sent, and what helps beside them."""

import re
from typing import NamedTuple

from data_adapters.city_pack.files import Row
from data_adapters.city_pack.points import Ground, identifier, known, number_of, point_of, wrong
from domain.units import KINDS, Unit
from services.unit_ports import Resource

UNITS, RESOURCES = "units.csv", "resources.csv"
UNIT_COLUMNS = ("unit_id", "name", "kind", "region", "department", "lon", "lat", "capabilities", "devices", "members", "phone")
RESOURCE_COLUMNS = (
    "resource_id",
    "name",
    "kind",
    "region",
    "department",
    "lon",
    "lat",
    "phone",
    "capabilities",
    "capacity",
    "free",
    "stock",
)
RESOURCE_KINDS = ("team", "store", "shelter", "hospital", "expert")
WORD = re.compile(r"[\w.@-]{1,64}\Z")
MOST_WORDS = 50


class Force(NamedTuple):
    """A unit with its members (usernames) and telephone."""

    unit: Unit
    members: tuple[str, ...]
    phone: str


def read_units(rows: list[Row], ground: Ground) -> list[Force]:
    """The units; each problem of a row is reported, not only its first."""
    seen: dict[str, int] = {}
    return [found for row in rows if (found := _unit(row, ground, seen)) is not None]


def read_resources(rows: list[Row], ground: Ground) -> list[Resource]:
    """The resources; each problem of a row is reported."""
    seen: dict[str, int] = {}
    return [found for row in rows if (found := _resource(row, ground, seen)) is not None]


def _unit(row: Row, ground: Ground, seen: dict[str, int]) -> Force | None:
    cells, before = row.cells, len(ground.problems)
    identifier(row, "unit_id", ground, seen)
    known(row, ground)
    _named(row, ground)
    if cells["kind"] not in KINDS:
        wrong(ground, row, "kind", f"one of {', '.join(KINDS)}")
    capabilities, devices, members = (_words(row, column, ground) for column in ("capabilities", "devices", "members"))
    if not capabilities:
        wrong(ground, row, "capabilities", "one or more words such as pump;rescue")
    point = point_of(row, ground, optional=False)
    if len(ground.problems) > before or point is None:
        return None
    unit = Unit(
        cells["unit_id"], cells["name"], cells["kind"], frozenset(capabilities), *point, cells["region"], cells["department"], devices
    )
    return Force(unit, members, cells["phone"])


def _resource(row: Row, ground: Ground, seen: dict[str, int]) -> Resource | None:
    cells, before = row.cells, len(ground.problems)
    identifier(row, "resource_id", ground, seen)
    known(row, ground)
    _named(row, ground)
    if cells["kind"] not in RESOURCE_KINDS:
        wrong(ground, row, "kind", f"one of {', '.join(RESOURCE_KINDS)}")
    capabilities, stock = _words(row, "capabilities", ground), _stock(row, ground)
    capacity, free = _count(row, "capacity", ground), _count(row, "free", ground)
    if capacity is not None and free is not None and free > capacity:
        wrong(ground, row, "free", f"at most the capacity, {capacity}")
    point = point_of(row, ground, optional=False)
    if len(ground.problems) > before or point is None:
        return None
    return Resource(
        cells["resource_id"], cells["name"], cells["kind"], cells["region"], cells["department"], *point, cells["phone"], capabilities,
        capacity, free, stock,
    )  # fmt: skip


def _named(row: Row, ground: Ground) -> None:
    if not row.cells["name"]:
        wrong(ground, row, "name", "a name")


def _words(row: Row, column: str, ground: Ground) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in row.cells[column].split(";") if word.strip()))
    if len(words) > MOST_WORDS or not all(WORD.match(word) for word in words):
        wrong(ground, row, column, f"at most {MOST_WORDS} words of letters, digits, . _ @ -, separated by ;")
        return ()
    return words


def _count(row: Row, column: str, ground: Ground) -> int | None:
    cell = row.cells[column]
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 7):
        wrong(ground, row, column, "a whole number, or an empty cell")
        return None
    return int(cell)


def _stock(row: Row, ground: Ground) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in row.cells["stock"].split(";"))):
        goods, colon, amount = part.partition(":")
        number = number_of(amount.strip())
        if not (goods.strip() and colon) or number is None or number < 0:
            wrong(ground, row, "stock", "goods and amounts such as 沙袋:2000;水泵:12")
            return {}
        found[goods.strip()] = number
    return found
