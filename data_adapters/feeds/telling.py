"""Telling another desk what became of its order: the setting `tell`, and one bounded request. What is sent names nobody who appealed.

Every statement carries a key of its own, so that a desk that heard it and whose answer was lost can tell that it comes again.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import HTTPError

from config.strict import REQUIRED, Field, one_of
from data_adapters.feeds.asking import poll_settings, seconds, session, url, word
from domain.event_time import to_datetime
from domain.incident_states import SPINES
from services.appeal_ports import Statement
from services.notice_ports import NotDelivered

STATES = tuple(state.code for state in SPINES["order"])
PARTS: Mapping[str, Callable[[Statement, str], str]] = {
    "number": lambda said, _: said.number,
    "status": lambda _, status: status,
    "state": lambda said, _: said.state,
    "time": lambda said, _: to_datetime(said.at).isoformat(timespec="seconds").replace("+00:00", "Z"),
    "note": lambda said, _: said.note,
    "department": lambda said, _: said.department,
    "our_number": lambda said, _: said.our_number,
    "key": lambda said, _: said.key,
}
"""What can be told of a statement, beside which the desk's own names stand."""
TAKEN = range(200, 300)
MOST_ANSWER = 64 * 1024


class Tell(NamedTuple):
    """`states`: our state -> the desk's word; a state that is not there is not told. `fields`: the desk's name -> a name of PARTS."""

    url: str
    states: Mapping[str, str]
    fields: Mapping[str, str]
    format: str
    header: str | None
    timeout_s: float


def _states(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw or not set(raw) <= set(STATES) or not all(isinstance(one, str) and one for one in raw.values()):
        raise ValueError(f"`states`: any of {', '.join(STATES)}, each with the other desk's word")
    return raw


def _fields(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw or not all(isinstance(name, str) for name in raw) or not set(raw.values()) <= set(PARTS):
        raise ValueError(f"`fields`: the other desk's names, each with one of {', '.join(PARTS)}")
    return raw


TELL: dict[str, Field] = {
    "url": (url, REQUIRED),
    "states": (_states, REQUIRED),
    "fields": (_fields, {"number": "number", "status": "status", "time": "time", "note": "note", "department": "department", "key": "key"}),
    "format": (one_of("json", "form"), "json"),
    "header": (word, None),
    "timeout_s": (seconds, 10.0),
}


def _tell(raw: Any) -> Tell:
    return Tell(**poll_settings(raw, TELL))


TELL_FIELDS: dict[str, Field] = {"tell": (_tell, None)}


class Teller:
    """Tells one desk. `extra`: fields that go with every statement."""

    def __init__(self, tell: Tell, token: str = "", extra: Mapping[str, str] | None = None) -> None:
        self._tell, self._extra = tell, dict(extra or {})
        shown = {} if not token else {tell.header: token} if tell.header else {"Authorization": f"Bearer {token}"}
        self._session = session(shown)

    def word(self, state: str) -> str:
        """The desk's word for a state of ours; empty for one that it is not told of."""
        return self._tell.states.get(state, "")

    def tell(self, said: Statement) -> None:
        """Tell it, once. Raises NotDelivered, without a secret in its text."""
        told = {**self._extra, **{name: PARTS[ours](said, self.word(said.state)) for name, ours in self._tell.fields.items()}}
        body = {"json": told} if self._tell.format == "json" else {"data": told}
        try:
            with self._session.post(
                self._tell.url,
                headers={"Idempotency-Key": said.key},
                timeout=self._tell.timeout_s,
                allow_redirects=False,
                stream=True,
                **body,  # type: ignore[arg-type]
            ) as answer:
                answer.raw.read(MOST_ANSWER)
                if answer.status_code not in TAKEN:
                    raise NotDelivered(f"answered {answer.status_code}")
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise NotDelivered(type(error).__name__) from None


def said_of(settings: Mapping[str, Any]) -> Tell | None:
    """The setting `tell`, which the adapter has checked; None without it."""
    return _tell(settings["tell"]) if settings.get("tell") else None
