"""Orders of other desks become incidents on the hotline spine, each once; and what is said of them there comes into their timelines.

Whatever is killed in between, the same order is reported under the same request, so that it is made once; and each statement is written
down under its own identity.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.access import Actor
from domain.appeals import Appeal, news
from domain.incident_life import Incident
from domain.incidents import Refused
from domain.masking import masked
from services.appeal_ports import OTHER_DESK, AppealStore
from services.incident_desk import IncidentDesk
from services.ports import FeedEvent

log = logging.getLogger("citydeck.appeals")
WATCHING = frozenset({"operator"})
TITLE = 60
TOKEN = "token:"
TEXTS = ("channel", "theme", "department", "said", "deadline", "url")
Say = Callable[[str, Mapping[str, Any]], str]
"""A message of the catalogue with its values."""
FromThere = Callable[[Appeal, Incident, int], object]
"""Told of a new order: its incident, and when."""


class Orders:
    """The consumer of the events `order`; run by jobs.py. `classes`: words of a theme -> class code."""

    def __init__(self, store: AppealStore, desk: IncidentDesk, classes: Mapping[str, str], say: Say, made: FromThere) -> None:
        self._store, self._desk, self._classes, self._say, self._made = store, desk, classes, say, made

    def deal(self, events: Sequence[FeedEvent], now: int) -> None:
        """Deal with these, in their order. One that cannot be an incident is said in the log, and stops no other."""
        for one in events:
            try:
                self._deal(one.feed, one, now)
            except Refused as refused:
                log.warning("order %s of %s is refused: %s %s", one.event.facts["number"], one.feed, refused.code, refused.params)

    def _deal(self, feed: str, one: FeedEvent, now: int) -> None:
        facts, at = one.event.facts, min(one.event.at, now)
        number = str(facts["number"])
        if facts.get("token") and not number.startswith(TOKEN):
            self._store.renumber(feed, f"{TOKEN}{facts['token']}", number)
        known = self._store.find(feed, number)
        brought = news(known, facts, at)
        if known is None and not facts.get("title") and not facts.get("text") and facts.get("token"):
            return  # a token's number, before the order itself has come
        if brought == "new":
            known = self._new(feed, one, at, now)
            brought = "status" if known.status not in ("open", "other") else ""
        if brought and known is not None:
            self._said(known, one, at, now)

    def _new(self, feed: str, one: FeedEvent, at: int, now: int) -> Appeal:
        facts = one.event.facts
        number = str(facts["number"])
        incident = self._desk.report(actor_of(feed), self._report(one), now, at, f"order:{number}")
        texts: dict[str, Any] = {name: str(facts.get(name, "")) for name in TEXTS}
        appeal = Appeal(feed, number, incident.incident_id, **texts, status=str(facts["status"]), status_at=at)
        self._store.keep(appeal, facts.get("appellant") or {})
        self._made(appeal, incident, at)
        return appeal

    def _report(self, one: FeedEvent) -> dict[str, Any]:
        facts, event = one.event.facts, one.event
        text = str(facts.get("text", ""))
        title = str(facts.get("title") or text[:TITLE] or self._say("appeal.untitled", {"number": facts["number"]}))
        place = {"address": str(facts.get("address") or self._say("appeal.no_place", {}))}
        if event.lon is not None and event.lat is not None:
            place |= {"lon": event.lon, "lat": event.lat}  # type: ignore[dict-item]
        code = next((code for word, code in self._classes.items() if word in str(facts.get("theme", ""))), "")
        said = {"title": title, "source": "hotline", "spine": "order", "place": place, "description": text}
        return {**said, **({"class_code": code} if code else {})}

    def _said(self, known: Appeal, one: FeedEvent, at: int, now: int) -> None:
        """Into the timeline, under the identity of the statement; then what is known of the order there."""
        facts, status = one.event.facts, str(one.event.facts["status"])
        words = {"word": str(facts.get("said") or self._say(f"outside.{status}", {})), "note": masked(str(facts.get("note", "")))}
        text = self._say("appeal.urged" if status == "urged" else "appeal.said", words).strip()
        incident = self._desk.mine(actor_of(known.feed), known.incident_id)
        deed, said = ("remind", {"note": text}) if status == "urged" and incident.open else ("say", {"text": text})
        self._desk.act(actor_of(known.feed), known.incident_id, deed, said, None, now, at, f"said:{one.event.event_id}")
        urged = status == "urged"
        texts = {name: str(facts.get(name) or getattr(known, name)) for name in ("department", "deadline", "url")}
        status = known.status if urged and known.status in ("open", "reopened") else status
        said_there = known.said if urged else str(facts.get("said", ""))
        self._store.change(known._replace(status=status, said=said_there, status_at=at, reminders=known.reminders + urged, **texts))


def actor_of(feed: str) -> Actor:
    """In whose name the other desk's words are written down."""
    return Actor(f"{OTHER_DESK}{feed}", WATCHING)
