"""Whom to send: the order, its reasons, and what is missing."""

from hypothesis import given
from hypothesis import strategies as st

from data_adapters.assigning import HungarianAssigner
from domain.recommendation import REASONS, REFUSALS, Candidate, Need, Rules, greedy, plan_of, recommend
from domain.travel import NO_GRAPH, ROAD, Arrival, Point
from domain.units import Unit
from services.recommending import Call, Recommender, Standing

RULES = Rules({"available": 1.0, "returning": 1.1}, 0.8, 1.05, 1.5, 3600)
FIRE = Need("engine", 2, frozenset({"foam"}))


def candidate(
    unit_id, seconds, state="available", *, can=("engine", "foam"), region="", load=0, on_shift=True, how=ROAD, has=(), base_s=0.0
):
    unit = Unit(unit_id, unit_id, "vehicle", frozenset(can), 113.7, 23.0, region, "fire")
    return Candidate(unit, state, Arrival(seconds, how), load, on_shift, frozenset(has), base_s)


def order(*candidates, need=FIRE, regions=("r2",), rules=RULES):
    (answer,) = recommend([need], candidates, regions, rules)
    return answer


def test_the_nearest_come_first_and_as_many_as_needed_are_sent():
    answer = order(candidate("c", 300), candidate("a", 100), candidate("b", 200))
    assert [one.unit_id for one in answer.ranked] == ["a", "b", "c"]
    assert (answer.send, answer.missing) == (("a", "b"), 0)


def test_every_factor_is_told_as_a_reason_and_makes_the_score():
    answer = order(candidate("x", 100, "returning", region="r2", load=2, can=("engine",), how=NO_GRAPH))
    (found,) = answer.ranked
    assert [reason.code for reason in found.reasons] == ["arrival", "how", "state", "own_region", "load", "lacks"]
    assert {reason.code for reason in found.reasons} <= set(REASONS)
    assert found.seconds == 100 and abs(found.score - 100 * 1.1 * 0.8 * 1.05**2 * 1.5) < 1e-9
    assert found.reasons[1].value == NO_GRAPH and found.reasons[-1].value == "foam"


def test_what_cannot_go_is_counted_by_its_reason_and_what_is_missing_is_said():
    answer = order(
        candidate("a", 100),
        candidate("b", 10, "on_scene"),
        candidate("c", 10, on_shift=False),
        candidate("d", 10, can=("ladder",)),
        candidate("e", 4000),
    )
    assert (answer.send, answer.missing) == (("a",), 1)
    assert answer.refused == {"state": 1, "off_shift": 1, "capability": 1, "too_far": 1}
    assert set(answer.refused) <= set(REFUSALS)


def test_a_unit_of_the_incident_s_region_goes_before_one_that_is_a_little_nearer():
    near, own = candidate("near", 100), candidate("own", 120, region="r2")
    assert order(near, own).send == ("own", "near")
    assert order(near, candidate("own", 130, region="r2")).send == ("near", "own")


BY_BASE = RULES._replace(by_base={"engine": 0.5})


def told(answer, code="base_order"):
    return {one.unit_id: (reason.value, round(reason.factor, 3)) for one in answer.ranked for reason in one.reasons if reason.code == code}


def test_units_that_wait_at_bases_go_by_the_running_order_own_region_first_and_the_order_is_told():
    far = candidate("of the region", 200, region="r2", base_s=200)
    answer = order(candidate("second base", 170, base_s=170), candidate("first base", 150, base_s=150), far, rules=BY_BASE)
    assert answer.send == ("of the region", "first base")
    assert told(answer) == {"of the region": (1, 1.0), "first base": (2, 1.414), "second base": (3, 1.732)}
    assert told(answer, "own_region") == {}


def test_the_next_base_moves_up_when_nobody_of_the_first_is_free_and_units_of_one_base_share_its_place():
    out = candidate("out", 90, "on_scene", base_s=90)
    standing_by = [candidate(name, 150, base_s=150) for name in ("a", "b")]
    answer = order(out, *standing_by, candidate("c", 160, base_s=160), rules=BY_BASE)
    assert told(answer) == {"a": (1, 1.0), "b": (1, 1.0), "c": (2, 1.414)}
    counted = order(out, *standing_by, rules=BY_BASE._replace(states={**RULES.states, "on_scene": 3.0}))
    assert told(counted)["a"] == (1, 1.0) and [one.unit_id for one in counted.ranked] == ["a", "b", "out"]


def test_a_unit_away_from_its_base_keeps_its_base_s_place():
    answer = order(candidate("passing by", 100, base_s=400), candidate("at home", 130, base_s=130), rules=BY_BASE)
    assert told(answer) == {"at home": (1, 1.0), "passing by": (2, 1.414)} and answer.send == ("at home", "passing by")


def test_what_a_unit_has_only_today_counts_as_its_own():
    without, today = candidate("without", 100, can=("engine",)), candidate("today", 120, can=("engine",), has=("foam",))
    assert order(without, today).send[0] == "today"


def test_a_unit_serves_one_need_only():
    needs = [Need("engine", 1), Need("rescue", 1)]
    first, second = recommend(needs, [candidate("a", 100, can=("engine", "rescue"))], (), RULES)
    assert first.send == ("a",) and second.missing == 1 and second.refused == {"taken": 1}


def test_equal_units_keep_an_order_that_does_not_change():
    assert order(candidate("b", 100), candidate("a", 100)).send == ("a", "b")


NEVER = float("inf")


def test_the_least_total_and_the_least_worst_beat_taking_one_call_after_the_other():
    costs = [[10.0, 12.0, NEVER], [11.0, 100.0, NEVER], [50.0, NEVER, 60.0]]
    ways = greedy(costs), HungarianAssigner().least_total(costs), HungarianAssigner().least_worst(costs)
    one, total, worst = (plan_of(["i", "j", "k"], ["u", "v", "w"], costs, way) for way in ways)
    assert (one.sent, one.worst_s) == ({"i": "u", "j": "v", "k": "w"}, 100.0)
    assert total.sent == {"i": "v", "j": "u", "k": "w"} and total.total_s == 83.0
    assert worst.worst_s == 60.0


tables = st.integers(1, 5).flatmap(
    lambda many: st.lists(
        st.lists(st.one_of(st.integers(1, 90).map(float), st.just(NEVER)), min_size=many, max_size=many), min_size=1, max_size=5
    )
)


@given(tables)
def test_nobody_is_sent_twice_and_the_plans_are_never_worse_than_their_promise(costs):
    def served(way):
        return sum(column is not None for column in way)

    def plan(way):
        return plan_of([str(row) for row in range(len(costs))], [str(column) for column in range(len(costs[0]))], costs, way)

    one, total, worst = greedy(costs), HungarianAssigner().least_total(costs), HungarianAssigner().least_worst(costs)
    for way in (one, total, worst):
        sent = [column for column in way if column is not None]
        assert len(sent) == len(set(sent)) and all(costs[row][column] != NEVER for row, column in enumerate(way) if column is not None)
    assert served(total) == served(worst) >= served(one)
    assert plan(total).total_s <= plan(worst).total_s and plan(worst).worst_s <= plan(total).worst_s
    if served(one) == served(total):
        assert plan(total).total_s <= plan(one).total_s and plan(worst).worst_s <= plan(one).worst_s


class Corridor:
    """A road along which a degree takes 1000 s."""

    def to_place(self, place, origins, at, urgent):
        return [Arrival(abs(origin.lon - place.lon) * 1000, ROAD) for origin in origins]

    def reach(self, place, seconds, at, urgent):
        raise NotImplementedError


def standing(unit_id, lon, state="available"):
    return Standing(Unit(unit_id, unit_id, "crew", frozenset({"engine"}), lon, 23.0, "", "fire"), state, Point(lon, 23.0))


def test_a_call_is_answered_with_the_way_and_the_turnout_of_each_unit():
    rules = RULES._replace(states={"available": 1.0, "returning": 1.0})
    service = Recommender(Corridor(), HungarianAssigner(), rules, {"available": 60.0, "returning": 10.0})
    call = Call("i-1", Point(113.7, 23.0), (), [Need("engine", 1)])
    (answer,) = service.recommend(call, [standing("at home", 113.75), standing("rolling", 113.79, "returning")], 0)
    assert [(one.unit_id, round(one.seconds)) for one in answer.ranked] == [("rolling", 100), ("at home", 110)]


def test_a_unit_s_base_is_asked_for_its_own_way_to_the_place():
    service = Recommender(Corridor(), HungarianAssigner(), BY_BASE, {})
    call = Call("i-1", Point(113.7, 23.0), (), [Need("engine", 1)])
    moved = standing("from afar", 113.9)._replace(place=Point(113.71, 23.0))
    (answer,) = service.recommend(call, [standing("near base", 113.72), moved], 0)
    assert told(answer) == {"near base": (1, 1.0), "from afar": (2, 1.414)}
    assert answer.send == ("from afar",), "ten seconds beat twenty, running order and all"
    assert service.several([call], [standing("near base", 113.72), moved], 0).greedy.sent == {"i-1": "from afar"}


def test_two_calls_at_once_get_the_units_that_make_the_sum_least():
    service = Recommender(Corridor(), HungarianAssigner(), RULES, {})
    calls = [Call(name, Point(lon, 23.0), (), [Need("engine", 1)]) for name, lon in (("east", 113.72), ("west", 113.65))]
    plans = service.several(calls, [standing("a", 113.70), standing("b", 113.90), standing("c", 113.10, "on_scene")], 0)
    assert plans.greedy.sent == {"east": "a", "west": "b"} and plans.least_total.sent == {"east": "b", "west": "a"}
    assert plans.least_total.total_s < plans.greedy.total_s and plans.least_worst.worst_s <= plans.least_total.worst_s
