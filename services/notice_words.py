"""The words of a notice: `notice.<template>.title` and `.body` of a catalogue, filled with what the notice carries."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any


def said(catalogue: Mapping[str, str], template: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body in the catalogue's language. What the notice does not carry is left empty; KeyError for an unknown template.

    A notice of an exercise says so before anything else."""
    given = defaultdict(str, {name: _plain(value) for name, value in params.items()})
    given["deed"] = catalogue.get(f"deed.{given['deed']}", given["deed"])
    title, body = (catalogue[f"notice.{template}.{part}"].format_map(given) for part in ("title", "body"))
    mark = catalogue["notice.exercise"] if params.get("exercise") else ""
    return f"{mark}{title.strip()}", body.strip()


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
