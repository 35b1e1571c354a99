"""The words of a notice: `notice.<template>.title` and `.body` of a catalogue, filled with what the notice carries."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

PEOPLE = ("by", "not_reached")
"""What of a notice are usernames: one, or a list."""


def people_in(params: Mapping[str, Any]) -> set[str]:
    """The usernames that a notice carries; a rule and another desk are nobody."""
    held = [params.get(name) or [] for name in PEOPLE]
    found = {who for each in held for who in ([each] if isinstance(each, str) else each)}
    return {who for who in found if ":" not in who}


def with_names(params: Mapping[str, Any], called: Callable[[str], str]) -> dict[str, Any]:
    """What a notice carries, with people by their names."""

    def told(value: Any) -> Any:
        return [called(who) for who in value] if isinstance(value, list | tuple) else called(value) if value else value

    return {**params, **{name: told(params[name]) for name in PEOPLE if name in params}}


def said(catalogue: Mapping[str, str], template: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body in the catalogue's language. What the notice does not carry is left empty; KeyError for an unknown template.

    A notice of an exercise says so before anything else."""
    given = defaultdict(str, {name: _plain(value, catalogue["list.comma"]) for name, value in params.items()})
    given["deed"] = catalogue.get(f"deed.{given['deed']}", given["deed"])
    title, body = (catalogue[f"notice.{template}.{part}"].format_map(given) for part in ("title", "body"))
    mark = catalogue["notice.exercise"] if params.get("exercise") else ""
    return f"{mark}{title.strip()}", body.strip()


def _plain(value: Any, comma: str) -> str:
    return comma.join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
