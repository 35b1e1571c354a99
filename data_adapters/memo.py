"""What web workers remember together (Flask-Caching over Redis), and each for itself, so that most questions need no way to Redis.

A rendered panel is remembered as the JSON that browsers get: 500 screens of one scope cost one rendering, not 500 encodings of it.
"""

import threading
import time
from collections import OrderedDict
from typing import Any

import orjson
from flask_caching import Cache
from plotly.io.json import to_json_plotly

KEPT_HERE = 1_000
AT_ONCE = 16
"""Ways to Redis at once: hundreds of screens may ask in one moment, and the client's connections are few."""


class Memo:
    """The Memo port of callbacks/faces.py. Safe for threads: the worst that two of them do is the same work twice."""

    def __init__(self, shared: Cache) -> None:
        self._shared = shared
        self._here: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._few = threading.BoundedSemaphore(AT_ONCE)

    def get(self, key: str) -> Any:
        """What is remembered under `key`, else None. A rendering comes as a fragment of JSON that Dash puts into its answer as it is."""
        held = self._known(key)
        if held is not None:
            return held
        with self._few:
            held = self._known(key)
            found = self._shared.get(key) if held is None else None
        if found is None:
            return held
        until_s, value = found
        return self._keep(key, value, until_s - time.time())

    def set(self, key: str, value: Any, timeout: int) -> Any:
        """Remember `value` for `timeout` seconds; a component, or a list of them, as its JSON."""
        if _is_rendering(value):
            value = to_json_plotly(value).encode()
        with self._few:
            self._shared.set(key, (time.time() + timeout, value), timeout=timeout)
        return self._keep(key, value, timeout)

    def _known(self, key: str) -> Any:
        until, held = self._here.get(key, (0.0, None))
        return held if until > time.monotonic() else None

    def _keep(self, key: str, value: Any, for_s: float) -> Any:
        held = orjson.Fragment(value) if isinstance(value, bytes) else value
        self._here[key] = (time.monotonic() + for_s, held)
        while len(self._here) > KEPT_HERE:
            self._here.popitem(last=False)
        return held


def _is_rendering(value: Any) -> bool:
    return hasattr(value, "to_plotly_json") or (isinstance(value, list) and any(hasattr(one, "to_plotly_json") for one in value))
