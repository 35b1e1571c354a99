"""How an interface gives its rows in pages: by number, by offset, by a cursor, by a link, or all at once. A table `source`'s `paging`."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import jmespath
from jmespath.exceptions import JMESPathError

from config.strict import Field, at_least_one, one_of
from config.strict import text as some_text
from data_adapters.topics.web import Page
from services.topic_ports import LibraryAway

MOST_PAGES = 10_000
NEXT = re.compile(r'<([^>]+)>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)


def path(raw: Any) -> Any:
    """A JMESPath expression. Raises ValueError."""
    try:
        return jmespath.compile(some_text(raw))
    except JMESPathError as error:
        raise ValueError(f"a JMESPath expression: {str(error).splitlines()[0]}") from None


def whole(raw: Any) -> int:
    """A number of rows or pages, 0 or more. Raises ValueError."""
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ValueError("a whole number, 0 or more")
    return raw


PAGING_FIELDS: dict[str, Field] = {
    "kind": (one_of("none", "page", "offset", "cursor", "link"), "none"),
    "parameter": (some_text, ""),
    "size_parameter": (some_text, ""),
    "size": (at_least_one, 100.0),
    "first": (whole, 1),
    "next": (path, None),
}


class Paging(NamedTuple):
    """The words of PAGING_FIELDS."""

    kind: str = "none"
    parameter: str = ""
    size_parameter: str = ""
    size: float = 100.0
    first: int = 1
    next: Any = None

    def pages(
        self, get: Callable[[str, Mapping[str, str]], Page], place: str, asked: Mapping[str, str], rows: Callable[[Page], list[Any]]
    ) -> Iterator[list[Any]]:
        """The rows page by page, until the interface says that was all. Raises LibraryAway when it never does, or says the same again."""
        sized = {**asked, **({self.size_parameter: str(int(self.size))} if self.size_parameter else {})}
        at: Step | None = Step(place, {**sized, **self._begin()}, 0)
        seen: set[tuple[str, str]] = set()
        before: Any = None
        while at is not None:
            where = (at.place, repr(sorted(at.parameters.items())))
            if where in seen or len(seen) >= MOST_PAGES:
                raise LibraryAway("its pages never end")
            seen.add(where)
            page = get(at.place, at.parameters)
            found = rows(page)
            if found and found == before:
                raise LibraryAway("gives the same page again: is the paging parameter right?")
            before = found
            yield found
            at = STEPS[self.kind](self, at._replace(rows=at.rows + len(found)), page, found)

    def _begin(self) -> dict[str, str]:
        begin = {"page": str(self.first), "offset": "0"}
        return {self.parameter: begin[self.kind]} if self.kind in begin else {}


class Step(NamedTuple):
    """Where the next page is, and how many rows came so far."""

    place: str
    parameters: Mapping[str, str]
    rows: int


def _none(paging: Paging, at: Step, page: Page, found: list[Any]) -> Step | None:
    return None


def _page(paging: Paging, at: Step, page: Page, found: list[Any]) -> Step | None:
    number = int(at.parameters[paging.parameter]) + 1
    return at._replace(parameters={**at.parameters, paging.parameter: str(number)}) if found else None


def _offset(paging: Paging, at: Step, page: Page, found: list[Any]) -> Step | None:
    return at._replace(parameters={**at.parameters, paging.parameter: str(at.rows)}) if found else None


def _cursor(paging: Paging, at: Step, page: Page, found: list[Any]) -> Step | None:
    cursor = paging.next.search(page.document)
    return None if cursor in (None, "", False) else at._replace(parameters={**at.parameters, paging.parameter: str(cursor)})


def _link(paging: Paging, at: Step, page: Page, found: list[Any]) -> Step | None:
    """The next address: of the answer's `next`, or of its header Link (RFC 8288). It carries its own parameters."""
    if paging.next is not None:
        address = paging.next.search(page.document)
    else:
        told = NEXT.search({name.lower(): value for name, value in page.headers.items()}.get("link", ""))
        address = told[1] if told else None
    return Step(str(address), {}, at.rows) if address else None


STEPS: dict[str, Callable[[Paging, Step, Page, list[Any]], Step | None]] = {
    "none": _none,
    "page": _page,
    "offset": _offset,
    "cursor": _cursor,
    "link": _link,
}
NEEDS = {"page": ("parameter",), "offset": ("parameter",), "cursor": ("parameter", "next")}


def missing(paging: Paging) -> str | None:
    """The word that this kind of paging needs and hasn't."""
    return next((name for name in NEEDS.get(paging.kind, ()) if not getattr(paging, name)), None)
