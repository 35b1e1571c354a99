"""Strict YAML for the files that a city changes: an error is one line that names file, entry, key, value, and what was expected.

An unknown or missing key is an error too, and so is a key that is there twice.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
HIDDEN = re.compile(r"passw|secret|token|api_?key|credential", re.IGNORECASE)
"""Keys whose values are nobody's business, least of all a log's."""
REQUIRED: Any = object()
Field = tuple[Callable[[Any], Any], Any]
"""How to read a value (raises ValueError saying what was expected), and its default, or REQUIRED."""


class ConfigError(ValueError):
    """A configuration file is wrong; the text is one line for the person who edits it."""


class _Loader(yaml.CSafeLoader):
    """YAML without a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice!r} is there twice", node.start_mark)
        return mapping


def text(raw: Any) -> str:
    """Text that says something."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("text")
    return raw


def unit(raw: Any) -> str:
    """A unit; empty for none."""
    if not isinstance(raw, str):
        raise ValueError("text, empty where there is no unit")
    return raw


def yes_or_no(raw: Any) -> bool:
    """true or false."""
    if not isinstance(raw, bool):
        raise ValueError("true or false")
    return raw


def number(raw: Any) -> float:
    """A finite number."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw or abs(raw) == float("inf"):
        raise ValueError("a number")
    return float(raw)


def not_negative(raw: Any) -> float:
    """A number from 0 on."""
    if number(raw) < 0:
        raise ValueError("a number, 0 or more")
    return float(raw)


def at_least_one(raw: Any) -> float:
    """A number from 1 on."""
    if number(raw) < 1:
        raise ValueError("a number, 1 or more")
    return float(raw)


def above_zero(raw: Any) -> float:
    """A number above 0."""
    if number(raw) <= 0:
        raise ValueError("a number above 0")
    return float(raw)


def whole(low: int, high: int | None = None) -> Callable[[Any], int]:
    """A reader of whole numbers from `low` to `high`, or without end."""

    def read(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < low or (high is not None and raw > high):
            raise ValueError(f"a whole number from {low} {'on' if high is None else f'to {high}'}")
        return raw

    return read


decimals = whole(0, 6)
"""How many digits are shown."""


def bounds(raw: Any) -> tuple[float | None, float | None]:
    """A range, `None` for an end without bound."""
    expected = "[low, high], low below high, null for no bound"
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError(expected)
    try:
        low, high = (None if end is None else number(end) for end in raw)
    except ValueError:
        raise ValueError(expected) from None
    if low is not None and high is not None and low >= high:
        raise ValueError(expected)
    return low, high


def one_of(*allowed: str) -> Callable[[Any], str]:
    """A reader that takes these words only."""

    def read(raw: Any) -> str:
        if not isinstance(raw, str) or raw not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return raw

    return read


def several_of(allowed: Mapping[str, Any]) -> Callable[[Any], tuple[str, ...]]:
    """A reader for a list of these words, none twice."""

    def read(raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(one, str) and one in allowed for one in raw) or len(set(raw)) != len(raw):
            raise ValueError(f"a list, none twice, of {', '.join(allowed)}")
        return tuple(raw)

    return read


def read_tree(path: Path) -> dict[Any, Any]:
    """The file's mapping as it stands, no key twice. Raises ConfigError."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path.name}: {raw!r}: expected entries, each a name with its keys")
    return raw


def named_entries(path: Path, raw: Mapping[Any, Any]) -> None:
    """That each entry is a name with keys. Raises ConfigError."""
    for name, entry in raw.items():
        if not isinstance(name, str) or not isinstance(entry, dict):
            raise ConfigError(f"{path.name}: {name}: {entry!r}: expected a name with keys")


def read_entries(path: Path, fields: Callable[[Mapping[str, Any]], Mapping[str, Field]]) -> dict[str, dict[str, Any]]:
    """Entry -> key -> value. `fields` gives the keys an entry may have, from what it says. Raises ConfigError."""
    raw = read_tree(path)
    named_entries(path, raw)
    return {name: read_entry(path, name, entry, fields(entry)) for name, entry in raw.items()}


def read_values(path: Path, readers: Mapping[str, Callable[[Any], Any]], units: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Entry -> value, for a file of exactly these entries, each a `value` with its `source`, and its `unit` where `units` names one.

    Raises ConfigError.
    """
    said: dict[str, Field] = dict.fromkeys(("unit", "source") if units else ("source",), (text, REQUIRED))
    found = read_entries(path, lambda _: {"value": (lambda raw: raw, REQUIRED), **said})
    if set(found) != set(readers):
        odd = ", ".join(sorted(set(found) ^ set(readers)))
        raise ConfigError(f"{path.name}: {odd}: expected exactly the entries {', '.join(readers)}")
    for name, unit_of in (units or {}).items():
        if found[name]["unit"] != unit_of:
            raise wrong(path, name, "unit", found[name]["unit"], unit_of)
    return {name: _value(path, name, found[name]["value"], read) for name, read in readers.items()}


def _value(path: Path, name: str, raw: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(raw)
    except ValueError as error:
        raise wrong(path, name, "value", raw, str(error)) from None


def read_entry(path: Path, name: str, entry: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """Key -> value of the entry `name`, defaults filled in. Raises ConfigError."""
    for key, value in entry.items():
        if key not in fields:
            raise wrong(path, name, key, value, f"a known key: {', '.join(fields)}")
    found = {}
    for key, (read, default) in fields.items():
        if key not in entry:
            if default is REQUIRED:
                raise ConfigError(f"{path.name}: {name}: {key}: is missing")
            found[key] = default
            continue
        try:
            found[key] = read(entry[key])
        except ValueError as error:
            raise wrong(path, name, key, entry[key], str(error)) from None
    return found


def wrong(path: Path, name: str, key: str, value: Any, expected: str) -> ConfigError:
    """The line for a value that cannot be used; what may be a secret is not repeated in it."""
    return ConfigError(f"{path.name}: {name}: {key}: {_shown(key, value)!r}: expected {expected}")


def _shown(key: str, value: Any) -> Any:
    if HIDDEN.search(key):
        return "(not shown)"
    return {inner: _shown(str(inner), one) for inner, one in value.items()} if isinstance(value, dict) else value
