"""Performance is counted from what happened, without exercises and what was carried; nothing divided by nothing."""

from domain.performance import by_post, performance
from tests.domain.incident_cast import HANDLER, HOUR, LIMITS, MINUTE, OPERATOR, SHIFT_LEADER, Story

SCORING = LIMITS.scoring


def done(after: int = MINUTE, **said: object) -> Story:
    story = Story(**said).handled().do(HANDLER, "feed_back", {"note": "-"}, after=after)  # type: ignore[arg-type]
    return story.do(OPERATOR, "check", {"note": "-"}).do(SHIFT_LEADER, "close")


def by_lead(incident: object) -> list[str]:
    return [incident.lead] if incident.lead else []  # type: ignore[attr-defined]


def test_what_was_handled_in_time_closed_reworked_and_liked_is_counted_per_unit() -> None:
    late = done(after=5 * HOUR)
    reworked = Story().handled().do(HANDLER, "feed_back", {"note": "-"}).do(OPERATOR, "rework", {"reason": "未清"})
    reworked.do(HANDLER, "feed_back", {"note": "-"}).do(OPERATOR, "check", {"note": "-"}).do(SHIFT_LEADER, "close")
    liked = done().do(OPERATOR, "evaluate", {"score": 5})
    still = Story().handled()
    row = performance([one.incident for one in (late, reworked, liked, still)], by_lead, SCORING).rows[0]
    assert (row.key, row.incidents, row.closed, row.closing) == ("water", 4, 3, 0.75)
    assert (row.on_time, row.rework, row.signed, row.satisfied, row.returned) == (0.6667, 0.3333, 1.0, 1.0, 0.0)
    assert row.redone is None, "there was no hotline order"


def test_exercises_and_what_is_carried_do_not_count() -> None:
    carried = Story().handled().do(HANDLER, "carry", {"reason": "-"}, after=5 * HOUR).do(SHIFT_LEADER, "approve:carry")
    assert performance([done(exercise=True).incident, carried.incident], by_lead, SCORING) == ([], [[], [], []])


def test_towns_are_compared_per_head_and_in_tiers() -> None:
    towns = [done(region=f"t{n % 5}", after=MINUTE + (5 * HOUR if n < 2 else 0)).incident for n in range(12)]
    rows, bands = performance(towns, lambda one: [one.region], SCORING, {"t0": 1.5})
    assert {row.key: row.per_10k for row in rows}["t0"] == 2.0 and {row.key: row.per_10k for row in rows}["t1"] is None
    assert [len(band) for band in bands] == [2, 2, 1] and {*bands[2], *bands[1]} >= {"t0", "t1"}
    assert [len(band) for band in performance(towns, lambda one: [one.region], SCORING._replace(tiers=2)).tiers] == [3, 2]


def test_nothing_to_divide_by_is_none() -> None:
    (row,), bands = performance([Story().incident], lambda one: ["x"], SCORING)
    assert (row.on_time, row.rework, row.returned, row.signed, row.satisfied, row.closing) == (None, None, None, None, None, 0.0)
    assert bands == [[], [], []]


def test_a_post_is_told_how_many_of_its_own_steps_were_in_time() -> None:
    slow = Story().do(OPERATOR, "accept").do(OPERATOR, "verify", {"note": "-"}, after=HOUR).do(SHIFT_LEADER, "file")
    rows, tiers = by_post([done(after=5 * HOUR).incident, slow.incident, done(exercise=True).incident])
    shares = {row.key: (row.incidents, row.on_time) for row in rows}
    assert shares == {"operator": (2, 0.6667), "duty_officer": (2, 1.0), "dispatcher": (2, 1.0), "handler": (1, 0.0)}
    assert tiers == [] and rows[0].closing is None
