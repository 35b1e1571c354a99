"""Warnings from their first word to their last: issued, replaced once, lifted. What each word says is its office's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from xml.sax.saxutils import escape

from data_adapters.demo.platforms.cast import Due
from data_adapters.demo.play import Message

WORDS = ("Alert", "Update", "Cancel")
"""`msgType`, as CAP and GB/T 35965.1 both call the three."""
ZONE = timezone(timedelta(hours=8))


class Course(NamedTuple):
    """One warning: what it is about, and when each of WORDS is said (epoch ms, whole seconds)."""

    about: str
    times: tuple[int, int, int]


def spoken(courses: Iterable[Course], since: int, until: int, write: Callable[[Course, int], Message]) -> Iterator[Due]:
    """What is said after `since` and up to `until`; `write` makes the message of a course's word, by its place in WORDS."""
    for course in courses:
        yield from (Due(at, write(course, word)) for word, at in enumerate(course.times) if since < at <= until)


def in_force(courses: Iterable[Course], now: int, write: Callable[[Course, int], Message]) -> Iterator[Message]:
    """The last word on each warning that holds."""
    for course in courses:
        if course.times[0] <= now < course.times[-1]:
            yield write(course, sum(at <= now for at in course.times) - 1)


def local(at: int) -> datetime:
    """The moment by the clock of the demo city."""
    return datetime.fromtimestamp(at // 1000, ZONE)


def elements(facts: Mapping[str, str]) -> str:
    """Each that says something as an XML element of its name."""
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in facts.items() if text)
