"""Rosters as iCalendar (RFC 5545), by the package icalendar."""

from collections.abc import Mapping, Sequence

from icalendar import Calendar, Event

from domain.duty import Shift
from domain.event_time import to_datetime


class RosterCalendar:
    """Shifts as events; each keeps its uid, so that a changed shift replaces itself in a calendar."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, shifts: Sequence[Shift], title: str) -> bytes:
        """A calendar of these shifts."""
        calendar = Calendar()
        calendar.add("prodid", "-//CityDeck//duty//ZH")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", f"{self._words['duty.title']} {title}".strip())
        for shift in shifts:
            calendar.add_component(self._event(shift))
        return bytes(calendar.to_ical())

    def _event(self, shift: Shift) -> Event:
        event = Event()
        event.add("uid", f"{shift.shift_id}@citydeck")
        event.add("summary", f"{self._words[f'post.{shift.post}']} {shift.name}")
        event.add("dtstamp", to_datetime(shift.starts))
        event.add("dtstart", to_datetime(shift.starts))
        event.add("dtend", to_datetime(shift.ends))
        if shift.phone:
            event.add("contact", shift.phone)
        return event
