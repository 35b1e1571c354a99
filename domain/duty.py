"""Duty rosters 值班: who is on when, at which post, and where nobody is (a gap in cover is an alarm)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

POSTS = ("leader_on_duty", "shift_leader", "watch_officer", "seat")
"""带班领导, 值班长, 值班员, 派驻席位. The first three are owed at every moment (config/duty.yaml says how many)."""


GAP_STATES = ("empty", "short", "coming")


class Shift(NamedTuple):
    """One person at one post from `starts` to `ends` (epoch ms). `department` is empty for the center itself."""

    shift_id: str
    post: str
    department: str
    username: str
    name: str
    phone: str
    starts: int
    ends: int


class DutyRules(NamedTuple):
    """What a city's duty is by config/duty.yaml: how many people each post of the center is owed at every moment, the shifts of a day
    (name -> minutes after midnight of its beginning and its end, the end on the next day where it comes first), how many days ahead
    gaps are looked for, how long a shift may last, and how long before it begins its people may sign the hand-over. `severities`: what a
    gap is as an alarm, by its state (GAP_STATES): empty while nobody is there, short while too few are, coming before it begins."""

    owed: Mapping[str, int]
    patterns: Mapping[str, tuple[int, int]]
    ahead_days: int
    longest_ms: int
    early_ms: int
    severities: Mapping[str, str]


class Gap(NamedTuple):
    """From `starts` to `ends` the post has `there` people where `owed` are owed."""

    post: str
    department: str
    starts: int
    ends: int
    there: int
    owed: int


def on_duty(shifts: Iterable[Shift], at: int, post: str | None = None, department: str = "") -> list[Shift]:
    """Who is on at that moment, in the order of the posts, then by name."""
    found = [one for one in shifts if one.starts <= at < one.ends and one.department == department and post in (None, one.post)]
    return sorted(found, key=lambda one: (POSTS.index(one.post), one.name, one.shift_id))


def gaps(shifts: Sequence[Shift], owed: Mapping[str, int], since: int, until: int, department: str = "") -> list[Gap]:
    """Where posts are short between two moments; each gap as long as its number stays the same. Sorted by time."""
    ours = [one for one in shifts if one.department == department and one.ends > since and one.starts < until]
    found: list[Gap] = []
    for post, wanted in owed.items():
        edges = sorted(
            {since, until, *(min(max(edge, since), until) for one in ours if one.post == post for edge in (one.starts, one.ends))}
        )
        for start, end in pairwise(edges):
            there = len({one.username for one in ours if one.post == post and one.starts <= start and one.ends >= end})
            if there < wanted:
                found.append(Gap(post, department, start, end, there, wanted))
    return sorted(found, key=lambda gap: (gap.starts, POSTS.index(gap.post)))


def standing(shifts: Sequence[Shift], owed: Mapping[str, int], at: int, since: int, until: int) -> list[Gap]:
    """The gaps of the center at that moment, each from when its post became short (`since`: then or before) to when it will no longer be
    (`until`: then or later), whatever its number was in between."""
    found = gaps(shifts, owed, since, until)
    now = [one for one in found if one.starts <= at < one.ends]
    return [one._replace(starts=_reach(found, one, "starts", "ends"), ends=_reach(found, one, "ends", "starts")) for one in now]


def _reach(found: Sequence[Gap], gap: Gap, edge: str, other: str) -> int:
    """How far the shortage goes on over the gaps that touch this one."""
    here = int(getattr(gap, edge))
    while touching := [one for one in found if one.post == gap.post and getattr(one, other) == here]:
        here = int(getattr(touching[0], edge))
    return here


def state_of(gap: Gap, now: int) -> str:
    """One of GAP_STATES."""
    return "coming" if gap.starts > now else "short" if gap.there else "empty"


def overlaps(shifts: Iterable[Shift], new: Shift) -> list[Shift]:
    """Shifts of the same person that the new one collides with: nobody sits at two posts at once."""
    return [
        one for one in shifts
        if one.username == new.username and one.shift_id != new.shift_id and one.starts < new.ends and new.starts < one.ends
    ]  # fmt: skip


def chain_of(shifts: Sequence[Shift], at: int, department: str = "") -> tuple[str, ...]:
    """Who is called one after the other: the watch officers on duty, the shift leader, the leader on duty. Nobody twice."""
    order = (
        ("watch_officer", "shift_leader", "leader_on_duty")
        if not department
        else ("seat", "watch_officer", "shift_leader", "leader_on_duty")
    )
    return tuple(dict.fromkeys(one.username for post in order for one in on_duty(shifts, at, post, department)))
