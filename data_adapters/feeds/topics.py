"""A topic pattern with named parts, as feeds whose devices stand in the topic are told it: `weather/{station}/json`.

`{name}` is the whole or a part of one level, `+` any one level, `#` at the end any rest. Device ids are made of such parts: `ws-{station}`.
"""

import re
from collections.abc import Collection, Mapping
from string import Formatter
from typing import Any

PART = re.compile(r"\{([a-z][a-z0-9_]*)\}")
MAX_PATTERN = 200


class TopicPattern:
    """Raises ValueError, saying what was expected, for what is no pattern."""

    def __init__(self, pattern: str) -> None:
        self.names = tuple(PART.findall(pattern))
        plain = PART.sub("", pattern)
        if (
            not pattern
            or len(pattern) > MAX_PATTERN
            or set("{}") & set(plain)
            or "#" in plain[:-1]
            or len(set(self.names)) != len(self.names)
        ):
            raise ValueError("a topic with {names} (small letters, none twice), such as weather/{station}/json")
        self._matches = re.compile("/".join(map(_level, pattern.split("/")))).fullmatch

    def parts(self, topic: str) -> dict[str, str] | None:
        """Name -> text, or None for a topic of another shape."""
        found = self._matches(topic)
        return found.groupdict() if found else None


def _level(level: str) -> str:
    if level in ("+", "#"):
        return "[^/]*" if level == "+" else ".*"
    return "".join(f"(?P<{piece}>[^/]+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(PART.split(level)))


def topic_pattern(raw: Any) -> TopicPattern:
    """A pattern in a setting. Raises ValueError."""
    if not isinstance(raw, str):
        raise ValueError("a topic with {names}, such as weather/{station}/json")
    return TopicPattern(raw)


def filled(template: str, parts: Mapping[str, str]) -> str:
    """The template with its names replaced; nothing but names is read in it."""
    return PART.sub(lambda found: parts[found[1]], template)


def template_names(raw: Any, known: Collection[str]) -> tuple[str, ...]:
    """The names that a template uses. Raises ValueError for one that isn't `known`, and for what is no template."""
    expected = f"text with any of {', '.join(f'{{{name}}}' for name in known) or 'no names'}"
    if not isinstance(raw, str) or not raw:
        raise ValueError(expected)
    try:
        names = [name for _, name, _, _ in Formatter().parse(raw) if name is not None]
    except ValueError:
        raise ValueError(expected) from None
    if not set(names) <= set(known) or tuple(names) != tuple(PART.findall(raw)):
        raise ValueError(expected)
    return tuple(names)
