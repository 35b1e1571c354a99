"""The mirror: counts by addition, scopes, and snapshot + deltas equal to the whole state for any history of writes."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from config.freshness import load_freshness
from services.mirror import Mirror
from services.scope import Scope
from tests.services.live_fakes import TREE, ScreenState, alarm, frame

ALL = Scope(frozenset(), frozenset())
EAST_WATER = Scope(frozenset({"east"}), frozenset({"water"}))

FRESHNESS = load_freshness()


def device(version, name="d1", place="tangxia|water", online=True, at=1000):
    values = {f"{place}|values": {name: {"level": [at, 1.5, "good"]}}, f"{place}|_about": {name: ["water_level", 60]}}
    return frame(version, values | {f"{place}|status": {name: online}})


def test_devices_and_alarms_are_counted_in_their_region_and_all_above():
    mirror = Mirror(device(1), TREE, FRESHNESS)
    mirror.apply(frame(2, {"tangxia|water|alarms": {"a1": alarm(severity="critical")}}))
    counts = mirror.counts_for(ALL)
    for region in ("tangxia", "east", "441900"):
        assert counts[region]["devices"] == counts[region]["online"] == 1
        assert counts[region]["alarms"]["critical"] == counts[region]["unacknowledged"] == 1
    assert "humen" not in counts


def test_cleared_alarm_stays_unacknowledged_but_is_no_longer_active():
    mirror = Mirror(frame(1, {"tangxia|water|alarms": {"a1": alarm()}}), TREE, FRESHNESS)
    mirror.apply(frame(2, {"tangxia|water|alarms": {"a1": alarm(state="cleared", cleared_at=2000)}}))
    assert mirror.counts_for(ALL)["tangxia"]["alarms"]["major"] == 0
    assert mirror.counts_for(ALL)["tangxia"]["unacknowledged"] == 1
    mirror.apply(frame(3, {"tangxia|water|alarms": {"a1": None}}))
    assert mirror.counts_for(ALL)["tangxia"]["unacknowledged"] == 0


def test_device_that_moves_is_counted_in_the_new_region_only_whatever_the_order_of_the_pieces():
    for reverse in (False, True):
        mirror = Mirror(device(1), TREE, FRESHNESS)
        mirror.judge_stale(10**12)
        pieces = {"tangxia|water|_about": {"d1": None}, "humen|water|_about": {"d1": ["water_level", 60]}}
        mirror.apply(frame(2, dict(reversed(pieces.items())) if reverse else pieces))
        mirror.judge_stale(10**12)
        counts = mirror.counts_for(ALL)
        assert (counts["tangxia"]["devices"], counts["tangxia"]["stale"]) == (0, 0)
        assert (counts["humen"]["devices"], counts["humen"]["stale"]) == (1, 1)


def test_device_is_stale_only_after_three_intervals():
    mirror = Mirror(device(1, at=1000), TREE, FRESHNESS)
    mirror.judge_stale(1000 + 180_000)
    assert mirror.counts_for(ALL)["tangxia"]["stale"] == 0
    mirror.judge_stale(1001 + 180_000)
    assert mirror.counts_for(ALL)["tangxia"]["stale"] == 1
    mirror.apply(device(2, at=200_000))
    mirror.judge_stale(1001 + 180_000)
    assert mirror.counts_for(ALL)["441900"]["stale"] == 0


def test_counts_of_a_limited_scope_leave_out_other_departments_and_regions_above():
    mirror = Mirror(device(1), TREE, FRESHNESS)
    mirror.apply(device(2, "d2", "tangxia|traffic"))
    mirror.apply(device(3, "d3", "humen|water"))
    assert {region: counts["devices"] for region, counts in mirror.counts_for(EAST_WATER).items()} == {"tangxia": 1, "east": 1}


def test_snapshot_of_a_scope_holds_its_pieces_and_city_wide_notes_only():
    mirror = Mirror(device(1), TREE, FRESHNESS)
    mirror.apply(device(2, "d2", "humen|water"))
    mirror.apply(frame(3, {"||ingest": {"lag_s": 1}}))
    names = set(mirror.snapshot(EAST_WATER))
    assert names == {"tangxia|water|values", "tangxia|water|status", "||ingest", "tangxia||counts", "east||counts"}


def test_region_tree_that_changes_moves_the_counts():
    mirror = Mirror(device(1), TREE, FRESHNESS)
    mirror.plant({**TREE, "tangxia": TREE["tangxia"]._replace(parent="humen")})
    assert mirror.counts_for(ALL)["humen"]["devices"] == 1
    assert mirror.counts_for(ALL).get("east", {"devices": 0})["devices"] == 0


PLACES = st.sampled_from(["tangxia|water", "humen|water", "tangxia|traffic", "|", "nowhere|water"])
WRITES = st.tuples(PLACES, st.sampled_from(["values", "status", "alarms", "vehicles", "_about"]), st.sampled_from("abc"), st.integers(0, 3))


def entry(section, place, n):
    region, _, department = place.partition("|")
    full = {"values": {"m": [n, n, "good"]}, "status": n == 1, "vehicles": {"lon": n}, "_about": ["kind", n]}
    full["alarms"] = alarm(region=region, department=department, severity=("major", "critical")[n % 2], state=("active", "cleared")[n // 2])
    return full[section]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WRITES, max_size=5), max_size=8), st.integers(0, 8))
def test_snapshot_and_deltas_equal_the_whole_state_for_two_scopes(history, joins):
    mirror, held = Mirror(frame(0, {}), TREE, FRESHNESS), {}
    screens = {ALL: ScreenState(), EAST_WATER: ScreenState()}
    for version, writes in enumerate(history, start=1):
        pieces = {}
        for place, section, key, n in writes:
            if (old := held.get((section, key))) and (old != place or n == 0):
                pieces.setdefault(f"{old}|{section}", {})[key] = None
            held[section, key] = place if n else None
            if n:
                pieces.setdefault(f"{place}|{section}", {})[key] = entry(section, place, n)
        change = frame(version, pieces)
        mirror.apply(change)
        for scope, screen in screens.items():
            seen = {name: json.loads(text) for name, text in change.pieces.items() if mirror.sees(scope, name)}
            seen |= {f"{code}||counts": counts for code, counts in mirror.counts_for(scope, changed_only=True).items()}
            if version > joins:
                screen.take("delta", {"pieces": seen})
            elif version == joins:
                screen.take("snapshot", {"pieces": {name: json.loads(text) for name, text in mirror.snapshot(scope).items()}})
        mirror.settle()
    if 0 < joins <= len(history):
        for scope, screen in screens.items():
            assert screen.pieces == {name: json.loads(text) for name, text in mirror.snapshot(scope).items()}


ABOUT, STATUS, VALUES, VEHICLES = (f"tangxia|water|{section}" for section in ("_about", "status", "values", "vehicles"))
MINUTE = 60_000


def online(pieces, now):
    mirror = Mirror(frame(1, pieces), TREE, FRESHNESS)
    mirror.judge_stale(now)
    return mirror.counts_for(ALL)["tangxia"]["online"]


def test_a_device_that_speaks_in_time_is_online_without_saying_so():
    spoken = {ABOUT: {"d": ["gas", 60]}, VALUES: {"d": {"lel": [1, 1.0, "good"]}}}
    assert online(spoken, 3 * MINUTE + 1) == 1
    assert online(spoken, 3 * MINUTE + 2) == 0


def test_the_last_will_counts_more_than_a_fresh_value():
    assert online({ABOUT: {"d": ["gas", 60]}, VALUES: {"d": {"lel": [0, 1.0, "good"]}}, STATUS: {"d": False}}, 1) == 0


def test_a_vehicle_is_online_by_its_positions():
    assert online({ABOUT: {"v": ["vehicle", 10]}, VEHICLES: {"v": {"at": MINUTE}}}, MINUTE + 30_000) == 1


def test_a_device_that_reports_on_change_is_online_while_it_says_so():
    assert online({ABOUT: {"c": ["camera", None]}, STATUS: {"c": True}}, 10 * MINUTE) == 1
    assert online({ABOUT: {"c": ["camera", None]}}, 10 * MINUTE) == 0
