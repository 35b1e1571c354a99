"""JMESPath in the settings, and its evaluation on what a network delivers: bounded, and never raising anything but Unreadable."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import jmespath

MAX_PATH = 500
MAX_ITEMS = 1000
ELSEWHERE = ("whole", "parent")


class Unreadable(ValueError):
    """The expression can't be evaluated on this message; the text says why."""


class Path(NamedTuple):
    """A compiled expression, on the record itself (""), on its `parent` (what `within` gave) or on the `whole` message."""

    text: str
    expression: Any
    on: str


def path(raw: Any) -> Path:
    """An expression in a setting: text, `{whole: text}` or `{parent: text}`. Raises ValueError."""
    on, text = next(iter(raw.items())) if isinstance(raw, dict) and len(raw) == 1 else ("", raw)
    if on not in ("", *ELSEWHERE) or not isinstance(text, str) or not 0 < len(text) <= MAX_PATH:
        raise ValueError(f"a JMESPath of at most {MAX_PATH} characters, {{whole: JMESPath}} or {{parent: JMESPath}}")
    try:
        return Path(text, jmespath.compile(text), on)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"a JMESPath ({' '.join(str(error).split())[:120]})") from None


class Item(NamedTuple):
    """A record, and what it stands in."""

    parent: Any
    value: Any


class Scope:
    """One message while it is read. What is asked of the whole message is evaluated once."""

    def __init__(self, message: Any) -> None:
        self._message = message
        self._known: dict[str, Any] = {}

    def find(self, asked: Path, item: Item) -> Any:
        """What the path gives; None where there is nothing. Raises Unreadable."""
        if asked.on != "whole":
            return _search(asked, item.parent if asked.on == "parent" else item.value)
        if asked.text not in self._known:
            self._known[asked.text] = _search(asked, self._message)
        return self._known[asked.text]

    def items(self, within: Path | None, each: Path | None) -> Iterator[Item]:
        """The records: each of `each` in each of `within`, both optional. Raises Unreadable."""
        whole = Item(self._message, self._message)
        for outer in self.several(within, whole):
            yield from self.several(each, Item(self._message, outer.value))

    def several(self, asked: Path | None, item: Item) -> list[Item]:
        """The parts of `item` that the path gives, at most MAX_ITEMS: each of a list, else the one. Raises Unreadable."""
        if asked is None:
            return [item]
        found = self.find(asked, item)
        parts = found if isinstance(found, list) else [] if found is None else [found]
        if len(parts) > MAX_ITEMS:
            raise Unreadable(f"`{asked.text}` gives {len(parts)} records, at most {MAX_ITEMS}")
        return [Item(item.value, part) for part in parts]


def _search(asked: Path, value: Any) -> Any:
    try:
        return asked.expression.search(value)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        # JMESPath's own errors are ValueErrors; comparing or counting hostile values raises what Python raises.
        raise Unreadable(f"`{asked.text}`: {' '.join(str(error).split())[:200]}") from None
