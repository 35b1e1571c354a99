"""San Francisco's unit responses: the state machine and the clocks take the whole file, and the recommendation beats the straight line."""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.sf_calls import City, moments, read_rows, read_stations, register, steps_of
from domain.units import IRREGULARITIES, STATES, clocks, irregular_run, replay

pytestmark = pytest.mark.real_data
ROOT = Path(__file__).resolve().parents[2]
RESPONSES = "fire_ems_unit_responses_20161231_20170104.csv"


@pytest.fixture(scope="module")
def sf(recorded: Path) -> Path:
    return recorded / "sf"


@pytest.fixture(scope="module")
def rows(sf: Path):
    return read_rows(sf / RESPONSES)


def test_every_row_goes_through_the_state_machine_and_what_breaks_a_rule_is_named(rows):
    steps = [step for _, _, step in sorted((one for row in rows for one in steps_of(row)), key=lambda one: one[:2])]
    units = replay(steps)
    irregular = Counter(code for _, odd in units.values() for _, code in odd)
    assert len(rows) == 4_794 and len(units) == len({row.unit for row in rows})
    assert {status.state for status, _ in units.values()} <= set(STATES) and set(irregular) <= set(IRREGULARITIES)
    assert irregular["assigned_before_free"] >= 6 and irregular["step_missing"] >= 935 - 130


def test_the_clocks_of_every_run_are_as_the_file_tells_them_and_never_negative(rows):
    runs = [clocks(row.times) for row in rows]
    odd = Counter(code for row in rows for code in irregular_run(row.times))
    assert all(ms >= 0 for run in runs for ms in run.values())
    assert sum("on_scene" not in row.times for row in rows) == 935 == len(rows) - sum("on_scene" in row.times for row in rows)
    travel = sorted(run["travel"] for run in runs if "travel" in run)
    turnout = sorted(run["turnout"] for run in runs if "turnout" in run)
    assert (travel[len(travel) // 2], turnout[len(turnout) // 2]) == (225_000, 47_000)
    assert odd["step_missing"] >= 935 - 130 and odd["never_ended"] == 4 and odd["times_equal"] > 0


def test_a_question_is_answered_with_what_was_known_before_it(rows, sf: Path):
    """A file that ends with the question gives the same standings as the whole file."""
    known = register(rows, read_stations(sf / "fire_stations_osm.geojson"))
    whole = list(moments(rows, City(known)))
    for asked in whole[300:1500:400]:
        past = [row._replace(times={state: at for state, at in row.times.items() if at <= asked.at}) for row in rows]
        cut = [row for row in past if row.times.get("assigned", asked.at + 1) < asked.at]
        city = City(known)
        for _, _, (step, als) in sorted(
            ((at, number, (step, row.als)) for row in cut for at, number, step in steps_of(row) if (at, number) < (asked.at, 1)),
            key=lambda one: one[:2],
        ):
            city.tell(step, als)
        assert city.standings(asked.kind, asked.at) == asked.standings


def test_the_recommendation_beats_the_straight_line_on_the_fifth_day(sf: Path, tmp_path: Path):
    with (sf / RESPONSES).open(encoding="utf-8-sig", newline="") as lines:
        header, *table = list(csv.reader(lines))
    day = header.index("Call Date")
    for name, wanted in (("train", False), ("test", True)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as out:
            csv.writer(out).writerows([header, *(row for row in table if (row[day] == "01/04/2017") is wanted)])
    files = {"train": tmp_path / "train.csv", "test": tmp_path / "test.csv"}
    files |= {"streets": sf / "street_segments.csv", "stations": sf / "fire_stations_osm.geojson"}
    command = [sys.executable, "bench/dispatch_sf.py", *(part for name, file in files.items() for part in (f"--{name}", str(file)))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    units, travel = found["station_units"], found["travel_time"]
    assert set(units) == {"n", "top1", "top3", "straight_top1", "straight_top3"} and units["n"] > 300
    assert set(travel) == {"n", "median_abs_error_s", "p90_abs_error_s", "straight_median_abs_error_s"} and travel["n"] > 300
    assert units["top1"] >= 0.82 > units["straight_top1"] and units["top3"] >= 0.975 > units["straight_top3"]
    assert travel["median_abs_error_s"] < 0.85 * travel["straight_median_abs_error_s"]
