"""What the people who work here are called, for whatever tells who did something."""

from collections import Counter
from collections.abc import Callable, Mapping

KEPT_MS = 30_000


class People:
    """`read` gives username -> name of every account, `now` epoch milliseconds; both are asked again after KEPT_MS at the earliest."""

    def __init__(self, read: Callable[[], Mapping[str, str]], now: Callable[[], int]) -> None:
        self._read, self._now = read, now
        self._names: Mapping[str, str] = {}
        self._read_at: int | None = None

    def called(self, username: str) -> str:
        """The person's name, with the username where two have that name; the username itself of somebody who has none or is unknown."""
        if self._read_at is None or self._now() - self._read_at > KEPT_MS:
            self._names, self._read_at = distinct(self._read()), self._now()
        return self._names.get(username, username)


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Username -> what tells the person from every other; nothing for those without a name."""
    held = Counter(names.values())
    return {who: name if held[name] == 1 else f"{name} ({who})" for who, name in names.items() if name.strip()}
