"""Who may do what, and who sees what: roles give actions, a scope gives places."""

import pytest

from domain.access import ADMINISTRATORS, MAY, ROLES, Actor, roles_problem
from domain.registry import Region

REGIONS = {
    region.code: region
    for region in (
        Region("441900", "东莞市", None, "city"),
        Region("441900121", "虎门镇", "441900", "town"),
        Region("441900121201", "威远", "441900121", "village"),
        Region("441900119", "长安镇", "441900", "town"),
    )
}


def actor(*roles: str, regions: tuple[str, ...] = (), departments: tuple[str, ...] = ()) -> Actor:
    return Actor("someone", frozenset(roles), frozenset(regions), frozenset(departments))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str) -> None:
    assert {action for action in MAY if actor(role).may(action)} == {action for action, roles in MAY.items() if role in roles}


def test_every_action_can_be_done_by_somebody_and_only_known_roles_are_named() -> None:
    for roles in MAY.values():
        assert roles and roles <= frozenset(ROLES)


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(actor().may(action) for action in MAY)


def test_an_action_that_nobody_has_described_is_a_mistake_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        actor("operator").may("fly")


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_picture_and_their_roles_stand_alone(role: str) -> None:
    assert not actor(role).sees("441900", "water", REGIONS)
    assert roles_problem(frozenset({role})) is None
    for other in set(ROLES) - {role}:
        assert roles_problem(frozenset({role, other})) is not None


def test_no_administrator_can_do_another_ones_work() -> None:
    for action in ("create_user", "manage_users", "read_audit"):
        assert len(MAY[action]) == 1 and MAY[action] <= ADMINISTRATORS


def test_other_roles_may_be_held_together_and_unknown_ones_not_at_all() -> None:
    assert roles_problem(frozenset({"operator", "dispatcher"})) is None
    assert roles_problem(frozenset()) is None
    assert roles_problem(frozenset({"king"})) == "unknown role 'king'"


def test_an_empty_scope_covers_everything_also_places_the_register_does_not_know() -> None:
    assert actor("operator").sees("441900121", "water", REGIONS)
    assert actor("operator").sees("", "", REGIONS)


@pytest.mark.parametrize(
    ("region", "seen"),
    [("441900121", True), ("441900121201", True), ("441900", False), ("441900119", False), ("", False), ("999999", False)],
)
def test_a_region_covers_everything_below_it_and_nothing_beside_or_above(region: str, seen: bool) -> None:
    assert actor("operator", regions=("441900121",)).sees(region, "water", REGIONS) is seen


def test_region_and_department_must_both_fit() -> None:
    narrow = actor("leader", regions=("441900121", "441900119"), departments=("water",))
    assert narrow.sees("441900119", "water", REGIONS)
    assert not narrow.sees("441900119", "fire", REGIONS)
    assert not narrow.sees("441900", "water", REGIONS)
