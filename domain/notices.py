"""Notices to named persons, and calling until somebody answers (叫应): pure rules over what was sent and answered.

A notice is one message to one person over one channel about one thing; its key makes sure that nobody gets the same thing twice.
A calling goes down a chain of people: each is called `calls` times, `wait_s` apart, until one answers; when nobody does, the list of
those who were not reached goes to the superior.
"""

from typing import NamedTuple

CHANNELS = ("app", "email", "http")
"""In the application (always), by e-mail, to the city's own message gateway (SMS, telephone robot) over HTTP."""
STATES = ("waiting", "sending", "sent", "failed", "unsure")
"""`unsure`: the process ended while it was sending; nobody knows whether it arrived, so it is not sent again and a person is told."""


class Delivery(NamedTuple):
    """How notices are sent: `pauses_s` between attempts, the last one kept to; `attempts` in all.

    `claim_s`: a sender that holds a notice for longer has been killed; `test_pause_s`: between two tests of one person.
    """

    pauses_s: tuple[float, ...]
    attempts: int
    claim_s: float
    test_pause_s: float

    def next_attempt(self, attempts: int, now: int) -> int | None:
        """When a notice that failed `attempts` times is tried again (epoch ms); None when it is given up."""
        if attempts >= self.attempts:
            return None
        return now + round(self.pauses_s[min(attempts, len(self.pauses_s)) - 1] * 1000)


def key_of(thing: str, username: str, channel: str, call: int = 0, turn: int = 1) -> str:
    """What makes a notice the same one: the thing, the person, the channel, which call it is, and the how manieth calling."""
    return f"{thing}|{username}|{channel}|{call}" + (f"|{turn}" if turn > 1 else "")


class CallRule(NamedTuple):
    """How somebody is called: `calls` times, `wait_s` seconds each, over these channels; then the next in the chain.

    `after_s`: how long a thing may wait for somebody to take it by themselves before anybody is called.
    """

    calls: int
    wait_s: float
    channels: tuple[str, ...]
    source: str
    after_s: float = 0.0


class Calling(NamedTuple):
    """One calling. `position` in `chain` and `call` (from 1) say who is being called now; `next_at` is when that is over.

    `turn`: the how manieth calling about the thing it is; what is lit again after somebody had taken it is called about again.
    """

    calling_id: str
    thing: str
    template: str
    chain: tuple[str, ...]
    position: int
    call: int
    next_at: int
    state: str
    answered_by: str = ""
    answered_at: int | None = None
    superior: str = ""
    turn: int = 1

    @property
    def person(self) -> str:
        """Who is being called."""
        return self.chain[self.position] if self.position < len(self.chain) else ""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom it may come to."""
        return (*self.chain, self.superior)

    @property
    def not_reached(self) -> tuple[str, ...]:
        """Those who were called in vain so far."""
        return self.chain[: self.position]


CALLING, ANSWERED, EXHAUSTED, ENDED = "calling", "answered", "exhausted", "ended"


def begin(
    calling_id: str, thing: str, template: str, chain: tuple[str, ...], superior: str, rule: CallRule, now: int, turn: int = 1
) -> Calling:
    """Call the first of the chain. An empty chain is exhausted at once."""
    state = CALLING if chain else EXHAUSTED
    return Calling(calling_id, thing, template, chain, 0, 1, now + round(rule.wait_s * 1000), state, superior=superior, turn=turn)


def go_on(calling: Calling, rule: CallRule, now: int) -> Calling:
    """What a calling does when its time is over: call again, or the next one, or give up. Unchanged before that and when it is over."""
    if calling.state != CALLING or now < calling.next_at:
        return calling
    following = now + round(rule.wait_s * 1000)
    if calling.call < rule.calls:
        return calling._replace(call=calling.call + 1, next_at=following)
    if calling.position + 1 < len(calling.chain):
        return calling._replace(position=calling.position + 1, call=1, next_at=following)
    return calling._replace(position=len(calling.chain), state=EXHAUSTED)


def answer(calling: Calling, username: str, now: int) -> Calling:
    """Somebody of the chain, or the superior, answers. Unchanged for others, and when it is over; an exhausted one can be answered."""
    if calling.state not in (CALLING, EXHAUSTED) or username not in calling.people:
        return calling
    return calling._replace(state=ANSWERED, answered_by=username, answered_at=now)
