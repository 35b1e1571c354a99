"""What web workers remember together (Flask-Caching over Redis), and each for itself, so that most questions need no way to Redis.

A rendered panel is remembered as the JSON that browsers get: 500 screens of one scope cost one rendering, not 500 encodings of it.
"""

import time
from collections import OrderedDict
from typing import Any

import orjson
from flask_caching import Cache
from plotly.io.json import to_json_plotly

KEPT_HERE = 1_000


class Memo:
    """The Memo port of callbacks/faces.py. Safe for threads: the worst that two of them do is the same work twice."""

    def __init__(self, shared: Cache) -> None:
        self._shared = shared
        self._here: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def get(self, key: str) -> Any:
        """What is remembered under `key`, else None. A rendering comes as a fragment of JSON that Dash puts into its answer as it is."""
        until, held = self._here.get(key, (0.0, None))
        if until > time.monotonic():
            return held
        found = self._shared.get(key)
        if found is None:
            return None
        until_s, value = found
        return self._keep(key, value, until_s - time.time())

    def set(self, key: str, value: Any, timeout: int) -> Any:
        """Remember `value` for `timeout` seconds; a component, or a list of them, as its JSON."""
        if _is_rendering(value):
            value = to_json_plotly(value).encode()
        self._shared.set(key, (time.time() + timeout, value), timeout=timeout)
        return self._keep(key, value, timeout)

    def _keep(self, key: str, value: Any, for_s: float) -> Any:
        held = orjson.Fragment(value) if isinstance(value, bytes) else value
        self._here[key] = (time.monotonic() + for_s, held)
        while len(self._here) > KEPT_HERE:
            self._here.popitem(last=False)
        return held


def _is_rendering(value: Any) -> bool:
    return hasattr(value, "to_plotly_json") or (isinstance(value, list) and any(hasattr(one, "to_plotly_json") for one in value))
