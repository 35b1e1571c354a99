"""The catalogue and manual import in the hands of people with two scopes: what is of one department alone stays there; rows of the layers
and imports are for data stewards of the whole city."""

from collections.abc import Callable
from typing import Any

import pytest

from data_adapters.topics.reading import open_file
from domain.access import Actor, Forbidden
from domain.catalogue import Resource, ResourceField
from services.catalogue import Catalogue
from services.catalogue_ports import Entry, Spelled
from services.manual_import import ManualImport
from services.order_tables import OrderTables
from services.webhooks import Webhooks

NOW = 1_777_600_000_000
TABLES = OrderTables({}, open_file, Webhooks(None, None, {}, None))  # type: ignore[arg-type]
DEPARTMENTS = {"east": "ecology", "west": "water"}
OTHER = {"east": "west", "west": "east"}
PEOPLE = {side: Actor(side, frozenset({"operator"}), departments=frozenset({one})) for side, one in DEPARTMENTS.items()}
PARTS = {
    "department": Actor("part", frozenset({"data_steward"}), departments=frozenset({"water"})),
    "town": Actor("town", frozenset({"data_steward"}), regions=frozenset({"441900003"})),
    "watch": Actor("watch", frozenset({"operator", "leader"})),
    "auditor": Actor("auditor", frozenset({"auditor"})),
}
STEWARDS: dict[str, Callable[[Catalogue, ManualImport, Actor], Any]] = {
    "catalogue.libraries": lambda catalogue, imports, actor: catalogue.libraries(actor, NOW),
    "catalogue.reconciliations": lambda catalogue, imports, actor: catalogue.reconciliations(actor),
    "catalogue.differences": lambda catalogue, imports, actor: catalogue.differences(actor, "a.b"),
    "imports.tables": lambda catalogue, imports, actor: imports.tables(actor),
    "imports.imports": lambda catalogue, imports, actor: imports.imports(actor),
    "imports.preview": lambda catalogue, imports, actor: imports.preview(actor, "a", "b", "x.csv", b"a", NOW),
    "imports.look": lambda catalogue, imports, actor: imports.look(actor, "x"),
    "imports.confirm": lambda catalogue, imports, actor: imports.confirm(actor, "x", True, NOW),
    "imports.drop": lambda catalogue, imports, actor: imports.drop(actor, "x", NOW),
    "order_tables.feeds": lambda catalogue, imports, actor: TABLES.feeds(actor),
    "order_tables.look": lambda catalogue, imports, actor: TABLES.look(actor, "hotline", "x.csv", b"a\n1\n", NOW),
    "order_tables.hand_in": lambda catalogue, imports, actor: TABLES.hand_in(actor, "hotline", b"a\n1\n", True, NOW),
    "imports.undo": lambda catalogue, imports, actor: imports.undo(actor, "x", NOW),
}
HELD = {*STEWARDS, "catalogue.search", "catalogue.entry"}


class Store:
    """Two departments with an entry each of their own, and one that is shared."""

    def entries(self) -> list[Entry]:
        return [entry("east", "ecology", "none"), entry("shared", "ecology", "unconditional"), entry("west", "water", "none")]

    def stamp(self) -> int:
        return 1


def entry(name: str, provider: str, share: str) -> Entry:
    said = (
        name,
        "lib",
        name,
        name,
        name,
        provider,
        provider,
        "c",
        "c",
        "r",
        "s",
        "f",
        share,
        "",
        "",
        False,
        "daily",
        "1",
        "2026-01-05",
        (),
    )
    return Entry(Resource(*said, (ResourceField("a", "a", "text"),)), False, Spelled(), [Spelled()])


def _nothing(content: bytes, sheet: str = "") -> Any:
    raise AssertionError("nobody's file is opened")


@pytest.mark.parametrize("at", [None, NOW], ids=["now", "past"])
@pytest.mark.parametrize("side", DEPARTMENTS)
def test_a_department_finds_its_own_and_what_is_shared(side: str, at: int | None) -> None:
    catalogue: Any = Catalogue(Store())  # type: ignore[arg-type]
    found = {match.entry.resource.code for match in catalogue.search(PEOPLE[side], at=at).matches}
    assert found == {side, "shared"}
    assert catalogue.entry(PEOPLE[side], side, at).resource.code == side
    with pytest.raises(LookupError):
        catalogue.entry(PEOPLE[side], OTHER[side], at)


@pytest.mark.parametrize("who", PARTS)
@pytest.mark.parametrize("name", STEWARDS)
def test_only_data_stewards_of_the_whole_city_see_the_layers_and_import(name: str, who: str) -> None:
    catalogue, imports = Catalogue(Store()), ManualImport([], Store(), _nothing)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        STEWARDS[name](catalogue, imports, PARTS[who])
