"""accounts.yaml is read strictly, and is the policy that signing in follows."""

from pathlib import Path

import pytest

from config.accounts import LIMITS, load_account_policy
from config.strict import FOLDER, ConfigError
from domain.sign_in import Policy

LINES = (FOLDER / "accounts.yaml").read_text(encoding="utf-8").splitlines()


def changed(folder: Path, name: str, line: str) -> Path:
    path = folder / "accounts.yaml"
    path.write_text("\n".join(line if old.startswith(f"{name}:") else old for old in LINES), encoding="utf-8")
    return path


def test_what_ships_asks_for_more_than_the_least() -> None:
    policy = load_account_policy()
    assert policy.shortest >= 8 and policy.kinds >= 2 and policy.change_after_days > 0
    assert policy.administrator_idle_minutes < policy.idle_minutes


@pytest.mark.parametrize("name", LIMITS)
def test_a_city_changes_each_value_within_its_limits(tmp_path: Path, name: str) -> None:
    low, high = LIMITS[name]
    for value in (low, high):
        path = changed(tmp_path, name, f"{name}: {{value: {value}, source: (local)}}")
        assert getattr(load_account_policy(path), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(ConfigError, match=f"accounts\\.yaml: {name}: value"):
            load_account_policy(changed(tmp_path, name, f"{name}: {{value: {value}, source: (local)}}"))


@pytest.mark.parametrize(
    "line", ["kinds: {value: 3}", "kinds: {value: many, source: x}", "kinds: {value: true, source: x}", "other: {}", ""]
)
def test_a_wrong_or_missing_entry_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r"accounts\.yaml"):
        load_account_policy(changed(tmp_path, "kinds", line))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Short-1", "length"),
        ("x" * 257, "length"),
        ("only lower case letters", "kinds"),
        ("ONLY-two-kinds", None),
        ("Zhangsan-2026!", "username"),
        ("with\ttab and More 1", "printable"),
        ("三个字以上的口令 With 1", None),
        ("Correct horse 7", None),
    ],
)
def test_a_password_is_refused_for_a_reason_that_has_a_name(password: str, code: str | None) -> None:
    flaw = Policy(shortest=12, kinds=3).flaw(password, "zhangsan")
    assert (flaw and flaw.code) == code


def test_a_wait_begins_after_the_free_failures_and_ends_at_the_longest() -> None:
    policy = Policy(free_failures=3, longest_wait_s=4)
    assert [policy.wait_after(n) for n in (2, 3, 4, 5, 6, 99)] == [0, 1000, 2000, 4000, 4000, 4000]


def test_a_password_grows_old_only_between_sessions() -> None:
    day = 86_400_000
    policy = Policy(change_after_days=90)
    assert not policy.outdated(0, 90 * day) and policy.outdated(0, 90 * day + 1)
    assert not Policy().outdated(0, 900 * day)
