"""upkeep.yaml and feed_health.yaml: what is shipped can be used, and what is wrong is told in one line."""

import pytest

from config.feed_health import load_feed_limits
from config.strict import FOLDER, ConfigError
from config.upkeep import check_upkeep, load_upkeep
from data_adapters.upkeep_wiring import upkeep_rules
from domain.clocks import Allowance
from domain.upkeep import rule_for
from tests.config.spoiling import assert_refused, changed


def test_the_rules_that_ship_fit_the_city_and_the_most_exact_one_applies(tmp_path):
    rules = upkeep_rules()
    feed = rule_for(rules, "feed", "native", "native")
    assert (feed.name, feed.down_for_s, feed.owner, feed.deadline) == ("feeds", 900, "role:data_steward", Allowance(8, "working_hours"))
    one = "buses:\n  kind: feed\n  things: [native]\n  down_for_s: 60\n  owner: user:li\n  vendor: 公交公司\n"
    text = (
        (FOLDER / "upkeep.yaml").read_text() + one + "  deadline: {amount: 1, unit: natural_hours}\n  reopen_within_s: 0\n  source: test\n"
    )
    (tmp_path / "upkeep.yaml").write_text(text)
    assert rule_for(load_upkeep(tmp_path), "feed", "native", "native").vendor == "公交公司"
    assert rule_for(load_upkeep(tmp_path), "feed", "ngsi", "ngsi").name == "feeds"
    assert rule_for(rules, "gateway", "g", "pump") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: feed", "kind: fed", "expected one of feed, gateway, camera"),
        ("owner: role:data_steward", "owner: role:king", "expected role:NAME"),
        ("amount: 8", "amount: 0", "a number above 0"),
        ("unit: working_hours", "unit: [working_hours]", "one of natural_hours"),
        ("working_hours", "hours", "one of natural_hours"),
        ("down_for_s: 900", "down_for_s: -1", "0 or more"),
        ("  source: demo profile (local)\n", "", "source: is missing"),
        ("  of: [gateway]\n", "", "of: is missing"),
        ("kind: camera", "kind: feed", "about the same ones"),
        ("kind: camera", "kind: camera\n  colour: red", "a known key"),
    ],
)
def test_a_wrong_rule_is_one_line_that_names_it(tmp_path, old, new, says):
    assert_refused(load_upkeep, tmp_path, ("upkeep.yaml", old, new), says)


def test_a_rule_about_what_there_is_not_stops_the_start(tmp_path):
    rules = load_upkeep(changed(tmp_path, "upkeep.yaml", "of: [gateway]", "of: [toaster]"))
    with pytest.raises(ConfigError, match="gateways: of: 'toaster': expected one of pump"):
        check_upkeep(rules, {"gateway": ["pump"]}, [])


@pytest.mark.parametrize(("old", "new", "says"), [("value: 0.5", "value: 1.5", "at most 1"), ("value: 10,", "value: ten,", "whole number")])
def test_a_wrong_limit_is_one_line(tmp_path, old, new, says):
    (tmp_path / "freshness.yaml").write_text((FOLDER / "freshness.yaml").read_text())
    assert_refused(load_feed_limits, tmp_path, ("feed_health.yaml", old, new), says)
