"""Every word that the script of dispatch writes, in one language: its own messages, the domain's tables, the city's names."""

from collections.abc import Mapping
from typing import Any

from domain.recommendation import REASONS, REFUSALS
from domain.travel import HOW
from domain.units import KINDS, STATES
from layouts.incidents.naming import Naming
from layouts.names import Names
from layouts.value import for_scripts

PREFIX = "dispatch."
ALSO = {"warned": "warned.", "response": "response.", "plan_kind": "plans.kind."}
"""Beginning of a word in the script -> the messages of other screens that it says too."""
Pairs = Mapping[str, tuple[str, str]]


def build(naming: Naming, names: Names) -> dict[str, Any]:
    """As JSON takes it. `next`: state -> the states that a unit may report after it, without being sent anew."""
    words = naming.words
    return {
        "words": words.beginning(PREFIX)
        | {f"{name}_{code.replace('.', '_')}": text for name, start in ALSO.items() for code, text in words.beginning(start).items()},
        "reasons": _picked(naming, REASONS),
        "refusals": _picked(naming, REFUSALS),
        "how": _picked(naming, HOW),
        "unit_kinds": _picked(naming, KINDS),
        "states": {code: words.pick(state.zh, state.en) for code, state in STATES.items()},
        "next": {code: [after for after in state.after if after != "assigned"] for code, state in STATES.items()},
        "free": [code for code, state in STATES.items() if state.free],
        "on_run": [code for code, state in STATES.items() if state.on_run],
        "regions": {code: naming.region(code) for code, one in naming.regions.items() if one.level in ("town", "district", "city", "zone")},
        "departments": {code: naming.department(code) for code in naming.departments},
        "metrics": names.how(words)["metrics"],
        "kinds": dict(names.kinds(words)),
        "value": for_scripts(words),
        "stale_after": names.freshness.stale_after if names.freshness.stale_after < float("inf") else None,
        "zone": words.zone,
        "lang": words.lang,
    }


def _picked(naming: Naming, table: Pairs) -> dict[str, str]:
    return {code: naming.words.pick(*pair) for code, pair in table.items()}
